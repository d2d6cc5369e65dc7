"""The format of a recording: its header, gaps and marks.

A recording is JSON Lines in UTF-8: a header, then an event a line under the event's field names,
as `events.encoding` writes it. It is only ever appended to, so an acknowledgement is not written
into the sent event's line: the echo's line holds it, and the reader puts it back
(`acknowledgements`). A second run that is recorded into the same file begins with its own header.
"""

from typing import Final

import msgspec

VERSION: Final = 2
"""Version of the format. A newer one is refused, since parts of it would be lost unnoticed.

Since version 2 there are events of macros that run and of speech (`Event.level` `start` and `end`).
"""

OLDEST_VERSION: Final = 1
"""The oldest version that is read."""

HEADER_START: Final = b'{"format":"mdxdash"'
"""The first bytes of every recording."""


class Header(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A recording's first line."""

    format: str = ""
    """`mdxdash`; empty where a text of another program was read."""
    version: int = 0
    address: str = ""
    """Where the hub listened: `ws://localhost:9001/chat`."""
    started: str = ""
    """When recording began, ISO 8601 with the offset from UTC; empty when unknown."""
    mdxdash: str = ""
    """The version of mdxdash that wrote it."""
    partial: bool = False
    """Events may be missing without a gap line: an export of those that passed a filter, or of a
    text that holds less."""


class Gap(msgspec.Struct, frozen=True, gc=False, rename={"first": "from", "last": "to"}):
    """Events that happened but are not in the recording, from `first` to `last`, both included."""

    first: int
    last: int
    reason: str


class Mark(msgspec.Struct, frozen=True, gc=False):
    """The user marked an event, or removed the mark."""

    seq: int
    on: bool


class GapLine(msgspec.Struct, frozen=True, gc=False):
    """`{"gap":{"from":100,"to":199,"reason":"No space left on device"}}`."""

    gap: Gap


class MarkLine(msgspec.Struct, frozen=True, gc=False):
    """`{"mark":{"seq":12,"on":true}}`."""

    mark: Mark


def header_line(header: Header) -> bytes:
    """Encodes a header as a line, newline included."""
    return msgspec.json.encode(header) + b"\n"


def gap_line(gap: Gap) -> bytes:
    """Encodes a gap as a line, newline included."""
    return msgspec.json.encode(GapLine(gap)) + b"\n"


def mark_line(mark: Mark) -> bytes:
    """Encodes a mark as a line, newline included."""
    return msgspec.json.encode(MarkLine(mark)) + b"\n"
