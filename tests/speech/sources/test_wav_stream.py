"""WAV and raw samples that are read while they are made."""

import io
import struct

import pytest

from mdxdash.speech.sources.sound import SoundError
from mdxdash.speech.sources.wav_stream import RawStream, open_wav_stream
from tests.support.heard import noise


def wav(
    pcm: bytes, *, tag: int = 1, bits: int = 16, channels: int = 1, size: int = 0xFFFFFFFF
) -> bytes:
    form = struct.pack("<HHIIHH", tag, channels, 16_000, 32_000, 2, bits)
    extra = b"LIST" + struct.pack("<I", 3) + b"abc\0"
    head = b"RIFF" + struct.pack("<I", 0xFFFFFFFF) + b"WAVE" + extra + b"fmt "
    return head + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", size) + pcm


def read(data: bytes) -> bytes:
    return b"".join(iter(open_wav_stream(io.BytesIO(data), "x").read, b""))


def test_a_length_that_is_not_known_is_no_error() -> None:
    pcm = noise(0.5)
    assert read(wav(pcm)) == pcm
    assert read(wav(pcm, size=0)) == pcm


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", "expected a WAV"),
        (b"hello, what is this", "expected a WAV"),
        (wav(b"")[:20], "no sound in it"),
        (wav(b"", channels=0), "the WAV has no channel"),
        (wav(b"", bits=24), "expected a WAV of 16 bit, got 24 bit"),
        (wav(b"", tag=3, bits=32), "expected a WAV of 16 bit, got 32 bit"),
    ],
)
def test_what_is_something_else_is_named(data: bytes, error: str) -> None:
    with pytest.raises(SoundError, match=f"x: .*{error}"):
        read(data)


def test_raw_samples_of_another_rate_are_converted() -> None:
    pytest.importorskip("soxr")
    stream = RawStream(io.BytesIO(noise(1.0) * 3), 48_000, "x")
    assert abs(len(b"".join(iter(stream.read, b""))) - 32_000) <= 4
