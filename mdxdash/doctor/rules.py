"""The rules of the `.mdf` doctor: each looks at the settings as the program has them, and says at
most one thing. Pure.
"""

import difflib
import re
from typing import Final

from mdxdash.doctor.diagnosis import HOST, PATH, PORT, CutLine, Diagnosis, ExampleCase
from mdxdash.doctor.mdf_file import BYTE_ORDER_MARK, variables
from mdxdash.hub.address import PATH_SUFFIX

RETRIES: Final = "Plugin_Remote_RetryCount"
ALL_LOG: Final = "Plugin_Remote_AllLog"
DISABLED: Final = "disablePlugin"
ENABLED: Final = "enablePlugin"
EXCLUDED: Final = "exclude_Plugin_Remote"
TCP_MODES: Final = (
    "Plugin_Remote_EnableServer",
    "Plugin_Remote_EnableClient",
    "Plugin_Remote_ServerMode",
    "Plugin_Remote_ClientMode",
)

MANY_RETRIES: Final = "100000"
FEW_RETRIES: Final = 100
"""Retries are half a second apart: fewer than these are over within a minute."""

_OURS: Final = (HOST, PORT, PATH, RETRIES, ALL_LOG, DISABLED, ENABLED, EXCLUDED, *TCP_MODES)


def byte_order_mark(case: ExampleCase) -> Diagnosis | None:
    first = case.content.settings[0] if case.content.settings else None
    if first is None or first.line != 1 or not first.key.startswith("\ufeff"):
        return None
    key = first.key[1:]
    if key not in _OURS or case.content.find(key) is not None:
        return None
    text = (
        f"A byte order mark stands before {key}, which makes it a setting that nobody knows. "
        f"Save the file as UTF-8 without a byte order mark, or begin it with an empty line."
    )
    cut = CutLine(0, len(BYTE_ORDER_MARK))
    return Diagnosis("D103", "error", text, (key,), case.content.name, first.line, cuts=(cut,))


def misspelt(case: ExampleCase) -> Diagnosis | None:
    wanted = {**case.wanted.settings, RETRIES: MANY_RETRIES}
    for setting in case.content.settings:
        key = _meant(setting.key)
        if key is None or case.mdf.find(key) is not None or key not in wanted:
            continue
        text = f"{setting.key!r} is no setting; {key!r} is (case and spaces count)."
        sets = ((key, wanted[key]),)
        return Diagnosis("D104", "error", text, (key,), case.content.name, setting.line, sets)
    return None


def _meant(key: str) -> str | None:
    """The setting that a key nobody knows was probably meant to be."""
    if key in _OURS:
        return None
    trimmed = key.strip().lower()
    known = {name.lower(): name for name in _OURS}
    nearest = difflib.get_close_matches(trimmed, known, n=1, cutoff=0.93)
    return known[nearest[0]] if nearest else None


def unknown_variable(case: ExampleCase) -> Diagnosis | None:
    for key, value in case.wanted.settings.items():
        found = case.mdf.find(key)
        names = variables(found[1].value) if found else []
        missing = [name for name in names if not case.mdf.environ.get(name)]
        if missing:
            text = (
                f"{key} asks for the environment variable {missing[0]}, which is not set here. "
                f"Set it where the agent is started, or write the value."
            )
            return case.says("D105", "error", key, text, ((key, value),))
    return None


def disabled(case: ExampleCase) -> Diagnosis | None:
    if _enabled(case):
        return None
    listed = _names(case.value(DISABLED))
    if "Remote" not in listed and case.value(DISABLED) != "ALL":
        return None
    text = (
        f"{DISABLED}={case.value(DISABLED)} keeps Plugin_Remote from being loaded. "
        f"Take Remote off the list, or name it in {ENABLED}, which wins."
    )
    return case.says("D111", "error", DISABLED, text, (_enabling(case),), (EXCLUDED,))


def excluded(case: ExampleCase) -> Diagnosis | None:
    if _enabled(case) or case.value(EXCLUDED) not in ("yes", "true"):
        return None
    text = f"{EXCLUDED}={case.value(EXCLUDED)} keeps Plugin_Remote from being loaded."
    return case.says("D112", "error", EXCLUDED, text, ((EXCLUDED, "no"),))


def _enabled(case: ExampleCase) -> bool:
    return case.value(ENABLED) == "ALL" or "Remote" in _names(case.value(ENABLED))


def _names(text: str) -> list[str]:
    return text.split(",")


def _enabling(case: ExampleCase) -> tuple[str, str]:
    others = case.value(ENABLED)
    kept = "" if others in ("", "NONE") else f"{others},"
    return ENABLED, f"{kept}Remote"


def no_host(case: ExampleCase) -> Diagnosis | None:
    if case.value(HOST):
        return None
    text = f"Without {HOST} the agent dials nobody."
    wanted = case.wanted.settings
    if _retry_count(case) < FEW_RETRIES:
        wanted[RETRIES] = MANY_RETRIES
    sets = tuple((key, value) for key, value in wanted.items() if case.value(key) != value)
    return case.says("D121", "error", HOST, text, sets, (PORT, PATH, RETRIES))


def host_is_url(case: ExampleCase) -> Diagnosis | None:
    host = case.value(HOST)
    if "/" not in host and not re.fullmatch(r"[^:\[\]]+:\d+", host):
        return None
    text = f"{HOST}={host}: expected only a name or address, such as {case.wanted.hosts[0]}."
    return case.says("D122", "error", HOST, text, ((HOST, case.wanted.hosts[0]),))


