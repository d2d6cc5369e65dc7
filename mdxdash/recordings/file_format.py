"""The lines of a recording that are no events: its header, gaps and marks.

A recording is JSON Lines in UTF-8: a header, then an event a line under the event's own field
names, as `format.json_line` writes it. It is only ever appended to, so an acknowledgement is not
written into the sent event's line: the echo's own line tells it, and the reader puts it back. A
run that goes on in the same file begins with a header of its own.
"""

from typing import Final

import msgspec

VERSION: Final = 1
"""Of the format. A reader refuses a newer one, since it would lose what it does not know."""

HEADER_START: Final = b'{"format":"mdxdash"'
"""What each recording begins with."""


class Header(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A recording's first line."""

    format: str = ""
    """`mdxdash`; empty where the text of somebody else was read."""
    version: int = 0
    address: str = ""
    """Where the hub listened: `ws://localhost:9001/chat`."""
    started: str = ""
    """When recording began, ISO 8601 with the offset from UTC; empty when nobody knows."""
    mdxdash: str = ""
    """The version of mdxdash that wrote it."""
    partial: bool = False
    """Events may be missing without a word: an export of those that passed a filter, or of a text
    that said less."""


class Gap(msgspec.Struct, frozen=True, gc=False, rename={"first": "from", "last": "to"}):
    """Events that happened but are not in the recording; both ends are among them."""

    first: int
    last: int
    reason: str


class Mark(msgspec.Struct, frozen=True, gc=False):
    """The reader marked an event, or took the mark away."""

    seq: int
    on: bool


class GapLine(msgspec.Struct, frozen=True, gc=False):
    """`{"gap":{"from":100,"to":199,"reason":"No space left on device"}}`."""

    gap: Gap


class MarkLine(msgspec.Struct, frozen=True, gc=False):
    """`{"mark":{"seq":12,"on":true}}`."""

    mark: Mark


def header_line(header: Header) -> bytes:
    """The header's line, newline included."""
    return msgspec.json.encode(header) + b"\n"


def gap_line(gap: Gap) -> bytes:
    """The line of a gap, newline included."""
    return msgspec.json.encode(GapLine(gap)) + b"\n"


def mark_line(mark: Mark) -> bytes:
    """The line of a mark, newline included."""
    return msgspec.json.encode(MarkLine(mark)) + b"\n"
