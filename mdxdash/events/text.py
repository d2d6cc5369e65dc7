"""An event as a line of text for a terminal or a file, and the parts of that line."""

from datetime import datetime
from typing import Final

from mdxdash.events.event import Event
from mdxdash.events.printable import printable

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

# What `fromtimestamp` takes on every system: from 1970 to a day before the year 10000.
_FIRST_TIME, _LAST_TIME = 86_400.0, 253_402_128_000.0


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
    """The event as one printable line, without newline: date, time, sign, agent, payload."""
    when = local_time(event.time).isoformat(" ", "milliseconds")
    said = printable(log_prefix(event) + payload(event))
    noted = marks(event)
    return f"{when} {sign(event)} {printable(event.agent) or '-'} {said}" + (
        f"  [{noted}]" if noted else ""
    )