def other_host(case: ExampleCase) -> Diagnosis | None:
    host = case.value(HOST)
    if host.lower() in (name.lower() for name in case.wanted.hosts):
        return None
    why = " (a space belongs to the name)" if host != host.strip() else ""
    text = f"{HOST}={host}{why}, but this mdxdash is at {case.wanted.hosts[0]}."
    return case.says("D123", "error", HOST, text, ((HOST, case.wanted.hosts[0]),))


def no_port(case: ExampleCase) -> Diagnosis | None:
    if case.mdf.find(PORT) is not None or case.wanted.port == 80:
        return None
    text = f"Without {PORT} the agent dials port 80; this mdxdash is at port {case.wanted.port}."
    return case.says("D131", "error", PORT, text, ((PORT, str(case.wanted.port)),))


def secure_port(case: ExampleCase) -> Diagnosis | None:
    if _port(case) != 443 or case.wanted.tls:
        return None
    text = (
        "At port 443 the agent speaks TLS (wss://), which this mdxdash does not: give it "
        "--tls-cert and --tls-key (`mdxdash cert` makes a pair), or let the agent dial "
        f"port {case.wanted.port}."
    )
    sets = () if case.wanted.port == 443 else ((PORT, str(case.wanted.port)),)
    return case.says("D132", "error", PORT, text, sets)


def insecure_port(case: ExampleCase) -> Diagnosis | None:
    if _port(case) == 443 or not case.wanted.tls:
        return None
    text = (
        f"This mdxdash speaks TLS, which the agent does at port 443 only; it dials port "
        f"{case.value(PORT, '80')}."
    )
    if case.wanted.port != 443:
        text += " Start mdxdash with --port 443, or let another port 443 lead to it."
    sets = ((PORT, "443"),) if case.wanted.port == 443 else ()
    return case.says("D133", "error", PORT, text, sets)


def other_port(case: ExampleCase) -> Diagnosis | None:
    if _port(case) == case.wanted.port:
        return None
    text = f"{PORT}={case.value(PORT)}, but this mdxdash is at port {case.wanted.port}."
    return case.says("D134", "error", PORT, text, ((PORT, str(case.wanted.port)),))


def _port(case: ExampleCase) -> int:
    return _number(case.value(PORT, "80"))


def _retry_count(case: ExampleCase) -> int:
    return _number(case.value(RETRIES, "0"))


def _number(text: str) -> int:
    """The number that C's `atoi` reads."""
    found = re.match(r"[ \t\v\f]*([+-]?[0-9]{1,9})", text)
    return int(found[1]) if found else 0


def no_path(case: ExampleCase) -> Diagnosis | None:
    if case.mdf.find(PATH) is not None or case.wanted.path == "/":
        return None
    text = f"Without {PATH} the agent asks for /; the path here is {case.wanted.shown_path}."
    return case.says("D141", "error", PATH, text, ((PATH, case.wanted.path),))


def relative_path(case: ExampleCase) -> Diagnosis | None:
    path = case.value(PATH, "/")
    if path.startswith("/"):
        return None
    text = f"{PATH} does not begin with /; the path here is {case.wanted.shown_path}."
    return case.says("D142", "error", PATH, text, ((PATH, case.wanted.path),))


def other_path(case: ExampleCase) -> Diagnosis | None:
    path = case.value(PATH, "/")
    if path.startswith(case.wanted.path) and PATH_SUFFIX.fullmatch(path, len(case.wanted.path)):
        return None
    if case.wanted.shown_path != case.wanted.path:
        text = f"{PATH} is not this mdxdash's path with its secret, {case.wanted.shown_path}."
    else:
        text = f"{PATH}={path}, but the path here is {case.wanted.path}."
    return case.says("D143", "error", PATH, text, ((PATH, case.wanted.path),))


def tcp_beside(case: ExampleCase) -> Diagnosis | None:
    given = [key for key in TCP_MODES if case.value(key, "false") != "false"]
    if not given:
        return None
    text = (
        f"{given[0]}={case.value(given[0])} turns on the TCP/IP connection beside the WebSocket "
        f"(anything but `false` does), and the two do not work together."
    )
    return case.says("D151", "error", given[0], text, tuple((key, "false") for key in given))


def retries(case: ExampleCase) -> Diagnosis | None:
    text, count = case.value(RETRIES, "0"), _retry_count(case)
    if count >= FEW_RETRIES:
        return None
    if case.mdf.find(RETRIES) is None:
        said = f"Without {RETRIES} the agent tries once"
    else:
        said = f"{RETRIES}={text}: the agent gives up after {count / 2:g} s"
    said += ": it must be started after mdxdash, and does not come back."
    return case.says("D161", "warning", RETRIES, said, ((RETRIES, MANY_RETRIES),))


def all_log(case: ExampleCase) -> Diagnosis | None:
    value = case.value(ALL_LOG, "false")
    if value == "false":
        return None
    text = (
        f"{ALL_LOG}={value} (anything but `false`): the agent sends its log lines instead of its "
        f"messages. mdxdash understands both; an echo then comes as a log line."
    )
    return case.says("D171", "note", ALL_LOG, text)
