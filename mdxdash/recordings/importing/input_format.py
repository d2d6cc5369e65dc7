"""What a piece of a file says, whoever wrote it: events, and between them what is none.

A `InputFormat` is one way of writing events down; `recording` reads files through it.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple, Protocol

import msgspec

from mdxdash.events.event import Event
from mdxdash.recordings.file_format import Gap, Header, Mark

UNKNOWN_SEQ: Final = 0
"""The `echo` of an event whose sent event is not in the file."""


class Damage(msgspec.Struct, frozen=True, gc=False):
    """A line that cannot be read."""

    line: int
    """Its number, from 1: in the piece as a form gives it, in the file once it was read."""
    reason: str


class Parsed(NamedTuple):
    """A piece of a file in order: each of `others` stands before the event of its number."""

    events: list[Event]
    others: list[tuple[int, Header | Gap | Mark | Damage]]

    def pieces(self) -> "Iterator[Parsed]":
        """Cut in front of each header, gap and damage, where something may be missing."""
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
    """A way of writing events down, one record after the other."""

    header: Header
    """What the beginning of the file says of it."""

    def whole(self, data: bytes) -> int:
        """How many bytes from the front are whole records, while more may follow."""

    def parse(self, data: bytes) -> Parsed:
        """The events of whole records, or of the last one without its end. Never raises.

        Events without a number of their own have the `seq` 0.
        """


def whole_lines(data: bytes) -> int:
    """Where the last whole line of a piece ends."""
    return data.rfind(b"\n") + 1
