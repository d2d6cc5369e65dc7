"""Decoding an agent's frames into lines: nothing raises, and no complete line is lost.

The agent sends one message per frame, but cuts a frame at 2,047 bytes (PROTOCOL.md): the line has
then lost its newline and may end inside a character. So frames are handled as bytes, split at
newlines, and decoded with replacement. Log lines (`Plugin_Remote_AllLog=true`) end in two
newlines and may contain newlines. Pure: no I/O, no clock.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

AGENT_FRAME_BYTES: Final = 2047
"""The agent cuts frames at this size. The rest of a cut line never comes."""

PENDING_MAX_BYTES: Final = 65_536
"""A line without an end is returned as cut when more of it than this has come."""

_NEWLINES = re.compile(rb"\n+")
_LOG_STARTS = re.compile(rb"\[\d{4}/\d\d/\d\d \d\d:\d\d:\d\d\.\d{3}\] \[\d{1,20}\] ")
_SEARCHED_AGAIN: Final = 64
"""Bytes before a new frame that are searched again: two newlines and the beginning of a log line,
51 bytes at most, may have been cut there."""


class Line(msgspec.Struct, frozen=True, gc=False):
    """A received line, without its newline."""

    text: str
    size: int
    """Bytes on the wire, with the newlines that ended it."""
    cut: bool = False
    """Whether its end is missing."""
    undecoded: bytes = b""
    """The bytes of the text, where they are no UTF-8 and decoding lost some of them."""


class LineDecoder:
    """Decodes an agent's frames in order, and keeps the beginning of an unfinished line."""

    def __init__(self, pending: bytes = b"") -> None:
        """`pending` is the unfinished line of another decoder, to go on with."""
        self._pending = bytearray(pending)
        self.examined = 0
        """Bytes that were searched for the end of a line so far: at most a small multiple of what
        was fed, however the frames cut the lines."""

    @property
    def pending(self) -> int:
        """Bytes of the unfinished line."""
        return len(self._pending)

    @property
    def unfinished_line(self) -> bytes:
        """The unfinished line itself."""
        return bytes(self._pending)

    def feed(self, frame: bytes) -> list[Line]:
        """Return the lines that this frame completes."""
        line = self.whole_line(frame)
        return list(self.lines(frame)) if line is None else [line]

    def whole_line(self, frame: bytes) -> Line | None:
        """Return the line of a frame that holds one whole line, as 99.99 % do; None for another
        frame, of which nothing was taken."""
        if self._pending or len(frame) < 2 or frame.find(b"\n") != len(frame) - 1:
            return None
        try:
            return Line(frame[:-1].decode(), len(frame))
        except UnicodeDecodeError:
            return _line(frame[:-1], len(frame))

    def whole_lines(self, frames: Sequence[bytes]) -> list[str] | None:
        """Return the texts of frames that hold a whole message each, in UTF-8, as nearly all do;
        None if one does not, or if it may be a log line: then nothing was taken."""
        sizes = [*map(len, frames)]
        if self._pending or max(sizes) > AGENT_FRAME_BYTES or min(sizes) < 2:
            return None
        joined = b"".join(frames)
        if joined.count(b"\n") != len(frames) or [f[-1] for f in frames].count(0x0A) != len(frames):
            return None
        if joined.startswith(b"[") or (0x5B in joined and b"\n[" in joined):
            return None
        try:
            return joined.decode()[:-1].split("\n")
        except UnicodeDecodeError:
            return None

    def lines(self, frame: bytes) -> Iterator[Line]:
        """Yield the lines that this frame completes, each decoded when it is asked for, so that a
        frame of thousands can be taken in turns. It must be exhausted before anything else is
        called."""
        if _LOG_STARTS.match(frame) and _LOG_STARTS.match(self._pending):
            yield from self.flush()
        searched = max(0, len(self._pending) - _SEARCHED_AGAIN)
        self._pending += frame
        buffer = self._pending
        start = 0
        while start < len(buffer):
            body_end, next_start = self._line_end(buffer, start, max(start, searched))
            if body_end < 0:
                break
            if body_end > start:
                yield _line(bytes(buffer[start:body_end]), next_start - start)
            elif newlines := _NEWLINES.match(buffer, start):
                next_start = newlines.end()  # empty lines, which need not be looked at one by one
            start = next_start
        del self._pending[:start]
        if len(frame) >= AGENT_FRAME_BYTES or len(self._pending) > PENDING_MAX_BYTES:
            yield from self.flush()

    def flush(self) -> list[Line]:
        """Return the unfinished line as a cut one.

        To be called when the connection has ended, or when nothing has come for a long time.
        """
        pending, self._pending = bytes(self._pending), bytearray()
        return [_line(pending, len(pending), cut=True)] if pending else []

    def _line_end(self, buffer: bytearray, start: int, search: int) -> tuple[int, int]:
        """Return where the line's text ends and where the next line begins; -1 if it has no end
        yet. It has none before `search`."""
        if _LOG_STARTS.match(buffer, start):
            return self._log_end(buffer, start, search)
        end = buffer.find(b"\n", search)
        self.examined += (end if end >= 0 else len(buffer)) - search
        return (end, end + 1)

    def _log_end(self, buffer: bytearray, start: int, search: int) -> tuple[int, int]:
        """As `_line_end`, for a log line: it ends at two newlines before another log line, or at
        the newlines that end the buffer."""
        # No regular expression: on a long run of newlines its time would be quadratic.
        end = buffer.find(b"\n\n[", search)
        while end >= 0:
            if _LOG_STARTS.match(buffer, end + 2):
                self.examined += end - search
                return end, end + 2
            end = buffer.find(b"\n\n[", end + 1)
        self.examined += len(buffer) - search
        if not buffer.endswith(b"\n"):
            return -1, -1
        end = len(buffer)
        while end > start and buffer[end - 1] == 0x0A:
            end -= 1
        return end, len(buffer)


def _line(data: bytes, size: int, *, cut: bool = False) -> Line:
    text = data.decode("utf-8", "replace")
    # Asking costs nothing where the text is ASCII; somebody may have sent the character itself.
    if "\ufffd" in text and text.encode() != data:
        return Line(text, size, cut, data)
    return Line(text, size, cut)
