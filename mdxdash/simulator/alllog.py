"""The agent's log as `Plugin_Remote_AllLog=true` sends it: one line a frame, two newlines each."""

from datetime import datetime, timedelta

from mdxdash.simulator.behavior import LogLine

TICKS_A_SECOND = 5_000_000
"""The rate of the tick count in log lines."""

_ISSUERS = {
    "VALUE_EVENT": "Variables",
    "TIMER_EVENT": "Variables",
    "SYNTH_EVENT": "Open_JTalk",
    "LIPSYNC_START": "Open_JTalk",
    "LIPSYNC_STOP": "Open_JTalk",
    "RECOG_EVENT": "Julius",
    "SOUND_EVENT": "Audio",
    "TEXTAREA_EVENT": "TextArea",
    "SUBFST_EVENT": "VIManager",
    "AVATAR": "Remote",
}
_LISTENERS = {
    "VALUE_": "Variables",
    "TIMER_": "Variables",
    "SYNTH_": "Open_JTalk",
    "SOUND_": "Audio",
    "TEXTAREA_": "TextArea",
    "SUBFST_": "VIManager",
}


def message_lines(line: str, module: str) -> list[LogLine]:
    """Return the two log lines of a message: the module that sent it, and the one that captured it.

    `module` is the sender; if it is empty, it is derived from the message's type.
    """
    type_ = line.partition("|")[0]
    listener = "VIManager" if "_EVENT" in type_ else _owner(type_, _LISTENERS, "MMDAgent")
    issuer = "MMDAgent" if "_EVENT" in type_ else "VIManager"
    if type_.startswith("PLUGIN_EVENT"):
        issuer = line.partition("|")[2]
    sender = module or _owner(type_, _ISSUERS, issuer)
    return [LogLine(sender, "Sent", line), LogLine(listener, "Captured", line)]


def _owner(type_: str, owners: dict[str, str], otherwise: str) -> str:
    for prefix, owner in owners.items():
        if type_.startswith(prefix):
            return owner
    return otherwise


def format_log(line: LogLine, wall: datetime, seconds: float) -> str:
    """Return a frame's text: `line`, logged `seconds` after the date and time `wall`."""
    moment = wall + timedelta(seconds=seconds)
    date = f"{moment:%Y/%m/%d %H:%M:%S}.{moment.microsecond // 1000:03d}"
    ticks = int(seconds * TICKS_A_SECOND)
    return f"[{date}] [{ticks}] {line.module}: {line.level}: {line.text}\n\n"
