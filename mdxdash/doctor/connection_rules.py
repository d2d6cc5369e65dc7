"""Rules about how Plugin_Remote connects: its mode, its retries, its log."""

from typing import Final

from mdxdash.doctor.diagnosis import Diagnosis
from mdxdash.doctor.mdf_file import leading_number
from mdxdash.doctor.rule import Rule, RuleContext
from mdxdash.doctor.setting_names import ALL_LOG, FEW_RETRIES, MANY_RETRIES, RETRIES, TCP_MODES
from mdxdash.language.translation import N_


def _tcp_beside(context: RuleContext) -> Diagnosis | None:
    given = [key for key in TCP_MODES if context.value(key, "false") != "false"]
    if not given:
        return None
    text = N_(
        "{given}={value} turns on the TCP/IP connection beside the WebSocket "
        "(anything but `false` does), and the two do not work together."
    ).format(given=given[0], value=context.value(given[0]))
    return context.diagnosis(
        "D151", "error", given[0], text, tuple((key, "false") for key in given)
    )


def _retries(context: RuleContext) -> Diagnosis | None:
    value = context.value(RETRIES, "0")
    count = leading_number(value)
    if count >= FEW_RETRIES:
        return None
    if context.mdf.find(RETRIES) is None:
        text = N_("Without {setting} the agent tries once").format(setting=RETRIES)
    else:
        text = N_("{setting}={value}: the agent gives up after {count:g} s").format(
            setting=RETRIES, value=value, count=count / 2
        )
    text += N_(": it must be started after mdxdash, and does not come back.")
    return context.diagnosis("D161", "warning", RETRIES, text, ((RETRIES, MANY_RETRIES),))


def _all_log(context: RuleContext) -> Diagnosis | None:
    value = context.value(ALL_LOG, "false")
    if value == "false":
        return None
    text = N_(
        "{setting}={value} (anything but `false`): the agent sends its log lines instead of its "
        "messages. mdxdash understands both; an echo then comes as a log line."
    ).format(setting=ALL_LOG, value=value)
    return context.diagnosis("D171", "note", ALL_LOG, text)


CONNECTION_RULES: Final = (
    Rule(
        "D151",
        "TCP/IP settings beside the WebSocket ones",
        "They turn on another connection, which does not work together with the WebSocket.",
        _tcp_beside,
    ),
    Rule(
        "D161",
        "no retries, or few",
        f"Attempts are half a second apart, and {RETRIES} is how many follow the first; without "
        f"it none. The agent then connects only if mdxdash is there already, and does not come "
        f"back after a loss.",
        _retries,
    ),
    Rule(
        "D171",
        "the agent's log instead of its messages",
        f"With {ALL_LOG} the agent connects, and sends its log lines; mdxdash understands both.",
        _all_log,
    ),
)
