"""Records what is done by hand, so that a macro can be made of it (see `from_events`)."""

from collections.abc import Callable
from typing import Final

from mdxdash.events.event import Event
from mdxdash.events.log import EventLog

_PEOPLE: Final = frozenset({"", "attach", "web"})
"""Senders behind which a person sits: at this dashboard, or at one in another process, whose name
may end with a number."""


class MacroRecorder:
    """Remembers where in the log a recording began. Events that the log drops meanwhile, in a very
    long recording, are not in it."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._start: int | None = None
        self._unsubscribe: Callable[[], None] = lambda: None
        self.commands = 0
        """Commands that were sent by hand since it began, to all agents together."""

    @property
    def recording(self) -> bool:
        """Whether it has begun and not ended."""
        return self._start is not None

    def start(self) -> None:
        """Begins with the next event."""
        self._start = self._log.next_seq
        self.commands = 0
        self._unsubscribe = self._log.subscribe(self._count)

    def stop(self) -> list[Event]:
        """Ends, and returns all events since it began except what others sent."""
        assert self._start is not None
        self._unsubscribe()
        start, self._start = self._start, None
        return [event for event in self._log.slice(start, self._log.next_seq) if _by_hand(event)]

    def _count(self, event: Event) -> None:
        self.commands += event.kind == "sent" and _by_hand(event)


def _by_hand(event: Event) -> bool:
    """Whether it was not sent by the user's own server, by a macro or by another program. What was
    received counts, also where a relay forwards it."""
    return event.kind != "sent" or (not event.via and event.by.partition("-")[0] in _PEOPLE)
