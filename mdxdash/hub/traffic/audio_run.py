"""Adds up blocks of audio that follow each other, so that they are one event: a server that
streams speech sends 25 or more of them a second, all alike."""

from typing import Final

from mdxdash.language.translation import N_
from mdxdash.wire.audio import SAMPLE_RATE

PAUSE: Final = 1.0
"""Seconds without a block after which a run is over."""

LONGEST: Final = 10.0
"""Seconds after which a run that goes on is reported, and a new one begins."""

_SAMPLE_BYTES: Final = 2


class AudioRun:
    """The blocks of one run, which is empty at first. Times are monotonic, in seconds."""

    def __init__(self) -> None:
        self.blocks = 0
        self.payload = 0
        """Bytes of sound."""
        self.size = 0
        """Bytes on the wire, with the blocks' heads."""
        self._first = self._last = 0.0

    def add(self, payload: int, size: int, now: float) -> None:
        """Adds a block with `payload` bytes of sound, which takes `size` bytes on the wire."""
        if not self.blocks:
            self._first = now
        self._last = now
        self.blocks += 1
        self.payload += payload
        self.size += size

    def is_over(self, now: float) -> bool:
        """Returns whether there are blocks to be reported now."""
        return self.blocks > 0 and (now - self._last >= PAUSE or now - self._first >= LONGEST)

    @property
    def text(self) -> str:
        """What is shown: `960 bytes of audio`, or
        `100 blocks of audio, 96,000 bytes: 3.0 s of sound in 2.9 s, 34 blocks/s`."""
        if self.blocks == 1:
            return N_("{payload:,} bytes of audio").format(payload=self.payload)
        sound = self.payload / (SAMPLE_RATE * _SAMPLE_BYTES)
        took = self._last - self._first
        rate = (
            N_(", {blocks:,.0f} blocks/s").format(blocks=(self.blocks - 1) / took)
            if took >= 0.05
            else ""
        )
        return N_(
            "{blocks:,} blocks of audio, {payload:,} bytes: "
            "{sound:.1f} s of sound in {took:.1f} s{rate}"
        ).format(blocks=self.blocks, payload=self.payload, sound=sound, took=took, rate=rate)
