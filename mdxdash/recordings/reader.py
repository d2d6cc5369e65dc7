"""Reads a recording, or a text of another program, as events: in chunks, or a window of them.

Reading may block on the disk for a few milliseconds a chunk. Only an index is kept in memory. A
file that is still being written is read up to where it ends now.
"""

from bisect import bisect_right
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import Final, NamedTuple

from mdxdash.events.event import Event
from mdxdash.recordings.acknowledgements import Acknowledger
from mdxdash.recordings.file_format import Header
from mdxdash.recordings.file_lock import is_claimed
from mdxdash.recordings.importing.detection import RecordingError, detect
from mdxdash.recordings.importing.input_format import Damage, InputFormat, Parsed
from mdxdash.recordings.importing.json_lines import JsonLines
from mdxdash.recordings.journal import Position
from mdxdash.recordings.numbering import Bookmark, Numbering

__all__ = ["Recording", "RecordingError", "open_recording", "read_window"]

_BLOCK: Final = 2**18
"""Bytes read at a time: large enough to be fast, small enough to take only milliseconds."""

_RECORD_MAX: Final = 64 * _BLOCK
"""A record that does not end within so many bytes is parsed as it is."""

_HEAD: Final = 65_536
"""Bytes from which a file's format is detected."""


class _Block(NamedTuple):
    offset: int
    data: bytes
    first_line: int


class _Entry(NamedTuple):
    """An entry of the index: a position in the file, and the state of the numbering there."""

    begin: _Block
    bookmark: Bookmark


def open_recording(path: Path) -> "Recording":
    """Opens a file in any of the formats that `importing` detects. Raises `RecordingError`."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
            begin = len(BOM_UTF8) if head.startswith(BOM_UTF8) else 0
            return Recording(path, detect(head[begin:], path.stat().st_mtime), begin)
    except OSError as error:
        raise RecordingError(f"{path}: {error.strerror or error}") from error
    except RecordingError as error:
        raise RecordingError(f"{path}: {error}") from None


class Recording:
    """A file of events. They are numbered from 1 without a gap; for what is missing or damaged a
    `fault` event is inserted."""

    def __init__(self, path: Path, format_: InputFormat, begin: int) -> None:
        self.path = path
        self.header = format_.header
        self.position = 0
        """Bytes that `read_chunks` has read."""
        self.damages: list[Damage] = []
        """The lines that `read_chunks` could not read, with an unfinished last one."""
        self.marked: set[int] = set()
        """The events that the user had marked, as far as `read_chunks` has read."""
        self._format = format_
        self._begin = begin
        self._index: list[_Entry] = []

    @property
    def size(self) -> int:
        """Bytes in the file. Raises `OSError`."""
        return self.path.stat().st_size

    @property
    def running(self) -> bool:
        """Whether it is still being written."""
        return is_claimed(self.path)

    @property
    def whole(self) -> bool:
        """Whether every event is in it, or else in a gap."""
        return bool(self.header.version) and not self.header.partial

    def read_chunks(self) -> Iterator[list[Event]]:
        """Yields all events in order, some thousand at a time, sent ones with their round trip.

        Each call reads from the beginning. Raises `OSError`.
        """
        numbering = Numbering(whole=self.whole)
        acknowledger = Acknowledger(whole=self.whole)
        self.position = 0
        self.damages, self.marked, self._index = [], numbering.marked, []
        for block in self._blocks(_Block(self._begin, b"", 1)):
            begin = _Block(block.offset, b"", block.first_line)
            self._index.append(_Entry(begin, numbering.bookmark()))
            parsed = _parse(self._format, block)
            self.damages += [other for _, other in parsed.others if isinstance(other, Damage)]
            self.position = block.offset + len(block.data)
            yield from _take(acknowledger, parsed, numbering.take)
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
            for parsed in (_parse(self._format, block),)
            for chunk in _take(acknowledger, parsed, numbering.take)
        )
        return _between(chain(chunks, _rest(acknowledger)), start, stop)

    def _blocks(self, begin: _Block) -> Iterator[_Block]:
        return _blocks(self.path, self._format, begin, torn=not self.running)


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
        for block in _blocks(path, format_, _Block(entries[found].offset, b"", 1), torn=False)
        for parsed in (_parse(format_, block),)
        for chunk in _take(acknowledger, parsed, attrgetter("events"))
    )
    return _between(chain(chunks, _rest(acknowledger)), start, stop)


def _rest(acknowledger: Acknowledger) -> Iterator[list[Event]]:
    yield from acknowledger.finish()


def _take(
    acknowledger: Acknowledger, parsed: Parsed, number: Callable[[Parsed], list[Event]]
) -> Iterator[list[Event]]:
    """Yields the chunks that are complete once this piece of the file was read."""
    for later, piece in enumerate(parsed.pieces()):
        if later:
            # Echoes may be missing here, so earlier events must not wait for them any more.
            acknowledger.forget()
        yield from acknowledger.take(number(piece))


def _between(chunks: Iterable[list[Event]], start: int, stop: int) -> list[Event]:
    found: list[Event] = []
    for chunk in chunks:
        found += [event for event in chunk if start <= event.seq < stop]
        if chunk[-1].seq >= stop - 1:
            break
    return found


def _parse(format_: InputFormat, block: _Block) -> Parsed:
    """Parses a block; damages get the line numbers of the file."""
    parsed = format_.parse(block.data)
    others = [
        (before, _in_file(other, block) if isinstance(other, Damage) else other)
        for before, other in parsed.others
    ]
    return Parsed(parsed.events, others)


def _in_file(damage: Damage, block: _Block) -> Damage:
    return Damage(damage.line + block.first_line - 1, damage.reason)


def _blocks(path: Path, format_: InputFormat, begin: _Block, *, torn: bool) -> Iterator[_Block]:
    """Yields the file from `begin` on in blocks of whole records; with `torn`, also an unfinished
    last record."""
    offset, line = begin.offset, begin.first_line
    with path.open("rb") as file:
        file.seek(offset)
        data = b""
        while more := file.read(_BLOCK):
            data += more
            end = format_.whole(data) or (len(data) if len(data) > _RECORD_MAX else 0)
            if end:
                block, data = data[:end], data[end:]
                yield _Block(offset, block, line)
                offset += end
                line += block.count(b"\n")
        if data and torn:
            yield _Block(offset, data, line)
