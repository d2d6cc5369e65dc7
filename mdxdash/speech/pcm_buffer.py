"""The sound of one utterance on its way from where it is made to the agent: 16 kHz, 16-bit, mono.

Sound may still be made while its beginning is already sent. Pure: no clock, no task.
"""

from collections import deque
from collections.abc import Callable
from typing import Final

from mdxdash.wire.audio import SAMPLE_RATE

SAMPLE_BYTES: Final = 2

BYTES_A_SECOND: Final = SAMPLE_RATE * SAMPLE_BYTES

FULL_AT: Final = 20 * BYTES_A_SECOND
"""Bytes that wait in a buffer from which on whoever makes the sound pauses."""


class PcmBuffer:
    """Sound that waits to be sent, oldest first."""

    def __init__(self, total: int | None = None) -> None:
        """`total` is how many bytes of sound there will be, if that is known."""
        self.total = total
        self.complete = False
        """Whether all of it has been made."""
        self.failure = ""
        """Why no more of it comes; empty if nothing went wrong."""
        self.on_change: Callable[[], None] | None = None
        """Called after sound was added, and when it is complete."""
        self._pieces: deque[bytes] = deque()
        self._rest = b""
        """A byte that is half of a sample."""
        self._waiting = 0
        self.made = 0
        """Bytes of sound that were added so far."""

    def __len__(self) -> int:
        return self._waiting

    @property
    def is_full(self) -> bool:
        """Whether whoever makes the sound should pause."""
        return self._waiting >= FULL_AT

    def append(self, pcm: bytes) -> None:
        """Adds sound; it may end inside a sample."""
        pcm = self._rest + pcm
        whole = len(pcm) // SAMPLE_BYTES * SAMPLE_BYTES
        self._rest = pcm[whole:]
        if whole:
            self._pieces.append(pcm[:whole])
            self._waiting += whole
            self.made += whole
            self._changed()

    def finish(self, failure: str = "") -> None:
        """Notes that no more comes; `failure` is why, if something went wrong."""
        self.complete = True
        self.failure = failure
        self._changed()

    def take(self, size: int) -> bytes:
        """Removes at most `size` bytes, which is even, from the front, and returns them."""
        taken: list[bytes] = []
        while self._pieces and size:
            piece = self._pieces.popleft()
            if len(piece) > size:
                self._pieces.appendleft(piece[size:])
                piece = piece[:size]
            taken.append(piece)
            size -= len(piece)
        pcm = b"".join(taken)
        self._waiting -= len(pcm)
        return pcm

    def copy(self) -> bytes:
        """Returns what waits, and leaves it there."""
        return b"".join(self._pieces)

    def restore(self, pcm: bytes, made: int) -> None:
        """Takes over what waits from another process, where `made` bytes were made."""
        self._pieces.append(pcm)
        self._waiting = len(pcm)
        self.made = made

    def clear(self) -> None:
        """Drops what waits, and what would still come."""
        self._pieces.clear()
        self._waiting = 0
        self.complete = True

    def _changed(self) -> None:
        if self.on_change is not None:
            self.on_change()
