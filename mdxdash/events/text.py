"""An event as a line of text for a terminal or a file, and the parts of that line."""

from datetime import datetime
from typing import Final

from mdxdash.events.event import LAST_TIME, Event
from mdxdash.events.printable import printable
from mdxdash.language.translation import N_

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
"""The signs of events that concern the upstream (`Event.via`): a double arrow goes between agent
and upstream, a single one begins or ends at mdxdash."""

SIGN_MEANINGS: Final = {
    "←": N_("received from an agent"),
    "→": N_("sent to an agent by mdxdash"),
    "·": N_("a line of an agent's log"),
    "●": N_("an agent connected"),
    "○": N_("an agent disconnected"),
    "✕": N_("a connection was refused, or a message was not sent"),
    "!": "a fault",
    "⇐": N_("relayed from an agent to the server behind mdxdash"),
    "⇒": N_("relayed from the server behind mdxdash to an agent"),
    "◆": N_("the server behind mdxdash connected for an agent"),
    "◇": N_("the server behind mdxdash disconnected from an agent"),
    "✓ 3 ms": N_("acknowledged: the echo came back after 3 ms"),
    "no echo": N_("no echo came in time"),
    "echo": N_("a sent message that came back"),
    "cut": N_("the rest of a message that was too long is missing"),
}
"""What each sign of an event and each of its marks means, for help and documentation."""

_RELAY_DIRECTIONS: Final = {"received": "agent → server", "sent": "server → agent"}

# The first time that `datetime.fromtimestamp` takes on every system, in every time zone.
_FIRST_TIME: Final = 86_400.0


def local_time(time: float) -> datetime:
    """Returns the local date and time of a Unix time. One that no calendar has, as in a damaged
    recording, becomes the nearest possible."""
    return datetime.fromtimestamp(min(max(time, _FIRST_TIME), LAST_TIME))


def clock(time: float) -> str:
    """Returns the local time of day, with milliseconds: `12:30:01.123`."""
    # A fourth of the time that `strftime` takes; each row of the stream asks for it.
    return local_time(time).isoformat(timespec="milliseconds")[11:]


def payload(event: Event) -> str:
    """Returns the event's message, or its text, as it came (not made printable)."""
    if event.kind == "log":
        return event.text
    if event.type:
        message = f"{event.type}|{event.args}" if event.args else event.type
        return f"{message}  ({event.text})" if event.text else message
    return event.text


def sign(event: Event) -> str:
    """Returns the sign of what happened."""
    return (event.via and SERVER_SIGNS.get(event.kind)) or SIGNS[event.kind]


def relay_direction(event: Event) -> str:
    """Returns the direction of a relayed message: `agent → server`; empty for other events."""
    return _RELAY_DIRECTIONS.get(event.kind, "") if event.via else ""


def log_prefix(event: Event) -> str:
    """Returns module and level of a log line: `VIManager: Captured: `; empty for other events."""
    if event.kind != "log":
        return ""
    return f"{event.module}: {event.level}: " if event.level else f"{event.module}: "


def marks(event: Event) -> str:
    """Returns the marks of an event in words and signs: `✓ 12 ms`, `no echo`, `echo`, `cut`."""
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
    """Returns the event as one printable line: date, time, sign, agent, payload; no newline."""
    when = local_time(event.time).isoformat(" ", "milliseconds")
    shown = printable(log_prefix(event) + payload(event))
    suffix = marks(event)
    return f"{when} {sign(event)} {printable(event.agent) or '-'} {shown}" + (
        f"  [{suffix}]" if suffix else ""
    )
