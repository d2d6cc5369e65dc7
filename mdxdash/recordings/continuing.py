"""What a recording needs to be gone on with after the process that wrote it was killed."""

import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from mdxdash.events.encoding import EVENT_START
from mdxdash.events.event import Event
from mdxdash.recordings.file_format import MarkLine
from mdxdash.recordings.journal import JournalSnapshot
from mdxdash.recordings.journal_file import FileSnapshot

TAIL_BYTES: Final = 2**25
"""Bytes at the end of the file whose events are read: 0.3 s of work."""

_INDEX_STEP: Final = 2**18
_MARK: Final = b'{"mark":'

_events: Final = msgspec.json.Decoder(Event)
_marks: Final = msgspec.json.Decoder(MarkLine)


class ContinuedRecording(msgspec.Struct, frozen=True):
    """A recording that nobody writes any more."""

    journal: JournalSnapshot
    events: tuple[Event, ...]
    """The latest, in order and without a gap."""
    marked: frozenset[int]
    """Of these, those that the user had marked."""


def continued(path: Path) -> ContinuedRecording:
    """Reads how a recording ends. Blocks for tenths of a second. Raises `OSError`."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        status = path.stat()
        with mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ) as data:
            end = data.rfind(b"\n") + 1
            events, marked = _tail(data, end)
            index = tuple(_positions(data, end))
    last = events[-1].seq if events else 0
    first = index[0][0] if index else 1
    return ContinuedRecording(
        JournalSnapshot(
            str(path),
            FileSnapshot(end, (status.st_dev, status.st_ino), False),
            recorded=last + 1 - first,
            lost=0,
            index=index,
            first_seq=first,
            written_up_to=last + 1,
            header_due=end == 0,
        ),
        tuple(events),
        frozenset(marked),
    )


def _tail(data: mmap.mmap, end: int) -> tuple[list[Event], set[int]]:
    events: list[Event] = []
    marked: set[int] = set()
    begin = max(0, end - TAIL_BYTES)
    if begin:
        begin = data.find(b"\n", begin) + 1
    for line in data[begin:end].splitlines():
        try:
            if line.startswith(EVENT_START):
                event = _events.decode(line)
                if events and event.seq != events[-1].seq + 1:
                    events.clear()  # what is in memory has no gap
                events.append(event)
            elif line.startswith(_MARK):
                mark = _marks.decode(line).mark
                (marked.add if mark.on else marked.discard)(mark.seq)
        except (msgspec.MsgspecError, ValueError):
            continue
    return events, marked


def _positions(data: mmap.mmap, end: int) -> Iterator[tuple[int, int]]:
    """Yields the number and offset of an event for each `_INDEX_STEP` bytes."""
    at = data.find(b"\n" + EVENT_START, 0, end) + 1
    while at > 0:
        digits = data[at + len(EVENT_START) : at + len(EVENT_START) + 20].split(b",")[0]
        if digits.isdigit():
            yield int(digits), at
        at = data.find(b"\n" + EVENT_START, at + _INDEX_STEP, end) + 1
