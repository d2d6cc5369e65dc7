"""Keeps in mind from where on the log is a recording of what is done by hand."""

from collections.abc import Callable

from mdxdash.events.event import Event
from mdxdash.events.log import EventLog


class Recorder:
    """A recording is the part of the log since it began; what the log lets go of meanwhile, in a
    very long one, is not in it."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._start: int | None = None
        self._unsubscribe: Callable[[], None] = lambda: None
        self.commands = 0
        """Sent since it began, to all agents together."""

    @property
    def recording(self) -> bool:
        return self._start is not None

    def start(self) -> None:
        """Begins with the next event."""
        self._start = self._log.next_seq
        self.commands = 0
        self._unsubscribe = self._log.subscribe(self._hear)

    def stop(self) -> list[Event]:
        """Ends; gives all that happened meanwhile, but for what others sent."""
        assert self._start is not None
        self._unsubscribe()
        start, self._start = self._start, None
        return [event for event in self._log.slice(start, self._log.next_seq) if _by_hand(event)]

    def _hear(self, event: Event) -> None:
        self.commands += event.kind == "sent" and _by_hand(event)


def _by_hand(event: Event) -> bool:
    """Not sent by the server behind the hub (what is received may go on there, and counts), by a
    macro or by another program."""
    return event.kind != "sent" or not (event.via or event.by)
