"""An event as text: one line for a terminal or a file, one line of JSON.

What the network sent is made inert here, for everyone who shows it: control characters, escape
sequences and the invisible characters that turn text around are displayed, never obeyed.
"""

import re
from datetime import datetime
from typing import Final

import msgspec

from mdxdash.events.event import Event

SIGNS: Final = {
    "received": "←",
    "sent": "→",
    "log": "·",
    "connected": "●",
    "disconnected": "○",
    "refused": "✕",
    "fault": "!",
}
"""One sign a kind, the same on the screen and in text."""

SERVER_SIGNS: Final = {"received": "⇐", "sent": "⇒", "connected": "◆", "disconnected": "◇"}
"""Where the user's own server is concerned (`Event.via`): an arrow with two lines goes all the way
between agent and server, one with a single line begins or ends at mdxdash."""

_WAYS: Final = {"received": "agent → server", "sent": "server → agent"}

# Controls, surrogates, line and paragraph separators; soft hyphen, zero-width and bidi controls,
# invisible operators, byte order mark, interlinear marks, tag characters.
_ACTIVE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u180e\u200b-\u200f\u2028-\u202e"
    r"\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)

# What `fromtimestamp` takes on every system: from 1970 to a day before the year 10000.
_FIRST_TIME, _LAST_TIME = 86_400.0, 253_402_128_000.0

_encoder = msgspec.json.Encoder()


def inert(text: str) -> str:
    """The text with nothing left in it that a terminal or a text layout obeys.

    C0 controls become their pictures (`␛`), others their number (`<U+202E>`).
    """
    # Nearly all text is printable, and asking costs a tenth of searching.
    return text if text.isprintable() else _ACTIVE.sub(_visible, text)


def inert_characters(text: str) -> str:
    """The same, with a single character for each of the text's, for a field whose cursor counts
    them: what has no picture becomes `�`."""
    return text if text.isprintable() else _ACTIVE.sub(_visible_character, text)


def _visible_character(found: re.Match[str]) -> str:
    shown = _visible(found)
    return shown if len(shown) == 1 else "�"


def _visible(found: re.Match[str]) -> str:
    code = ord(found.group())
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"<U+{code:04X}>"


def local_time(time: float) -> datetime:
    """The local date and time. A time that no calendar has, from a damaged recording, becomes the
    nearest that has one."""
    return datetime.fromtimestamp(min(max(time, _FIRST_TIME), _LAST_TIME))


def clock(time: float) -> str:
    """The local time of day, with milliseconds: `12:30:01.123`."""
    return local_time(time).strftime("%H:%M:%S.%f")[:-3]


def payload(event: Event) -> str:
    """What the event says, as it came: its message, or its text."""
    if event.kind == "log":
        return event.text
    if event.type:
        message = f"{event.type}|{event.args}" if event.args else event.type
        return f"{message}  ({event.text})" if event.text else message
    return event.text


def sign(event: Event) -> str:
    """The sign of what happened."""
    return (event.via and SERVER_SIGNS.get(event.kind)) or SIGNS[event.kind]


def way(event: Event) -> str:
    """From where to where a message went through a relay: `agent → server`; empty otherwise."""
    return _WAYS.get(event.kind, "") if event.via else ""


def log_prefix(event: Event) -> str:
    """Who wrote a log line, at what level: `VIManager: Captured: `; empty for other events."""
    return f"{event.module}: {event.level}: " if event.kind == "log" else ""


def marks(event: Event) -> str:
    """The marks of an event in words and signs: `✓ 12 ms`, `no echo`, `echo`, `cut`."""
    found = []
    if event.echo is not None:
        found.append("echo")
    elif event.round_trip is not None:
        found.append(f"✓ {event.round_trip * 1000:.0f} ms")
    if event.lost:
        found.append("no echo")
    if event.cut:
        found.append("cut")
    return " ".join(found)


def text_line(event: Event) -> str:
    """The event as one inert line without its newline: date, time, sign, agent, what it says."""
    when = local_time(event.time).isoformat(" ", "milliseconds")
    said = inert(log_prefix(event) + payload(event))
    noted = marks(event)
    return f"{when} {sign(event)} {inert(event.agent) or '-'} {said}" + (
        f"  [{noted}]" if noted else ""
    )


def json_line(event: Event) -> bytes:
    """The event as one line of JSON in UTF-8, newline included; the keys are the field names."""
    return _encoder.encode(event) + b"\n"
