"""Frames from an agent to lines: nothing raises, no complete line is lost, what can be joined is.

The agent sends a message a frame, but cuts a frame at 2,047 bytes: the line has then lost its
newline and may end inside a character. So frames are read as bytes, split at newlines, and
decoded with replacement. Log lines (`Plugin_Remote_AllLog=true`) end in two newlines and may
hold newlines of their own. Pure: no I/O, no clock.
"""

import re
from typing import Final

import msgspec

AGENT_FRAME_BYTES: Final = 2047
"""Where the agent cuts a frame. One of this size without a newline will not be continued."""

PENDING_MAX_BYTES: Final = 65_536
"""How much of a line without an end is kept before it is given out as cut."""

_LOG_STARTS = re.compile(rb"\[\d{4}/\d\d/\d\d \d\d:\d\d:\d\d\.\d{3}\] \[\d+\] ")


class Line(msgspec.Struct, frozen=True, gc=False):
    """A line as it came, without its end."""

    text: str
    size: int
    """Bytes on the wire, with the line's end."""
    cut: bool = False
    """Its end never came."""


class LineDecoder:
    """Takes an agent's frames in order and gives out their lines; keeps an unfinished one."""

    def __init__(self) -> None:
        self._pending = b""

    @property
    def pending(self) -> int:
        """Bytes of a line whose end has not come yet."""
        return len(self._pending)

    def feed(self, frame: bytes) -> list[Line]:
        """The lines that this frame completes."""
        # The usual case, 99.99 % of all frames, without the loop below.
        if not self._pending and frame.find(b"\n") == len(frame) - 1 > 0:
            return [Line(frame[:-1].decode("utf-8", "replace"), len(frame))]
        return self._feed(frame)

    def flush(self) -> list[Line]:
        """Gives out what waits for its end as a cut line: the connection ended, or nothing came
        for so long that nothing will."""
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
    """Where the line's text ends and where the next line begins; -1 when its end is not there."""
    if _LOG_STARTS.match(buffer, start):
        return _log_end(buffer, start)
    end = buffer.find(b"\n", start)
    return (end, end + 1)


def _log_end(buffer: bytes, start: int) -> tuple[int, int]:
    """As `_line_end`, for a log line: two newlines before another one, or any at the end."""
    # No regular expression: on a run of newlines it would look at each of them again and again.
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
