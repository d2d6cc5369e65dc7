"""Keeps a log as a hub's log is: the same numbers, counts and marks."""

from collections.abc import Sequence

from mdxdash.events.event import Event, is_same
from mdxdash.events.log import EventLog
from mdxdash.remote.attached.origin import Origin
from mdxdash.remote.protocol import Behind, Changed, Marked, Welcome


class OtherSession(Exception):
    """The hub has begun a new session, or goes on from an earlier event: what is in the log is no
    part of it."""


class LogMirror:
    """Fills a log that nobody else appends to."""

    def __init__(self, log: EventLog) -> None:
        self.log = log
        self._origin = Origin()

    @property
    def after(self) -> int:
        """The `seq` after which events are wanted. Of what is in memory the last one is wanted
        again: if it is another one then, the session is another one."""
        newest = self.log.next_seq - 1
        return newest - 1 if newest in self.log else newest

    def begin(self, welcome: Welcome) -> None:
        """Takes over the counts and marks. Raises `OtherSession`."""
        log = self.log
        if welcome.next_seq < log.next_seq:
            raise OtherSession
        log.skip_to(max(log.next_seq, welcome.first_sent))
        log.restore_counts(welcome.counts, welcome.next_seq)
        for seq in log.marked ^ set(welcome.marked):
            self.mark(Marked(seq, seq not in log.marked))

    def take(self, events: Sequence[Event]) -> None:
        """Takes the next events. Raises `OtherSession` if the first is there already, but
        another."""
        log = self.log
        while events and events[0].seq < log.next_seq:
            known = log.slice(events[0].seq, events[0].seq + 1)
            if known and not is_same(known[0], events[0]):
                raise OtherSession
            events = events[1:]
        if events:
            log.skip_to(events[0].seq)
            log.extend(events)

    def skip(self, behind: Behind) -> None:
        """Leaves out events that nobody has any more."""
        if behind.last >= self.log.next_seq:
            self.log.skip_to(behind.last + 1)

    def change(self, changed: Changed) -> None:
        """Takes over that an event was acknowledged or lost."""
        if changed.lost:
            self.log.lose(changed.seq)
        elif changed.round_trip is not None:
            self.log.acknowledge(changed.seq, changed.round_trip)

    def mark(self, marked: Marked) -> None:
        """Takes over a mark of the hub."""
        with self._origin.hub():
            self.log.set_mark(marked.seq, marked.on)

    @property
    def marks_from_hub(self) -> bool:
        """Whether the mark that subscribers are called with now came from the hub."""
        return self._origin.is_hub
