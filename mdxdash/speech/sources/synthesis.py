"""Speech from text: a command of the user that writes sound, sentence by sentence.

While a sentence sounds, the next one is synthesised, as far as the utterance's buffer has room.
"""

import re
from typing import Final

from mdxdash.language.translation import N_
from mdxdash.processes.child_process import CommandError, split_command
from mdxdash.settings.tables.command_sections import VoiceSettings
from mdxdash.speech.sources.sound import SoundError
from mdxdash.speech.sources.synthesis_process import SynthesisProcess

_SENTENCE: Final = re.compile(r"[^。！？!?\n]*(?:[。！？!?]+[」』）)\"]*|\n|\Z)")
"""A sentence with its end. A full stop of the Latin script may be in a number, so it ends none."""


def sentences(text: str) -> tuple[str, ...]:
    """Splits a text into its sentences; a text without a letter or digit has none."""
    found = (each.strip() for each in _SENTENCE.findall(text))
    return tuple(each for each in found if any(map(str.isalnum, each)))


class SpokenText:
    """A text that a synthesiser speaks. Implements `Sound`; `read` blocks while it works."""

    def __init__(
        self, text: str, voice: VoiceSettings, voice_name: str, longest: float = 600.0
    ) -> None:
        """`longest` is how many seconds of sound a sentence may have. Raises `SoundError` for a
        command that cannot be started."""
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
        self._longest = longest
        self._sentences = list(sentences(text))
        self._current: SynthesisProcess | None = None
        self._is_closed = False

    def read(self) -> bytes:
        """Returns the next piece of sound; empty behind the last sentence. Raises `SoundError`."""
        while not self._is_closed:
            if self._current is None:
                if not self._sentences:
                    return b""
                sentence = self._sentences.pop(0)
                self._current = SynthesisProcess(
                    self._words, sentence, self._voice, self._timeout, self._longest
                )
                if self._is_closed:  # by an abort that came before there was something to end
                    self._current.abort()
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
