"""Converts samples of any rate and number of channels to 16 kHz, 16-bit, mono PCM."""

from typing import TYPE_CHECKING, Any, Final

from mdxdash.language.translation import N_
from mdxdash.speech.sources.sound import EXTRA, SoundError
from mdxdash.wire.audio import SAMPLE_RATE

if TYPE_CHECKING:
    import numpy


_LOWEST: Final = 1000
_HIGHEST: Final = 768_000
"""Samples per second that are converted."""


class Resampler:
    """Converts one stream of sound, piece by piece, as if it were converted whole."""

    def __init__(self, rate: int, channels: int) -> None:
        """`rate` is in samples per second. Raises `SoundError` for one that no sound has, and if a
        package is missing."""
        if not _LOWEST <= rate <= _HIGHEST:
            raise SoundError(
                N_("sound of {rate:,} Hz: expected {lowest:,} to {highest:,} Hz").format(
                    rate=rate, lowest=_LOWEST, highest=_HIGHEST
                )
            )
        try:
            import numpy  # noqa: F401, PLC0415  an extra, and slow to load
            import soxr  # noqa: PLC0415
        except ImportError as error:
            raise SoundError(
                N_("sound of {rate:,} Hz needs more: {package}").format(rate=rate, package=EXTRA)
            ) from error
        self._channels = channels
        self._stream: soxr.ResampleStream | None = None
        if rate != SAMPLE_RATE:
            self._stream = soxr.ResampleStream(rate, SAMPLE_RATE, 1, dtype="float32")

    def convert(self, samples: "numpy.ndarray[Any, Any]", *, last: bool = False) -> bytes:
        """Returns what can be said of the sound so far.

        Args:
            samples: From -1 to 1, a row for each moment with a column for each channel.
            last: Whether nothing follows.
        """
        import numpy  # noqa: PLC0415  loaded already

        mono = samples.mean(axis=1, dtype=numpy.float32) if self._channels > 1 else samples[:, 0]
        if self._stream is not None:
            mono = self._stream.resample_chunk(numpy.ascontiguousarray(mono), last=last)
        # A sample of a file can be no number: it is silence.
        scaled = numpy.clip(numpy.rint(numpy.nan_to_num(mono) * 32768.0), -32768, 32767)
        pcm: bytes = scaled.astype("<i2").tobytes()
        return pcm
