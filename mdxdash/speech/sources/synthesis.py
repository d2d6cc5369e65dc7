"""Speech from text: a command of the user that writes sound, sentence by sentence.

While a sentence sounds, the next one is synthesised, as far as the utterance's buffer has room.
"""

import os
import re
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final, cast

from mdxdash.language.translation import N_
from mdxdash.processes.child_process import (
    CommandError,
    ProcessGroup,
    describe_failure,
    filled,
    group_options,
    split_command,
)
from mdxdash.settings.command_sections import VoiceSettings
from mdxdash.speech.sources.sound import Sound, SoundError
from mdxdash.speech.sources.sound_file import open_sound
from mdxdash.speech.sources.wav_stream import open_wav_stream

_SENTENCE: Final = re.compile(r"[^。！？!?\n]*(?:[。！？!?]+[」』）)\"]*|\n|\Z)")
"""A sentence with its end. A full stop of the Latin script may be in a number, so it ends none."""

_STDERR_BYTES: Final = 4000
"""The end of what a synthesiser writes to its standard error is repeated when it fails."""


def sentences(text: str) -> tuple[str, ...]:
    """Splits a text into its sentences; a text without a letter or digit has none."""
    found = (each.strip() for each in _SENTENCE.findall(text))
    return tuple(each for each in found if any(map(str.isalnum, each)))


class SpokenText:
    """A text that a synthesiser speaks. Implements `Sound`; `read` blocks while it works."""

    def __init__(self, text: str, voice: VoiceSettings, voice_name: str) -> None:
        """Raises `SoundError` for a command that cannot be started."""
        try:
            self._words = split_command(voice.command)
        except CommandError as error:
            raise SoundError(
                N_("voice {voice_name}: {error}").format(voice_name=voice_name, error=error)
            ) from error
        self.name = text
        self.seconds: float | None = None
        self._voice = voice_name
        self._timeout = voice.timeout
        self._sentences = list(sentences(text))
        self._current: _Synthesis | None = None
        self._is_closed = False

    def read(self) -> bytes:
        """Returns the next piece of sound; empty behind the last sentence. Raises `SoundError`."""
        while not self._is_closed:
            if self._current is None:
                if not self._sentences:
                    return b""
                sentence = self._sentences.pop(0)
                self._current = _Synthesis(self._words, sentence, self._voice, self._timeout)
            if piece := self._current.read():
                return piece
            self._current.close()
            self._current = None
        return b""

    def close(self) -> None:
        """Ends the synthesiser, if it still works."""
        self._is_closed = True
        if self._current is not None:
            self._current.close()

    def abort(self) -> None:
        """Ends the synthesiser, if it still works."""
        self._is_closed = True
        if (current := self._current) is not None:
            current.abort()


class _Synthesis:
    """One run of the command, for one sentence."""

    def __init__(self, words: Sequence[str], text: str, voice: str, timeout: float) -> None:
        self._voice = voice
        self._timeout = timeout
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._sound: Sound | None = None
        self._timed_out = False
        values = {"text": text}
        if any("{out}" in word for word in words):
            self._folder = tempfile.TemporaryDirectory(
                prefix="mdxdash-", ignore_cleanup_errors=True
            )
            values["out"] = str(Path(self._folder.name) / "speech.wav")
        self._out = values.get("out", "")
        # A file and no pipe, which nobody would read meanwhile.
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  closed with the rest
        try:
            self._process = subprocess.Popen(
                filled(words, values),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL if self._out else subprocess.PIPE,
                stderr=self._errors,
                **group_options(),
            )
        except OSError as error:
            self._clean()
            raise SoundError(
                N_("voice {voice}: {words}").format(
                    voice=voice, words=describe_failure(words, error)
                )
            ) from error
        self._group = ProcessGroup(self._process.pid)
        self._timer = threading.Timer(timeout, self._time_over)
        self._timer.daemon = True
        self._timer.start()
        given = "" if any("{text}" in word for word in words) else text + "\n"
        self._writer = threading.Thread(target=self._write, args=(given.encode(),), daemon=True)
        self._writer.start()

    def read(self) -> bytes:
        if self._sound is None:
            self._sound = self._open()
        piece = self._sound.read()
        if not piece:
            self._check_end()
        return piece

    def abort(self) -> None:
        if self._process.poll() is None:
            self._group.end()

    def close(self) -> None:
        self._timer.cancel()
        if self._process.poll() is None:
            self._group.end()
            self._process.wait()
        self._group.close()
        if self._sound is not None:
            self._sound.close()
        elif self._process.stdout is not None:
            self._process.stdout.close()
        self._clean()

    def _open(self) -> Sound:
        if self._out:
            self._check_end()
            return open_sound(Path(self._out), N_("voice {voice}").format(voice=self._voice))
        stream = cast(BinaryIO, self._process.stdout)
        try:
            return open_wav_stream(stream, N_("voice {voice}").format(voice=self._voice))
        except SoundError as error:
            stream.close()
            self._check_end()  # why it wrote none is the better text
            raise error

    def _check_end(self) -> None:
        """Waits for the end of the command. Raises `SoundError` if it failed."""
        code = self._process.wait()
        self._timer.cancel()
        if self._timed_out:
            raise SoundError(
                N_("voice {voice}: no sound within {timeout:g} s").format(
                    voice=self._voice, timeout=self._timeout
                )
            )
        if code:
            size = self._errors.seek(0, os.SEEK_END)
            self._errors.seek(max(0, size - _STDERR_BYTES))
            said = self._errors.read().decode("utf-8", "replace").strip().splitlines()
            why = f": {said[-1]}" if said else ""
            raise SoundError(
                N_("voice {voice}: it ended with code {code}{why}").format(
                    voice=self._voice, code=code, why=why
                )
            )

    def _write(self, given: bytes) -> None:
        """In a thread, since a command may not read before it has written."""
        assert self._process.stdin is not None
        with suppress(OSError, ValueError):
            self._process.stdin.write(given)
            self._process.stdin.close()

    def _time_over(self) -> None:
        self._timed_out = True
        self._group.end()

    def _clean(self) -> None:
        self._errors.close()
        if self._folder is not None:
            self._folder.cleanup()
