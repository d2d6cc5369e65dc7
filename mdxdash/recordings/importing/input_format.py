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


RECORD_MAX: Final = 16 * 2**20
"""A record that does not end within so many bytes is parsed as it is."""

UNREADABLE: Final = (msgspec.MsgspecError, ValueError, OverflowError, RecursionError)
"""What decoding JSON may raise: for no JSON, for text that is no UTF-8, for a number that is too
large, for arrays nested too deeply."""


class Damage(msgspec.Struct, frozen=True, gc=False):
    """Lines that cannot be read, one after the other."""

    line: int
    """The first one's number, from 1: in the piece as `parse` returns it, in the file in
    `Recording`. 0 if the damage concerns no line."""
    reason: str
    """Why the first one cannot be read."""
    last: int = 0
    """The last one's number; 0 if it is one line only."""

    @property
    def position(self) -> str:
        """The numbers of the lines: `12`, `12-40`."""
        return f"{self.line}-{self.last}" if self.last else f"{self.line}"


class Parsed(NamedTuple):
    """A piece of a file: each of `others` comes before the event of its index."""

    events: list[Event]
    others: list[tuple[int, Header | Gap | Mark | Damage]]

    def add_damage(self, line: int, reason: str) -> None:
        """Adds a line that cannot be read. Neighbouring ones become one `Damage`, so that a file
        full of them takes no more memory than one of events."""
        before = self.others[-1] if self.others else None
        if before is not None and before[0] == len(self.events):
            earlier = before[1]
            if isinstance(earlier, Damage):
                merged = Damage(earlier.line, earlier.reason, line)
                self.others[-1] = (len(self.events), merged)
                return
        self.others.append((len(self.events), Damage(line, reason)))

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

    def whole(self, data: bytes | bytearray, looked: int = 0) -> int:
        """Returns how many bytes from the front are whole records, while more may follow.

        `looked` bytes from the front were given before, and no record ended in them: they are not
        searched again, so that the time is linear in the length of a record.
        """

    def parse(self, data: bytes) -> Parsed:
        """Parses whole records, or the last one without its end. Never raises: what cannot be read
        is a `Damage`.

        Events that have no number in the file get the `seq` `UNKNOWN_SEQ`.
        """


def whole_lines(data: bytes | bytearray, looked: int = 0) -> int:
    """Returns where the last whole line of a piece ends; `looked` as in `InputFormat.whole`."""
    return data.rfind(b"\n", looked) + 1
