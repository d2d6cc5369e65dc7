"""The events that wait to be published: bounded, in order, given out in rounds. Pure.

A round is what has come since the one before, as batches of one agent each. What is published and
not confirmed yet is kept, and put back when the broker is away. Where more waits than may, the
oldest is dropped, and counted.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from mdxdash.remote.fleet.messages import ROUND_EVENTS

BATCH_EVENTS: Final = 100
"""Events of a batch, at most: measured, a broker takes 60,000 events a second so."""

BATCH_BYTES: Final = 2**20
ROUND_BYTES: Final = 2**22
"""Bytes of a batch and of a round, at most, unless it has a single event."""

LONGEST_EVENT: Final = 2**23
"""Bytes of an event that is published: RabbitMQ takes messages of 16 MiB (`max_message_size`; 128
MiB before its version 4), and refuses the connection of who sends a longer one."""

EVENT_BYTES: Final = 120
"""Bytes of memory that an event takes beside its line, approximately."""


class _Head(msgspec.Struct, gc=False):
    seq: int
    agent: str = ""


class WaitingEvent(msgspec.Struct, frozen=True, gc=False):
    """An event that waits, as the line that is published."""

    seq: int
    agent: str
    line: bytes
    """Without its newline."""


class Round(msgspec.Struct, frozen=True):
    """All events from one number to another, less those that were dropped."""

    first: int
    last: int
    events: Sequence[WaitingEvent]

    def batches(self) -> list[tuple[str, int, bytes]]:
        """Returns agents, each with the number of its events and their lines: `BATCH_EVENTS` and
        `BATCH_BYTES` at a time."""
        by_agent: dict[str, list[bytes]] = {}
        for event in self.events:
            by_agent.setdefault(event.agent, []).append(event.line)
        return [
            (agent, len(part), b"\n".join(part) + b"\n")
            for agent, lines in by_agent.items()
            for part in _parts(lines)
        ]


def _parts(lines: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    start = size = 0
    for index, line in enumerate(lines):
        if index > start and (index - start >= BATCH_EVENTS or size + len(line) > BATCH_BYTES):
            yield lines[start:index]
            start, size = index, 0
        size += len(line)
    yield lines[start:]


class Dropped(msgspec.Struct, frozen=True):
    """Events that were dropped."""

    count: int
    first: int
    """The number of the first of them."""
    last: int
    """The number of the last of them."""
    too_long: int = 0
    """How many of them have more than `LONGEST_EVENT` bytes."""


_heads: Final = msgspec.json.Decoder(_Head)


class WaitingEvents:
    """The events of a hub that wait to be published."""

    def __init__(self, limit: int) -> None:
        """`limit`: bytes of memory that they may take, approximately."""
        self.dropped = 0
        """Events that were dropped in all."""
        self.since = 1
        """The number of the first event that is to be published."""
        self.published = 0
        """The number of the last event of the rounds that were given out."""
        self._limit = limit
        self._waiting: deque[WaitingEvent] = deque()
        self._unconfirmed: deque[Round] = deque()
        self._bytes = 0
        """Those of what waits."""
        self._unconfirmed_bytes = 0
        self._next = 0
        """The number of the first event of the next round; 0: that of its first event."""
        self._drops: list[int] = []
        """How many were dropped since `take_dropped`, and the first and last number."""
        self._too_long = 0
        """How many of these are too long."""

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def is_half_full(self) -> bool:
        """Whether no more should be taken while the broker is there."""
        return self._bytes + self._unconfirmed_bytes > self._limit // 2

    @property
    def unconfirmed(self) -> int:
        """The rounds that were given out, and not confirmed."""
        return len(self._unconfirmed)

    def put(self, lines: Sequence[bytes]) -> None:
        """Adds events, each as its line, in the order of their numbers; what is too much is dropped
        from the oldest on. Raises `msgspec.DecodeError`."""
        decode = _heads.decode
        for line in lines:
            head = decode(line)
            if len(line) > LONGEST_EVENT:
                self._count_dropped(head.seq)
                self._too_long += 1
                continue
            self._waiting.append(WaitingEvent(head.seq, head.agent, line))
            self._bytes += len(line) + EVENT_BYTES
        self._drop()

    def begin_at(self, seq: int) -> None:
        """The next event has this number: those before it are somebody else's."""
        self._next = self.since = seq
        self.published = max(0, seq - 1)

    def take(self) -> Round | None:
        """Returns the next round; None while nothing waits. It counts as published."""
        waiting = self._waiting
        if not waiting:
            return None
        events = [waiting.popleft()]
        size = _size(events)
        while waiting and len(events) < ROUND_EVENTS and size < ROUND_BYTES:
            event = waiting.popleft()
            events.append(event)
            size += len(event.line) + EVENT_BYTES
        self._bytes -= size
        self._unconfirmed_bytes += size
        first = self._next or events[0].seq
        found = Round(min(first, events[0].seq), events[-1].seq, events)
        self._next = found.last + 1
        self.published = max(self.published, found.last)
        self._unconfirmed.append(found)
        return found

    def confirm(self) -> None:
        """The broker has the oldest round that it had not confirmed."""
        self._unconfirmed_bytes -= _size(self._unconfirmed.popleft().events)

    def put_back(self) -> None:
        """What was not confirmed waits again, in its order: the broker is away."""
        while self._unconfirmed:
            again = self._unconfirmed.pop()
            self._waiting.extendleft(reversed(again.events))
            self._next = again.first
        self._bytes += self._unconfirmed_bytes
        self._unconfirmed_bytes = 0
        self._drop()

    def take_dropped(self) -> Dropped | None:
        """Returns what was dropped since it was called last; None: nothing."""
        drops, self._drops = self._drops, []
        too_long, self._too_long = self._too_long, 0
        if not drops:
            return None
        count, first, last = drops
        return Dropped(count, first, last, too_long)

    def _drop(self) -> None:
        waiting = self._waiting
        while self._bytes > self._limit and waiting:
            event = waiting.popleft()
            self._bytes -= len(event.line) + EVENT_BYTES
            self._count_dropped(event.seq)

    def _count_dropped(self, seq: int) -> None:
        self.dropped += 1
        count, first, last = self._drops or (0, seq, seq)
        self._drops = [count + 1, min(first, seq), max(last, seq)]


def _size(events: Sequence[WaitingEvent]) -> int:
    return sum([len(event.line) + EVENT_BYTES for event in events])
