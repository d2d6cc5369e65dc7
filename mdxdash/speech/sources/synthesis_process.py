"""One run of a synthesiser, for one sentence: bounded in time, in sound and in what it writes."""

import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final, cast

from mdxdash.language.translation import N_
from mdxdash.processes.child_process import (
    ProcessGroup,
    describe_failure,
    filled,
    group_options,
)
from mdxdash.processes.pipe_reader import PipeReader
from mdxdash.speech.sources.sound import Sound, SoundError
from mdxdash.speech.sources.sound_file import open_sound
from mdxdash.speech.sources.wav_stream import open_wav_stream

_STDERR_BYTES: Final = 4000
"""The end of what a synthesiser writes to its standard error is repeated when it fails."""

_END_WITHIN: Final = 0.5
"""Seconds in which a synthesiser ends that has written no sound."""

_STDERR_WITHIN: Final = 1.0
"""Seconds after its end in which its standard error is read to its end."""

_FILE_BYTES_A_SECOND: Final = 48_000 * 2 * 4
"""What a second of sound takes in a file, at most: 48 kHz, two channels, samples of 4 bytes."""

_LOOK_EVERY: Final = 0.1
"""Seconds between two looks at the time and at the file."""


class SynthesisProcess:
    """One run of the command, for one sentence."""

    def __init__(
        self, words: Sequence[str], text: str, voice: str, timeout: float, longest: float
    ) -> None:
        """
        Args:
            words: The command.
            text: The sentence.
            voice: The name of the voice, for errors.
            timeout: Seconds that it may take.
            longest: Seconds of sound that it may make.

        Raises:
            SoundError: It cannot be started.
        """
        self._voice = voice
        self._timeout = timeout
        self._file_bytes = round(longest * _FILE_BYTES_A_SECOND)
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._sound: Sound | None = None
        self._problem = ""
        """Why it was ended."""
        # What no system takes in an argument, and no synthesiser can say.
        text = text.replace("\0", "").encode("utf-8", "replace").decode()
        values = {"text": text}
        if text.startswith("-") and any(word.startswith("{text}") for word in words):
            # The synthesiser would take an argument with a dash in front as an option.
            values["text"] = f" {text}"
        if any("{out}" in word for word in words):
            self._folder = tempfile.TemporaryDirectory(
                prefix="mdxdash-", ignore_cleanup_errors=True
            )
            values["out"] = str(Path(self._folder.name) / "speech.wav")
        self._out = values.get("out", "")
        try:
            self._process = subprocess.Popen(
                filled(words, values),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL if self._out else subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                **group_options(),
            )
        except (OSError, ValueError) as error:
            if self._folder is not None:
                self._folder.cleanup()
            why = describe_failure(words, error)
            raise SoundError(N_("voice {voice}: {words}").format(voice=voice, words=why)) from error
        self._group = ProcessGroup(self._process.pid)
        self._output = None if self._process.stdout is None else self._reader(self._process.stdout)
        assert self._process.stderr is not None
        self._errors = self._reader(self._process.stderr)
        self._said = bytearray()
        """The end of its standard error."""
        self._is_over = threading.Event()
        given = "" if any("{text}" in word for word in words) else text + "\n"
        for work in (self._watch, lambda: self._write(given.encode())):
            threading.Thread(target=work, name="voice", daemon=True).start()
        self._error_thread = threading.Thread(target=self._keep_errors, name="voice", daemon=True)
        self._error_thread.start()

    def read(self) -> bytes:
        """Returns the next piece of sound; empty at the end. Raises `SoundError`."""
        if self._sound is None:
            self._sound = self._open()
        piece = self._sound.read()
        if not piece:
            self._check_end()
        return piece

    def abort(self) -> None:
        """Ends it and a `read` that waits; from any thread."""
        self._group.end()
        self._stop()

    def close(self) -> None:
        """Ends it with its children, and releases what belongs to it."""
        self._is_over.set()
        self.abort()
        self._process.wait()
        self._group.close()
        if self._sound is not None:
            self._sound.close()
        if self._output is not None:
            self._output.close()
        self._error_thread.join(_STDERR_WITHIN)
        if not self._error_thread.is_alive():
            self._errors.close()
        if self._folder is not None:
            self._folder.cleanup()

    def _reader(self, pipe: object) -> PipeReader:
        return PipeReader(cast(BinaryIO, pipe), lambda: self._process.poll() is not None)

    def _stop(self) -> None:
        self._errors.stop()
        if self._output is not None:
            self._output.stop()

    def _open(self) -> Sound:
        name = N_("voice {voice}").format(voice=self._voice)
        if self._output is None:
            self._check_end()
            return open_sound(Path(self._out), name)
        try:
            return open_wav_stream(cast(BinaryIO, self._output), name)
        except SoundError as error:
            # Why it wrote none is the better text; but it may wait for somebody to read the rest.
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_END_WITHIN)
            if self._process.poll() or self._problem:
                self._check_end()
            raise error

    def _check_end(self) -> None:
        """Waits for the end of the command. Raises `SoundError` if it failed."""
        code = self._process.wait()
        self._is_over.set()
        if self._problem:
            raise SoundError(self._problem)
        if code:
            self._error_thread.join(_STDERR_WITHIN)
            said = self._said.decode("utf-8", "replace").strip().splitlines()
            why = f": {said[-1]}" if said else ""
            raise SoundError(
                N_("voice {voice}: it ended with code {code}{why}").format(
                    voice=self._voice, code=code, why=why
                )
            )

    def _watch(self) -> None:
        """In a thread: ends it when it takes too long, or writes too much sound."""
        deadline = time.monotonic() + self._timeout
        while not self._is_over.wait(min(_LOOK_EVERY, max(0.0, deadline - time.monotonic()))):
            if time.monotonic() >= deadline:
                self._problem = N_("voice {voice}: no sound within {timeout:g} s").format(
                    voice=self._voice, timeout=self._timeout
                )
            elif self._out and _size(Path(self._out)) > self._file_bytes:
                self._problem = N_(
                    "voice {voice}: its file has more sound than [speech] longest allows"
                ).format(voice=self._voice)
            if self._problem:
                self.abort()
                return

    def _write(self, given: bytes) -> None:
        """In a thread, since a command may not read before it has written."""
        assert self._process.stdin is not None
        with suppress(OSError, ValueError):
            self._process.stdin.write(given)
        with suppress(OSError, ValueError):
            self._process.stdin.close()

    def _keep_errors(self) -> None:
        """In a thread: reads its standard error, and keeps the end."""
        with suppress(OSError, ValueError):
            while piece := self._errors.read(_STDERR_BYTES):
                self._said += piece
                del self._said[:-_STDERR_BYTES]


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0
