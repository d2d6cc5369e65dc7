"""Where a log keeps its events: the newest as they are, older ones as blocks of columns.

The newest are looked at by everybody, and change when they are acknowledged; of the older ones a
screen shows a few at a time.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from operator import attrgetter
from typing import Final

from msgspec.structs import replace

from mdxdash.events.event import Event
from mdxdash.events.storage.event_block import EventBlock

BLOCK: Final = 4096
"""Events in a block, at most. Making one takes about 1 ms."""

NEWEST: Final = 4096
"""The newest events, which are never in a block."""

BLOCK_CHARACTERS: Final = 2**19
"""Characters of text in a block, at most, unless one event alone has more: searching a block must
not block the event loop."""

EVENT_BYTES: Final = 280
"""Bytes that an event which is in no block takes besides its text, approximately, with its entry in
the list."""

_MADE: Final = 1024
"""Events made of columns that are kept, since the same ones are on the screen."""

_first = attrgetter("first")
_stop = attrgetter("stop")


def memory_size(event: Event) -> int:
    """Estimates the bytes of an event in memory: Japanese text takes two a character."""
    return EVENT_BYTES + 2 * (len(event.args) + len(event.text)) + len(event.undecoded)


def memory_sizes(events: Sequence[Event]) -> int:
    """Estimates the bytes of events in memory."""
    # A text of all of them is made sooner than the lengths of a thousand are added.
    undecoded = len("".join([event.undecoded for event in events]))
    args = len("".join([event.args for event in events]))
    texts = len("".join([event.text for event in events]))
    return EVENT_BYTES * len(events) + 2 * (args + texts) + undecoded


class EventStore:
    """Consecutive events, addressed by `seq`.

    New ones are appended to `newest`, and their bytes added to `bytes`, by the log itself, which
    then calls `settle`.
    """

    def __init__(self) -> None:
        self.first_seq = 1
        """The `seq` of the oldest event, or of the next one when there is none."""
        self.newest: list[Event] = []
        """The events from `newest_from` on; always the same list."""
        self.newest_from = 1
        self.bytes = 0
        """Bytes that all take, approximately."""
        self._in_blocks = 0
        """The part of them that the blocks take."""
        self._blocks: list[EventBlock] = []
        self._made: dict[int, Event] = {}

    def __len__(self) -> int:
        return self.next_seq - self.first_seq

    @property
    def next_seq(self) -> int:
        """The `seq` of the event that is appended next."""
        return self.newest_from + len(self.newest)

    def __iter__(self) -> Iterator[Event]:
        at = self.first_seq
        while at < self.next_seq:
            found = self.slice(at, at + _MADE)
            at = found[-1].seq + 1
            yield from found

    def __reversed__(self) -> Iterator[Event]:
        at = self.next_seq
        while at > self.first_seq:
            found = self.slice(at - _MADE, at)
            if not found:
                return
            at = found[0].seq
            yield from reversed(found)

    def get(self, seq: int) -> Event:
        """Returns an event that is there."""
        at = seq - self.newest_from
        if at >= 0:
            return self.newest[at]
        event = self._made.get(seq)
        if event is None:
            if len(self._made) >= _MADE:
                self._made.clear()
            block = self._blocks[self._index(seq)]
            event = self._made[seq] = block.event(seq - block.first)
        return event

    def slice(self, start: int, stop: int) -> list[Event]:
        """Returns the events with `start <= seq < stop` that are there, in order."""
        begin = self.newest_from
        start = max(start, self.first_seq)
        newest = self.newest[max(0, start - begin) : max(0, stop - begin)]
        if start >= begin:
            return newest
        found: list[Event] = []
        stop = min(stop, begin)
        while start < stop:
            block = self._blocks[self._index(start)]
            end = min(stop, block.stop)
            found += block.events(start - block.first, end - block.first)
            start = end
        return found + newest

    def block_of(self, seq: int) -> EventBlock | None:
        """Returns the block that an event is in; None if it is in none."""
        return self._blocks[self._index(seq)] if self.first_seq <= seq < self.newest_from else None

    def signature_of(self, seq: int) -> Event:
        """Returns an event that is there, or its signature where it is kept as columns."""
        at = seq - self.newest_from
        if at >= 0:
            return self.newest[at]
        block = self._blocks[self._index(seq)]
        return block.signatures[block.codes[seq - block.first]]

    def with_signature(self, matches: Callable[[Event], bool]) -> Iterator[Event]:
        """Yields the events whose signature matches, in order, of those that are there when the
        first is asked for; the others are not made."""
        first, blocks, newest = self.first_seq, tuple(self._blocks), tuple(self.newest)
        for block in blocks:
            for position in block.positions_of(matches):
                if block.first + position >= first:
                    yield block.event(position)
        yield from filter(matches, newest)

    def set_outcome(self, seq: int, round_trip: float | None) -> Event:
        """Sets the round trip, in seconds, of a sent event that is there, or None if it is lost.
        Returns the event that takes its place."""
        lost = round_trip is None
        at = seq - self.newest_from
        if at >= 0:
            event = self.newest[at] = replace(self.newest[at], round_trip=round_trip, lost=lost)
            return event
        event = replace(self.get(seq), round_trip=round_trip, lost=lost)
        index = self._index(seq)
        block = self._blocks[index]
        changed = self._blocks[index] = block.replaced(seq - block.first, event)
        self.bytes += changed.bytes - block.bytes
        self._in_blocks += changed.bytes - block.bytes
        self._made[seq] = event
        return event

    def settle(self) -> None:
        """Moves the oldest events into blocks when there are enough of them outside."""
        while len(self.newest) >= NEWEST + BLOCK:
            self._make_block()

    def append_block(self, block: EventBlock) -> None:
        """Appends the events of a block; none is outside blocks then."""
        while self.newest:
            self._make_block()
        self._blocks.append(block)
        self.bytes += block.bytes
        self._in_blocks += block.bytes
        self.newest_from = block.stop

    def _make_block(self) -> None:
        """Moves the oldest events that are in no block into one."""
        events = self.newest[:BLOCK]
        outside = self.bytes - self._in_blocks - EVENT_BYTES * len(self.newest)
        if outside // 2 > BLOCK_CHARACTERS:
            ends = list(accumulate(len(event.args) + len(event.text) for event in events))
            del events[max(1, bisect_right(ends, BLOCK_CHARACTERS)) :]
        block = EventBlock(events)
        self._blocks.append(block)
        undecoded = sum(map(len, block.undecoded.values()))
        freed = EVENT_BYTES * len(events) + 2 * block.characters + undecoded
        self._in_blocks += block.bytes
        self.bytes += block.bytes - freed
        del self.newest[: len(events)]
        self.newest_from += len(events)

    def drop_before(self, seq: int) -> None:
        """Drops the events before one that is there, or all."""
        gone = bisect_right(self._blocks, seq, key=_stop)
        freed = sum(block.bytes for block in self._blocks[:gone])
        self._in_blocks -= freed
        self.bytes -= freed
        del self._blocks[:gone]
        if seq > self.newest_from:
            count = seq - self.newest_from
            self.bytes -= memory_sizes(self.newest[:count])
            del self.newest[:count]
            self.newest_from = seq
        self.first_seq = seq
        self._made.clear()

    def drop_to(self, most: int) -> None:
        """Drops the oldest events until all take `most` bytes, but never the last one."""
        while self.bytes > most and self._blocks and self._blocks[0].stop < self.next_seq:
            self.drop_before(self._blocks[0].stop)
        freed = count = 0
        while self.bytes - freed > most and count < len(self.newest) - 1:
            freed += memory_size(self.newest[count])
            count += 1
        if count:
            self.drop_before(self.newest_from + count)

    def restart(self, seq: int) -> None:
        """Drops all events; the next one has that number."""
        self.drop_before(self.next_seq)
        self.first_seq = self.newest_from = seq

    def copy(self) -> "EventStore":
        """Returns a store that stays as this one is now, for another thread too. Events are not
        copied, so it is quick."""
        copied = EventStore()
        copied.first_seq, copied.newest_from = self.first_seq, self.newest_from
        copied.newest, copied.bytes = list(self.newest), self.bytes
        copied._blocks = list(self._blocks)
        return copied

    def _index(self, seq: int) -> int:
        """Returns the index of the block of an event that is in one."""
        return bisect_right(self._blocks, seq, key=_first) - 1
