"""Rules about the settings that switch Plugin_Remote off."""

from typing import Final

from mdxdash.doctor.diagnosis import Diagnosis
from mdxdash.doctor.rule import Rule, RuleContext
from mdxdash.doctor.setting_names import DISABLED, ENABLED, EXCLUDED
from mdxdash.language.translation import N_


def _disabled(context: RuleContext) -> Diagnosis | None:
    if _enabled(context):
        return None
    listed = _names(context.value(DISABLED))
    if "Remote" not in listed and context.value(DISABLED) != "ALL":
        return None
    text = N_(
        "{setting}={value} keeps Plugin_Remote from being loaded. "
        "Take Remote off the list, or name it in {other}, which wins."
    ).format(setting=DISABLED, value=context.value(DISABLED), other=ENABLED)
    return context.diagnosis("D111", "error", DISABLED, text, (_enabling(context),), (EXCLUDED,))


def _excluded(context: RuleContext) -> Diagnosis | None:
    if _enabled(context) or context.value(EXCLUDED) not in ("yes", "true"):
        return None
    text = N_("{setting}={value} keeps Plugin_Remote from being loaded.").format(
        setting=EXCLUDED, value=context.value(EXCLUDED)
    )
    return context.diagnosis("D112", "error", EXCLUDED, text, ((EXCLUDED, "no"),))


def _enabled(context: RuleContext) -> bool:
    return context.value(ENABLED) == "ALL" or "Remote" in _names(context.value(ENABLED))


def _names(text: str) -> list[str]:
    return text.split(",")


def _enabling(context: RuleContext) -> tuple[str, str]:
    others = context.value(ENABLED)
    kept = "" if others in ("", "NONE") else f"{others},"
    return ENABLED, f"{kept}Remote"


PLUGIN_RULES: Final = (
    Rule(
        "D111",
        f"Plugin_Remote disabled by {DISABLED}",
        f"The plugin that connects is not loaded if this list holds Remote, or is ALL, unless "
        f"{ENABLED} names it.",
        _disabled,
    ),
    Rule(
        "D112",
        f"Plugin_Remote disabled by {EXCLUDED}",
        f"The plugin that connects is not loaded if this is `yes` or `true`, unless {ENABLED} "
        f"names it.",
        _excluded,
    ),
)
