"""What an importer must do, and what it returns: events, and other lines between them.

Each format of a file is an `InputFormat`; `reader` reads files through it.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple, Protocol

import msgspec

from mdxdash.events.event import Event
from mdxdash.recordings.file_format import Gap, Header, Mark

UNKNOWN_SEQ: Final = 0
"""The `seq` of an event that was written without one; also the `echo` of an event whose sent
event is not in the file."""


class Damage(msgspec.Struct, frozen=True, gc=False):
    """A line that cannot be read."""

    line: int
    """Its number, from 1: in the piece as `parse` returns it, in the file in `Recording`."""
    reason: str


class Parsed(NamedTuple):
    """A piece of a file: each of `others` comes before the event of its index."""

    events: list[Event]
    others: list[tuple[int, Header | Gap | Mark | Damage]]

    def pieces(self) -> "Iterator[Parsed]":
        """Splits it before each header, gap and damage, where events may be missing."""
        if not self.others:
            yield self
            return
        piece, done = Parsed([], []), 0
        for before, other in self.others:
            piece.events.extend(self.events[done:before])
            done = before
            if not isinstance(other, Mark):
                yield piece
                piece = Parsed([], [])
            piece.others.append((len(piece.events), other))
        piece.events.extend(self.events[done:])
        yield piece


class InputFormat(Protocol):
    """A format of a file of events, one record after the other."""

    header: Header
    """The file's header; an empty one for formats without."""

    def whole(self, data: bytes) -> int:
        """Returns how many bytes from the front are whole records, while more may follow."""

    def parse(self, data: bytes) -> Parsed:
        """Parses whole records, or the last one without its end. Never raises: what cannot be read
        is a `Damage`.

        Events that have no number in the file get the `seq` `UNKNOWN_SEQ`.
        """


def whole_lines(data: bytes) -> int:
    """Returns where the last whole line of a piece ends."""
    return data.rfind(b"\n") + 1
