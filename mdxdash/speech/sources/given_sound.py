"""Sound that another process records or makes, and hands over piece by piece."""

import asyncio
from queue import SimpleQueue
from typing import Final

from mdxdash.language.translation import N_
from mdxdash.speech.sources.sound import SoundError

_WAITING: Final = 4
"""Pieces that wait to be read; who gives more of them waits."""

_PAUSE: Final = 0.02
"""Seconds between two looks whether there is room."""


class GivenSound:
    """Implements `Sound`. Pieces are given from the event loop, and read in a thread."""

    def __init__(self, name: str) -> None:
        """`name` is what is shown."""
        self.name = name
        self.seconds: float | None = None
        self._pieces: SimpleQueue[bytes] = SimpleQueue()
        self._is_closed = False
        self._is_whole = False

    async def give(self, pcm: bytes) -> None:
        """Adds a piece, 16 kHz, 16 bit, mono; an empty one ends the sound. Returns when more can be
        given. Raises `SoundError` when no more of it is spoken."""
        if self._is_closed or self._is_whole:
            raise SoundError(N_("no more of it is spoken"))
        self._is_whole = not pcm
        self._pieces.put(pcm)
        while self._pieces.qsize() >= _WAITING and not self._is_closed:
            await asyncio.sleep(_PAUSE)

    def read(self) -> bytes:
        """Returns the next piece as soon as there is one; empty at the end."""
        return self._pieces.get()

    def close(self) -> None:
        """No more is taken."""
        self._is_closed = True

    def abort(self) -> None:
        """Ends the sound with what was given."""
        self._is_closed = True
        self._pieces.put(b"")
