"""A recording, or a text of another program, as events: in chunks, or a window of them.

Reading may block on the disk for a few milliseconds a chunk. Only an index is kept in memory. A
file that is still being written is read up to where it ends now.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import Final, NamedTuple

from mdxdash.events.event import Event
from mdxdash.recordings.acknowledgements import Acknowledger
from mdxdash.recordings.file_format import Header
from mdxdash.recordings.file_lock import is_claimed
from mdxdash.recordings.importing.input_format import Damage, InputFormat, Parsed
from mdxdash.recordings.importing.json_lines import JsonLines
from mdxdash.recordings.importing.received_lines import ReceivedLines
from mdxdash.recordings.journal import Position
from mdxdash.recordings.numbering import Bookmark, Numbering
from mdxdash.recordings.record_blocks import BLOCK, Block, LineNumbers, blocks, followed_blocks
from mdxdash.recordings.spooled_input import SpooledInput

FOLLOW_INTERVAL: Final = 0.2
"""Seconds between two looks at a file that is followed."""

DAMAGES_KEPT: Final = 1000
"""Damages that are kept with their reasons. Each is also an event."""

_ECHO_POLLS: Final = 30
"""Looks without anything new after which no echo is awaited any more: 6 s, as `LOST_AFTER`."""


class _Entry(NamedTuple):
    """An entry of the index: a position in the file, and the state of the numbering there."""

    begin: Block
    bookmark: Bookmark


class Recording:
    """A file of events. They are numbered from 1 without a gap; for what is missing or damaged a
    `fault` event is inserted."""

    def __init__(
        self,
        path: Path,
        format_: InputFormat,
        begin: int,
        *,
        name: str,
        spooled: SpooledInput | None = None,
        follow: bool = False,
    ) -> None:
        self.path = path
        """The file that was named, also where a copy of it is read."""
        self.name = name
        """The file as messages name it."""
        self.header = format_.header
        self.position = 0
        """Bytes that `read_chunks` has read."""
        self.damages: list[Damage] = []
        """The lines that `read_chunks` could not read, with an unfinished last one; of very many,
        the first `DAMAGES_KEPT`."""
        self.damaged = 0
        """How many lines could not be read."""
        self.marked: set[int] = set()
        """The events that the user had marked, as far as `read_chunks` has read."""
        self.follows = follow
        """Whether `read_chunks` goes on with what is appended."""
        self._format = format_
        self._begin = begin
        self._index: list[_Entry] = []
        self._spooled = spooled
        self._content = path if spooled is None else spooled.path
        self._lines = LineNumbers(self._content, begin)
        self._received = ReceivedLines()

    @property
    def size(self) -> int:
        """Bytes in the file. Raises `OSError`."""
        return self._content.stat().st_size

    @property
    def running(self) -> bool:
        """Whether it is still being written."""
        return self._spooled is None and is_claimed(self.path)

    @property
    def whole(self) -> bool:
        """Whether every event is in it, or else in a gap."""
        complete = self._problem() is None
        return bool(self.header.version) and not self.header.partial and complete

    def read_chunks(self, *, columns: bool = False) -> Iterator[Sequence[Event]]:
        """Yields all events in order, some thousand at a time, sent ones with their round trip.
        With `columns` some chunks are `BlockEvents`: quicker for a log, which keeps them so, and
        slower for who looks at each event.

        Each call reads from the beginning. Raises `OSError`.

        A file that is followed has no end: an empty chunk means that nothing more is there yet, and
        the caller waits for `FOLLOW_INTERVAL`. `OSError` then also means that the file was removed,
        replaced or cut.
        """
        numbering = Numbering(whole=self.whole)
        acknowledger = Acknowledger(whole=self.whole)
        self.position = 0
        self.damages, self.marked, self._index = [], numbering.marked, []
        self.damaged = 0
        idle = 0
        for block in self._all_blocks():
            if block is None:
                idle += 1
                if idle == _ECHO_POLLS:
                    acknowledger.forget()
                    yield from acknowledger.finish()
                yield []
                continue
            idle = 0
            received = self._received.decode(block.data) if columns else None
            if received is not None:
                self._add_to_index(block, numbering)
                if numbering.take_run(received):
                    self.position = block.offset + len(block.data)
                    yield from acknowledger.take_received(received)
                    continue
            parsed = self._parse(block)
            if columns:
                self._received.learn(parsed.events)
            self._note_damages(parsed)
            numbering.begin_at(parsed.events)
            self._add_to_index(block, numbering)
            self.position = block.offset + len(block.data)
            yield from _take(acknowledger, parsed, numbering.take)
        if problem := self._problem():
            self._note_damages(problem)
            yield from _take(acknowledger, problem, numbering.take)
        yield from acknowledger.finish()

    def window(self, start: int, stop: int) -> list[Event]:
        """The events with `start <= seq < stop` that `read_chunks` has come past, read again.

        Raises `OSError`.
        """
        found = bisect_right(self._index, start, key=lambda entry: entry.bookmark.next_seq) - 1
        if found < 0:
            return []
        numbering = Numbering(whole=self.whole)
        numbering.go_to(self._index[found].bookmark)
        acknowledger = Acknowledger(whole=self.whole)
        chunks = (
            chunk
            for block in self._blocks(self._index[found].begin)
            for parsed in (self._parse(block),)
            for chunk in _take(acknowledger, parsed, numbering.take)
        )
        problem = self._problem()
        at_end = (
            chunk
            for parsed in ([problem] if problem else [])
            for chunk in _take(acknowledger, parsed, numbering.take)
        )
        return _between(chain(chunks, at_end, _rest(acknowledger)), start, stop)

    def _problem(self) -> Parsed | None:
        """Returns the damage at the end of input that could not be copied whole."""
        reason = "" if self._spooled is None else self._spooled.problem
        return Parsed([], [(0, Damage(0, reason))]) if reason else None

    def _add_to_index(self, block: Block, numbering: Numbering) -> None:
        # A file that is followed comes in small blocks.
        if not self._index or block.offset - self._index[-1].begin.offset >= BLOCK:
            begin = Block(block.offset, b"")
            self._index.append(_Entry(begin, numbering.bookmark()))

    def _note_damages(self, parsed: Parsed) -> None:
        for _, other in parsed.others:
            if isinstance(other, Damage):
                self.damaged += max(1, other.last - other.line + 1)
                if len(self.damages) < DAMAGES_KEPT:
                    self.damages.append(other)

    def _parse(self, block: Block) -> Parsed:
        """Parses a block; damages get the line numbers of the file."""
        parsed = self._format.parse(block.data)
        if not any(isinstance(other, Damage) for _, other in parsed.others):
            return parsed
        before = self._lines.at(block.offset) - 1
        others = [
            (index, _moved(other, before) if isinstance(other, Damage) else other)
            for index, other in parsed.others
        ]
        return Parsed(parsed.events, others)

    def _blocks(self, begin: Block) -> Iterator[Block]:
        torn = not self.follows and not self.running
        return blocks(self._content, self._format, begin, torn=torn)

    def _all_blocks(self) -> Iterator[Block | None]:
        begin = Block(self._begin, b"")
        if self.follows:
            return followed_blocks(self._content, self._format, begin)
        return self._blocks(begin)


def read_window(path: Path, index: Sequence[Position], start: int, stop: int) -> list[Event]:
    """The events with `start <= seq < stop` from the file that a journal is writing.

    `index` is the journal's. The numbers are those of the running session, so events that were
    not recorded are not among them. Raises `OSError`.
    """
    entries = tuple(index)  # the journal's thread goes on writing
    found = bisect_right(entries, start, key=lambda entry: entry.seq) - 1
    if found < 0:
        return []
    format_ = JsonLines(Header())
    acknowledger = Acknowledger()
    chunks = (
        chunk
        for block in blocks(path, format_, Block(entries[found].offset, b""), torn=False)
        for parsed in (format_.parse(block.data),)
        for chunk in _take(acknowledger, parsed, attrgetter("events"))
    )
    return _between(chain(chunks, _rest(acknowledger)), start, stop)


def _rest(acknowledger: Acknowledger) -> Iterator[Sequence[Event]]:
    yield from acknowledger.finish()


def _take(
    acknowledger: Acknowledger, parsed: Parsed, number: Callable[[Parsed], list[Event]]
) -> Iterator[Sequence[Event]]:
    """Yields the chunks that are complete once this piece of the file was read."""
    for later, piece in enumerate(parsed.pieces()):
        if later:
            # Echoes may be missing here, so earlier events must not wait for them any more.
            acknowledger.forget()
        yield from acknowledger.take(number(piece))


def _between(chunks: Iterable[Sequence[Event]], start: int, stop: int) -> list[Event]:
    found: list[Event] = []
    for chunk in chunks:
        found += [event for event in chunk if start <= event.seq < stop]
        if chunk[-1].seq >= stop - 1:
            break
    return found


def _moved(damage: Damage, lines: int) -> Damage:
    return Damage(damage.line + lines, damage.reason, damage.last and damage.last + lines)
