"""The connection of one face, whatever it runs over: a control socket or a WebSocket."""

from collections import deque
from collections.abc import Callable
from typing import Final, Protocol

WAITING_BYTES: Final = 2**20
"""Bytes that may wait for a face, roughly. A face that has more to read gets nothing further until
it has read."""

LAST_WRITE: Final = 1.0
"""Seconds that a face has for reading what was written before its connection ended."""


class Link(Protocol):
    """Carries lines of JSON to one face. Whoever owns it gives what comes from the face to
    `Face.receive`, and calls `Face.resume` when `waiting` has become small."""

    @property
    def waiting(self) -> int:
        """Bytes that the system has not taken yet."""

    def write(self, lines: bytes) -> None:
        """Sends whole lines, each with its newline. Does not wait."""

    def hold(self) -> None:
        """Reads nothing more from the face for now."""

    def release(self) -> None:
        """Reads on."""

    def close(self) -> None:
        """Ends the connection after what was written."""


class LineSplitter:
    """Splits what comes from a face into lines, and gives them out slowly enough: a face that
    floods is read no faster than the hub wants to work for it."""

    def __init__(self, limit: int) -> None:
        """`limit` is the longest line in bytes."""
        self._limit = limit
        self._lines: deque[bytes] = deque()
        self._rest = bytearray()

    @property
    def too_long(self) -> bool:
        """Whether a line without its end has grown over the limit."""
        return len(self._rest) > self._limit

    def feed(self, data: bytes) -> None:
        """Takes bytes as they came."""
        *ends, rest = data.split(b"\n")
        for end in ends:
            self._lines.append(bytes(self._rest) + end)
            self._rest.clear()
        self._rest += rest

    def give(self, most: int, take: Callable[[bytes], None]) -> int:
        """Calls `take` with up to `most` lines in their order; returns how many were there."""
        given = 0
        while self._lines and given < most:
            take(self._lines.popleft())
            given += 1
        return given

    def __len__(self) -> int:
        """The number of whole lines that were not given out yet."""
        return len(self._lines)
