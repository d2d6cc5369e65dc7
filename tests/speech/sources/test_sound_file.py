"""Sound files of all kinds become 16 kHz, 16 bit, mono, as a reference resampler has them."""

import array
import math
import os
import wave
from pathlib import Path

import pytest

from mdxdash.speech.sources.sound import SoundError
from mdxdash.speech.sources.sound_file import open_sound
from tests.support.heard import noise, tone


def read(path: Path) -> bytes:
    """All sound of a file."""
    sound = open_sound(path)
    try:
        return b"".join(iter(sound.read, b""))
    finally:
        sound.close()


def write_wav(path: Path, pcm: bytes, rate: int = 16_000) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(pcm)
    return path


def test_a_plain_wav_is_taken_bit_for_bit(tmp_path: Path) -> None:
    pcm = noise(0.5)
    path = write_wav(tmp_path / "plain.wav", pcm)
    assert open_sound(path).seconds == 0.5
    assert read(path) == pcm


def test_what_is_no_sound_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("no sound")
    with pytest.raises(SoundError, match=r"notes\.txt: expected a sound file"):
        open_sound(path)
    with pytest.raises(SoundError, match=r"missing\.wav: No such file"):
        open_sound(tmp_path / "missing.wav")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are none here")
def test_a_fifo_is_no_sound_file(tmp_path: Path) -> None:
    path = tmp_path / "fifo.wav"
    os.mkfifo(path)
    with pytest.raises(SoundError, match=r"fifo\.wav: it is a named pipe, not a regular file"):
        open_sound(path)


@pytest.mark.filterwarnings("error")
def test_a_sample_that_is_no_number_is_silence(tmp_path: Path) -> None:
    soundfile = pytest.importorskip("soundfile")
    path = tmp_path / "nan.wav"
    samples = array.array("f", [math.nan] * 800)
    soundfile.write(path, samples, 16_000, subtype="FLOAT")
    assert read(path) == bytes(1600)


FORMATS = [
    ("wav", "PCM_U8"),
    ("wav", "PCM_16"),
    ("wav", "PCM_24"),
    ("wav", "FLOAT"),
    ("flac", "PCM_16"),
    ("ogg", "VORBIS"),
    ("mp3", "MPEG_LAYER_III"),
]


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 48_000])
@pytest.mark.parametrize(("kind", "subtype"), FORMATS)
def test_every_format_becomes_what_a_reference_makes_of_its_samples(
    tmp_path: Path, kind: str, subtype: str, rate: int, channels: int
) -> None:
    soundfile = pytest.importorskip("soundfile")
    soxr = pytest.importorskip("soxr")
    numpy = pytest.importorskip("numpy")
    left = numpy.array(tone(0.7, rate), dtype="float64")
    columns = numpy.stack([left, left * 0.5][:channels], axis=1)
    path = tmp_path / f"tone.{kind}"
    soundfile.write(path, columns, rate, subtype=subtype)
    # The reference: the file's own samples, as its codec has them, converted whole.
    samples, _ = soundfile.read(path, dtype="float64", always_2d=True)
    wanted = soxr.resample(samples.mean(axis=1), rate, 16_000, quality="VHQ")
    got = numpy.array(array.array("h", read(path))) / 32768
    assert abs(len(got) - len(wanted)) <= 1
    length = min(len(got), len(wanted))
    error = got[:length] - wanted[:length]
    level = math.sqrt((error**2).mean() / (wanted[:length] ** 2).mean())
    assert 20 * math.log10(level) < -60
