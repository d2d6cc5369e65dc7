"""Synthesized speech with its lip movement, sounds, captions."""

from mdxdash.simulator.content.agenda import Agenda
from mdxdash.simulator.content.part import ContentPart, to_number

SOUND_LENGTH = 1.6
"""Seconds of every sound file."""

SECONDS_A_CHARACTER = 0.13
"""Seconds of speech per character of any language."""

SILENCE = 0.15
"""Seconds before and after a sentence."""


class Voices(ContentPart):
    """Running speech, lip movements, sounds and captions."""

    def __init__(self, agenda: Agenda) -> None:
        super().__init__(agenda)
        self.commands = {
            "SYNTH_START": (self._start_synth, 3),
            "SYNTH_STOP": (self._stop_synth, 1),
            "LIPSYNC_START": (self._start_lipsync, 2),
            "LIPSYNC_STOP": (self._stop_lipsync, 1),
            "SOUND_START": (self._start_sound, 2),
            "SOUND_STOP": (self._stop_sound, 1),
            "CAPTION_START": (self._start_caption, 4),
            "CAPTION_STOP": (self._stop_caption, 1),
        }

    def _start_synth(self, now: float, arguments: list[str]) -> None:
        model, _, text = arguments[:3]
        self._end(now, "SYNTH", model)
        seconds = 2 * SILENCE + SECONDS_A_CHARACTER * len(text)
        self._issue(now, "SYNTH_EVENT_START", model)
        self._issue(now, "LIPSYNC_START", model, phonemes(text))
        self._issue(now + seconds, "SYNTH_EVENT_STOP", model, name=("SYNTH", model))

    def _stop_synth(self, now: float, arguments: list[str]) -> None:
        if self._end(now, "SYNTH", arguments[0]):
            self._issue(now, "LIPSYNC_STOP", arguments[0])

    def _start_lipsync(self, now: float, arguments: list[str]) -> None:
        model, sequence = arguments[:2]
        self._end(now, "LIPSYNC", model)
        seconds = sum(to_number(part) for part in sequence.split(",")[1::2]) / 1000
        self._issue(now, "LIPSYNC_EVENT_START", model)
        self._issue(now + seconds, "LIPSYNC_EVENT_STOP", model, name=("LIPSYNC", model))

    def _stop_lipsync(self, now: float, arguments: list[str]) -> None:
        self._end(now, "LIPSYNC", arguments[0])

    def _start_sound(self, now: float, arguments: list[str]) -> None:
        alias = arguments[0]
        self._end(now, "SOUND", alias)
        self._issue(now + 0.02, "SOUND_EVENT_START", alias)
        self._issue(now + SOUND_LENGTH, "SOUND_EVENT_STOP", alias, name=("SOUND", alias))

    def _stop_sound(self, now: float, arguments: list[str]) -> None:
        self._end(now, "SOUND", arguments[0])

    def _start_caption(self, now: float, arguments: list[str]) -> None:
        alias = arguments[0]
        self._issue(now + 0.01, "CAPTION_EVENT_START", alias)
        end = now + to_number(arguments[3])
        self._issue(end, "CAPTION_EVENT_STOP", alias, name=("CAPTION", alias))

    def _stop_caption(self, now: float, arguments: list[str]) -> None:
        self._end(now, "CAPTION", arguments[0])


def phonemes(text: str) -> str:
    """Return a lip movement for `text`: phonemes and milliseconds, `sil,150,a,130,i,130,…`.

    The vowels are derived from the character codes; the length is that of the speech.
    """
    silence = f"sil,{round(SILENCE * 1000)}"
    duration = round(SECONDS_A_CHARACTER * 1000)
    moves = [f"{'aiueo'[ord(character) % 5]},{duration}" for character in text]
    return ",".join([silence, *moves, silence])
