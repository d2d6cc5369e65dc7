"""Events to match, and filters that match them at a fixed time, in UTC, without a time limit."""

from mdxdash.events.event import Event
from mdxdash.filters.filter import Context, parse

NOW = 1_000_000.0
"""1970-01-12 13:46:40 UTC."""

CONTEXT = Context(now=lambda: NOW, marked={7}, offset=lambda time: 0.0, budget=None)


def received(line: str = "", **fields: object) -> Event:
    """The event of a message, received now unless the fields differ."""
    type_, _, args = line.partition("|")
    values = {"seq": 1, "time": NOW, "kind": "received", "agent": "chat"} | fields
    return Event(type=type_, args=args, **values)  # type: ignore[arg-type]


def logged(level: str, text: str = "", line: str = "") -> Event:
    """The event of a log line."""
    return received(line, kind="log", level=level, text=text, module="VIManager")


def passes(text: str, event: Event) -> bool:
    """Whether an event passes the filter of a text."""
    return parse(text).compile(CONTEXT)(event)
