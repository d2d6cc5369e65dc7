"""What every source of sound offers, and the errors of all of them."""

from typing import Final, Protocol

from mdxdash.settings.extras import install_hint
from mdxdash.speech.pcm_buffer import BYTES_A_SECOND

PIECE_BYTES: Final = BYTES_A_SECOND // 5
"""The sound that is read at a time, about: 0.2 s, so that it starts early."""

EXTRA: Final = install_hint("speech")
"""What installs what sound other than 16 kHz WAV needs."""


class SoundError(Exception):
    """A sound cannot be read. The text names it, and what was expected."""


class Sound(Protocol):
    """A sound that is read once, from its beginning. `read` and `close` may block, so call them in
    a thread, one at a time."""

    @property
    def name(self) -> str:
        """What is shown: a file's name."""

    @property
    def seconds(self) -> float | None:
        """Its length; None as long as it is not known."""

    def read(self) -> bytes:
        """Returns the next piece: 16 kHz, 16-bit, mono PCM; empty at the end.

        Raises `SoundError`.
        """

    def close(self) -> None:
        """Releases the file or device."""

    def abort(self) -> None:
        """Ends a `read` that blocks, where that is possible; from any thread."""


class Samples:
    """Sound that is in memory already. Implements `Sound`."""

    def __init__(self, pcm: bytes, name: str = "samples") -> None:
        """`pcm` is 16 kHz, 16-bit, little-endian, mono."""
        self.name = name
        self.seconds: float | None = len(pcm) / BYTES_A_SECOND
        self._rest = pcm

    def read(self) -> bytes:
        """Returns the next piece; empty at the end."""
        piece, self._rest = self._rest[:PIECE_BYTES], self._rest[PIECE_BYTES:]
        return piece

    def close(self) -> None:
        """Nothing is to be released."""

    def abort(self) -> None:
        """Nothing blocks."""
