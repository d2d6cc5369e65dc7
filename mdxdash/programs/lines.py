"""The lines between a program and the hub: events into it, messages out of it. Pure."""

from collections import deque
from typing import Final

from mdxdash.events.event import Event

FEED_LINES: Final = 10_000
"""Lines that wait for a program that does not read; the oldest are dropped."""

LINE_BYTES: Final = 65_536
"""The longest line that is taken from a program; the rest of a longer one is dropped."""


def event_line(event: Event) -> bytes:
    """Returns what a program gets of an event: `TYPE|args` and a newline, as the agent's own plugin
    for scripts writes it. Empty for an event without a message: an empty line ends the scripts of
    MMDAgent-EX's documentation."""
    if not event.type:
        return b""
    text = f"{event.type}|{event.args}" if event.args else event.type
    # What cannot be UTF-8 came from bytes that were none.
    return text.replace("\n", " ").encode("utf-8", "replace") + b"\n"


class Feed:
    """The lines that wait for a program, the oldest first."""

    def __init__(self, limit: int = FEED_LINES) -> None:
        self.dropped = 0
        """Lines that were dropped since `take_dropped` was called last."""
        self._waiting: deque[bytes] = deque()
        self._limit = limit

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, line: bytes) -> None:
        """Adds a line; where too many wait, the oldest is dropped."""
        if len(self._waiting) >= self._limit:
            self._waiting.popleft()
            self.dropped += 1
        self._waiting.append(line)

    def take(self) -> bytes:
        """Removes all lines, and returns them."""
        data = b"".join(self._waiting)
        self._waiting.clear()
        return data

    def clear(self) -> None:
        """Drops what waits: the program it was for has ended."""
        self._waiting.clear()

    def take_dropped(self) -> int:
        """Returns how many lines were dropped since it was called last."""
        dropped, self.dropped = self.dropped, 0
        return dropped


class LineReader:
    """Puts a program's output together to lines."""

    def __init__(self) -> None:
        self._rest = b""
        self._skips = False
        """Whether the rest of a line that is too long is dropped."""

    def feed(self, data: bytes) -> list[str]:
        """Returns the lines that are complete now, without their ends, and none that is blank."""
        *whole, self._rest = (self._rest + data).split(b"\n")
        lines = []
        for line in whole:
            if not self._skips:
                lines.append(line)
            self._skips = False
        if len(self._rest) > LINE_BYTES:
            if not self._skips:
                lines.append(self._rest[:LINE_BYTES])
            self._skips, self._rest = True, b""
        return _texts(lines)

    def end(self) -> list[str]:
        """Returns the last line if it has no end."""
        rest, self._rest = self._rest, b""
        return [] if self._skips else _texts([rest])


def _texts(lines: list[bytes]) -> list[str]:
    # Bytes that are no UTF-8 become surrogates, which the wire refuses.
    texts = (line.decode("utf-8", "surrogateescape").rstrip("\r") for line in lines)
    return [text for text in texts if text.strip()]
