"""A WAV that is read while it is written, as a synthesiser sends it to its output.

Its length need not be known: what a header says of it is often 0 or the largest number then.
"""

import struct
from typing import TYPE_CHECKING, BinaryIO, Final

from mdxdash.language.translation import N_
from mdxdash.speech.sources.resampling import Resampler
from mdxdash.speech.sources.sound import PIECE_BYTES, SoundError
from mdxdash.wire.audio import SAMPLE_RATE

if TYPE_CHECKING:
    from mdxdash.speech.sources.sound import Sound

_PCM: Final = 1
_EXTENSIBLE: Final = 0xFFFE
_LONGEST_CHUNK: Final = 2**20


class RawStream:
    """16-bit, little-endian, mono PCM of a rate, from a pipe or file. Implements `Sound`."""

    def __init__(self, stream: BinaryIO, rate: int, name: str, channels: int = 1) -> None:
        """Raises `SoundError` if the rate is not 16 kHz and what converts it is not installed."""
        self.name = name
        self.seconds: float | None = None
        self._stream = stream
        self._channels = channels
        self._rest = b""
        self._ended = False
        is_plain = rate == SAMPLE_RATE and channels == 1
        self._resampler = None if is_plain else Resampler(rate, channels)

    def read(self) -> bytes:
        """Returns the next piece, as soon as there is one; empty at the end."""
        frame = 2 * self._channels
        while not self._ended:
            data = _read_some(self._stream)
            self._ended = not data
            data = self._rest + data
            whole = len(data) // frame * frame
            data, self._rest = data[:whole], data[whole:]
            if self._resampler is not None:
                import numpy  # noqa: PLC0415  an extra, loaded by the resampler

                samples = numpy.frombuffer(data, "<i2").reshape(-1, self._channels) / 32768
                data = self._resampler.convert(samples.astype("float32"), last=self._ended)
            if data:
                return data
        return b""

    def close(self) -> None:
        """Closes the stream."""
        self._stream.close()

    def abort(self) -> None:
        """Whoever writes the stream ends it."""


def open_wav_stream(stream: BinaryIO, name: str) -> "Sound":
    """Reads the header of a WAV, and returns the sound behind it.

    Raises `SoundError` for what is no WAV of 16 bit.
    """
    head = _exactly(stream, 12)
    if head[:4] != b"RIFF" or head[8:] != b"WAVE":
        raise SoundError(
            N_("{name}: expected a WAV, got {head!r}").format(name=name, head=head[:12])
        )
    form = b""
    while True:
        chunk = _exactly(stream, 8)
        if len(chunk) < 8:
            raise SoundError(N_("{name}: the WAV has no sound in it").format(name=name))
        kind, size = chunk[:4], int.from_bytes(chunk[4:], "little")
        if kind == b"data":
            break
        if size > _LONGEST_CHUNK:
            raise SoundError(
                N_("{name}: the WAV has a part of {size:,} bytes before its sound").format(
                    name=name, size=size
                )
            )
        body = _exactly(stream, size + size % 2)
        form = body if kind == b"fmt " else form
    if len(form) < 16:
        raise SoundError(N_("{name}: the WAV does not say what is in it").format(name=name))
    tag, channels, rate, _, _, bits = struct.unpack("<HHIIHH", form[:16])
    if not channels:
        raise SoundError(N_("{name}: the WAV has no channel").format(name=name))
    if tag not in (_PCM, _EXTENSIBLE) or bits != 16:
        raise SoundError(
            N_("{name}: expected a WAV of 16 bit, got {bits} bit (format {tag})").format(
                name=name, bits=bits, tag=tag
            )
        )
    return RawStream(stream, rate, name, channels)


def _exactly(stream: BinaryIO, size: int) -> bytes:
    """Reads so many bytes; fewer only at the end."""
    data = b""
    while len(data) < size and (more := stream.read(size - len(data))):
        data += more
    return data


def _read_some(stream: BinaryIO) -> bytes:
    """Reads what is there, up to a piece; waits until something is. Empty at the end."""
    try:
        read1 = getattr(stream, "read1", stream.read)
        data: bytes = read1(PIECE_BYTES)
    except ValueError:  # it was closed meanwhile
        return b""
    return data
