"""Decoding an agent's frames into lines: nothing raises, and no complete line is lost.

The agent sends one message per frame, but cuts a frame at 2,047 bytes (PROTOCOL.md): the line has
then lost its newline and may end inside a character. So frames are handled as bytes, split at
newlines, and decoded with replacement. Log lines (`Plugin_Remote_AllLog=true`) end in two
newlines and may contain newlines. Pure: no I/O, no clock.
"""

import re
from typing import Final

import msgspec

AGENT_FRAME_BYTES: Final = 2047
"""The agent cuts frames at this size. The rest of a cut line never comes."""

PENDING_MAX_BYTES: Final = 65_536
"""A line without an end is returned as cut when more of it than this has come."""

_LOG_STARTS = re.compile(rb"\[\d{4}/\d\d/\d\d \d\d:\d\d:\d\d\.\d{3}\] \[\d+\] ")


class Line(msgspec.Struct, frozen=True, gc=False):
    """A received line, without its newline."""

    text: str
    size: int
    """Bytes on the wire, with the newlines that ended it."""
    cut: bool = False
    """Whether its end is missing."""


class LineDecoder:
    """Decodes an agent's frames in order, and keeps the beginning of an unfinished line."""

    def __init__(self) -> None:
        self._pending = b""

    @property
    def pending(self) -> int:
        """Bytes of the unfinished line."""
        return len(self._pending)

    def feed(self, frame: bytes) -> list[Line]:
        """Return the lines that this frame completes."""
        # One line in one frame, as 99.99 % of all frames are: without the loop of `_feed`.
        if not self._pending and frame.find(b"\n") == len(frame) - 1 > 0:
            return [Line(frame[:-1].decode("utf-8", "replace"), len(frame))]
        return self._feed(frame)

    def flush(self) -> list[Line]:
        """Return the unfinished line as a cut one.

        To be called when the connection has ended, or when nothing has come for a long time.
        """
        pending, self._pending = self._pending, b""
        return [_line(pending, len(pending), cut=True)] if pending else []

    def _feed(self, frame: bytes) -> list[Line]:
        lines: list[Line] = []
        if _LOG_STARTS.match(frame) and _LOG_STARTS.match(self._pending):
            lines += self.flush()
        buffer = self._pending + frame
        start = 0
        while start < len(buffer):
            body_end, next_start = _line_end(buffer, start)
            if body_end < 0:
                break
            if body_end > start:
                lines.append(_line(buffer[start:body_end], next_start - start))
            start = next_start
        self._pending = buffer[start:]
        if len(frame) >= AGENT_FRAME_BYTES or len(self._pending) > PENDING_MAX_BYTES:
            lines += self.flush()
        return lines


def _line_end(buffer: bytes, start: int) -> tuple[int, int]:
    """Return where the line's text ends and where the next line begins; -1 if it has no end yet."""
    if _LOG_STARTS.match(buffer, start):
        return _log_end(buffer, start)
    end = buffer.find(b"\n", start)
    return (end, end + 1)


def _log_end(buffer: bytes, start: int) -> tuple[int, int]:
    """As `_line_end`, for a log line: it ends at two newlines before another log line, or at the
    newlines that end the buffer."""
    # No regular expression: on a long run of newlines its time would be quadratic.
    end = buffer.find(b"\n\n[", start)
    while end >= 0:
        if _LOG_STARTS.match(buffer, end + 2):
            return end, end + 2
        end = buffer.find(b"\n\n[", end + 1)
    if buffer.endswith(b"\n"):
        return len(buffer.rstrip(b"\n")), len(buffer)
    return -1, -1


def _line(data: bytes, size: int, *, cut: bool = False) -> Line:
    return Line(data.decode("utf-8", "replace"), size, cut)
