"""How long the answers take: from what the user said to the agent's text and voice. Pure."""

from collections import deque
from typing import Final

import msgspec

_TURNS_KEPT: Final = 1000

_VOICE_BEFORE: Final = 10.0
"""Seconds before a text was settled in which the end of the user's voice is that of its words."""


class Turn(msgspec.Struct):
    """From what the user said to the agent's voice. Seconds are counted from the moment at which
    what the user said was settled; they are negative for an answer that came before it, as when
    the voice activity alone decided that it is the agent's turn."""

    said: str
    """What the user said, as it was recognised."""
    at: float
    """When that was settled: Unix time, seconds."""
    heard: float | None = None
    """Seconds from the end of the user's voice to that; None where the microphone's sound is not
    listened to."""
    dialogue: float | None = None
    """Seconds until the first text of the answer; None: there is none yet."""
    tts: float | None = None
    """Seconds until the first block of its sound; None: there is none yet."""

    @property
    def latency(self) -> float | None:
        """From the end of the user's voice, or where that is not known of the recognition, to the
        agent's voice; None without one."""
        return None if self.tts is None else self.tts + (self.heard or 0.0)

    @property
    def text(self) -> str:
        """The turn as a line: `こんにちは: 1.02 s = 0.40 asr + 0.31 dialogue + 0.31 tts`."""
        if self.latency is None:
            found = "no answer yet"
        else:
            parts = [] if self.heard is None else [f"{self.heard:.2f} asr"]
            before = 0.0
            if self.dialogue is not None:
                parts.append(f"{self.dialogue:.2f} dialogue")
                before = self.dialogue
            if self.tts is not None:
                parts.append(f"{self.tts - before:.2f} tts")
            found = f"{self.latency:.2f} s = {' + '.join(parts)}"
        return f"{self.said}: {found}"


class Turns:
    """The turns of a dialogue, the latest ones. All times are Unix times, in seconds."""

    def __init__(self) -> None:
        self.latest: deque[Turn] = deque(maxlen=_TURNS_KEPT)
        """Oldest first."""
        self._voice_ended: float | None = None
        self._text_began: float | None = None
        self._sound_began: float | None = None
        """When an answer began that belongs to no turn yet."""
        self._has_text = False
        """Whether the texts of answers are listened to."""
        self._answering = False
        """Whether the text of an answer came, and no sound after it."""

    @property
    def answered(self) -> Turn | None:
        """The latest turn, if its answer can be heard already."""
        turn = self.latest[-1] if self.latest else None
        return turn if turn is not None and turn.tts is not None else None

    def voice(self, time: float) -> None:
        """The user's voice is heard."""
        self._voice_ended = time

    def said(self, words: str, began: float, time: float) -> None:
        """What the user said, from `began` on, is settled."""
        turn = Turn(words, time)
        if self._voice_ended is not None and time - self._voice_ended < _VOICE_BEFORE:
            turn.heard = time - self._voice_ended
        if self._text_began is not None and self._text_began > began:
            turn.dialogue = self._text_began - time
        if self._sound_began is not None and self._sound_began > began:
            turn.tts = self._sound_began - time
        self._text_began = self._sound_began = None
        self.latest.append(turn)

    def text(self, time: float) -> None:
        """The text of an answer begins."""
        self._has_text = self._answering = True
        turn = self.latest[-1] if self.latest else None
        if turn is not None and turn.dialogue is None and turn.tts is None:
            turn.dialogue = time - turn.at
        else:
            self._text_began = time

    def backchannel(self) -> None:
        """The agent says that it listens: the sound that follows is no answer."""
        self._has_text = True

    def sound(self, time: float) -> None:
        """The agent's voice begins. One without a text before it is no answer, where texts are
        listened to: it is that of a backchannel, or goes on."""
        if self._has_text and not self._answering:
            return
        self._answering = False
        turn = self.latest[-1] if self.latest else None
        if self._text_began is None and turn is not None and turn.tts is None:
            turn.tts = time - turn.at
        else:
            self._sound_began = time
