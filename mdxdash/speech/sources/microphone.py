"""The default microphone of this machine as a sound that goes on until it is stopped."""

from typing import Final

from mdxdash.language.translation import N_
from mdxdash.settings.extras import install_hint
from mdxdash.speech.sources.sound import SoundError
from mdxdash.wire.audio import SAMPLE_RATE

_FRAMES: Final = SAMPLE_RATE // 25
"""Samples that are read at a time: 40 ms, a block."""


class Microphone:
    """Records from when it is first read. Implements `Sound`."""

    name = "microphone"
    seconds: float | None = None

    def __init__(self) -> None:
        """Raises `SoundError` if there is no microphone, or what it needs is not installed."""
        try:
            import sounddevice  # noqa: PLC0415  an extra, and slow to load
        except (ImportError, OSError) as error:  # OSError: PortAudio is missing
            raise SoundError(
                N_("the microphone needs more: {install} ({error})").format(
                    install=install_hint("microphone"), error=error
                )
            ) from error
        self._error: type[Exception] = sounddevice.PortAudioError
        self._is_stopped = False
        try:
            self._stream: sounddevice.RawInputStream = sounddevice.RawInputStream(
                samplerate=SAMPLE_RATE, channels=1, dtype="int16", blocksize=_FRAMES
            )
        except (sounddevice.PortAudioError, ValueError) as error:
            raise SoundError(
                N_("the microphone cannot be opened: {error}").format(error=error)
            ) from error
        self._is_open = False

    def read(self) -> bytes:
        """Returns the next 40 ms; empty after `abort`. Raises `SoundError`."""
        try:
            if not self._is_open:
                self._stream.start()
                self._is_open = True
            if self._is_stopped:
                return b""
            data, _ = self._stream.read(_FRAMES)
        except self._error as error:
            raise SoundError(N_("the microphone failed: {error}").format(error=error)) from error
        return bytes(data)

    def abort(self) -> None:
        """Ends the recording with the piece that is read now."""
        self._is_stopped = True

    def close(self) -> None:
        """Releases the microphone."""
        self._stream.close()
