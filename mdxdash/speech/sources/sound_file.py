"""Sound files: 16 kHz WAV with Python alone; other WAV, FLAC, OGG and MP3 with `soundfile` and
`soxr`."""

import io
import wave
from pathlib import Path
from typing import BinaryIO, Final

from mdxdash.language.translation import N_
from mdxdash.settings.regular_file import open_regular
from mdxdash.speech.pcm_buffer import SAMPLE_BYTES
from mdxdash.speech.sources.resampling import Resampler
from mdxdash.speech.sources.sound import EXTRA, PIECE_BYTES, Sound, SoundError
from mdxdash.wire.audio import SAMPLE_RATE

_PIECE_SECONDS: Final = 0.2


def open_sound(source: Path | BinaryIO, name: str = "") -> Sound:
    """Opens a sound file. Blocks; call it in a thread.

    Args:
        source: Its path, or the file's bytes to read from, which can seek.
        name: What is shown; by default the file's name.

    Raises:
        SoundError: It cannot be opened, or is no sound; or it needs what is not installed.
    """
    name = name or (source.name if isinstance(source, Path) else "sound")
    try:
        file = open_regular(source) if isinstance(source, Path) else source
    except OSError as error:
        raise SoundError(f"{source}: {error.strerror or error}") from error
    try:
        head = file.read(12)
        file.seek(0)
        if head[:4] == b"RIFF" and head[8:] == b"WAVE":
            if (plain := _plain_wav(file, name)) is not None:
                return plain
            file.seek(0)
        return _DecodedFile(file, name)
    except BaseException:
        file.close()
        raise


class SoundFile:
    """A sound file that is opened when it is read. Implements `Sound`."""

    def __init__(self, path: Path, skip: int = 0) -> None:
        """`skip` is how many bytes of its sound are left out at the beginning."""
        self.name = path.name
        self.path = path
        self._skip = skip
        self._opened: Sound | None = None

    @property
    def seconds(self) -> float | None:
        """Its length; None before it is opened."""
        return None if self._opened is None else self._opened.seconds

    def read(self) -> bytes:
        """Returns the next piece; empty at the end. Raises `SoundError`."""
        if self._opened is None:
            self._opened = open_sound(self.path)
        piece = self._opened.read()
        while self._skip and piece:
            piece, self._skip = piece[self._skip :], max(0, self._skip - len(piece))
            piece = piece or self._opened.read()
        return piece

    def close(self) -> None:
        """Closes the file."""
        if self._opened is not None:
            self._opened.close()

    def abort(self) -> None:
        """A file ends no read earlier."""


def _plain_wav(file: BinaryIO, name: str) -> Sound | None:
    """Opens a WAV of 16 kHz, 16 bit and one channel; None if it is another one."""
    try:
        wav = wave.open(file)  # noqa: SIM115  closed with its file
    except (wave.Error, EOFError):
        return None  # another sample format, which `wave` does not know
    if (wav.getframerate(), wav.getsampwidth(), wav.getnchannels()) != (SAMPLE_RATE, 2, 1):
        return None
    return _PlainWav(file, wav, name)


class _PlainWav:
    def __init__(self, file: BinaryIO, wav: wave.Wave_read, name: str) -> None:
        self.name = name
        # What a header says that was written before the sound, as by a pipe, is not true.
        end = file.seek(0, io.SEEK_END)
        self.seconds: float | None = min(wav.getnframes(), end // SAMPLE_BYTES) / SAMPLE_RATE
        self._file = file
        self._wav = wav
        wav.rewind()

    def read(self) -> bytes:
        try:
            return self._wav.readframes(PIECE_BYTES // SAMPLE_BYTES)
        except (OSError, EOFError, wave.Error) as error:
            raise SoundError(f"{self.name}: {error}") from error

    def close(self) -> None:
        self._file.close()

    def abort(self) -> None: ...


class _DecodedFile:
    """A file that `soundfile` reads."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        try:
            import soundfile  # noqa: PLC0415  an extra, and slow to load
        except ImportError as error:
            raise SoundError(
                N_(
                    "{name}: expected a WAV of 16 kHz, 16 bit and one channel; for all others: "
                    "{package}"
                ).format(name=name, package=EXTRA)
            ) from error
        try:
            self._sound: soundfile.SoundFile = soundfile.SoundFile(file)
            # soundfile seeks behind each piece that it has read, to where it is already, and so
            # each piece of an MP3 would begin without what its decoder knew (0.14: `_cdata_io`).
            self._sound.seekable = lambda: False
        except soundfile.SoundFileError as error:
            raise SoundError(
                N_("{name}: expected a sound file (WAV, FLAC, OGG, MP3)").format(name=name)
            ) from error
        self.name = name
        rate = int(self._sound.samplerate)
        frames = int(self._sound.frames)
        # What cannot be known before the end is a very large number.
        self.seconds: float | None = frames / rate if frames < 2**40 else None
        self._file = file
        self._resampler = Resampler(rate, int(self._sound.channels))
        self._piece = max(1, int(rate * _PIECE_SECONDS))
        self._ended = False

    def read(self) -> bytes:
        import soundfile  # noqa: PLC0415  loaded already

        while not self._ended:
            try:
                samples = self._sound.read(self._piece, dtype="float32", always_2d=True)
            except (soundfile.SoundFileError, OSError) as error:
                raise SoundError(f"{self.name}: {error}") from error
            self._ended = len(samples) < self._piece
            if pcm := self._resampler.convert(samples, last=self._ended):
                return pcm
        return b""

    def close(self) -> None:
        self._sound.close()
        self._file.close()

    def abort(self) -> None: ...
