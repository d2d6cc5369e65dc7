"""A turn: what a user said and what the agent answered, with the times between.

Times are Unix times, durations are seconds. The times of an agent's frames are grained to about
30 ms, once a frame of its 3-D loop.
"""

import msgspec


class Speech(msgspec.Struct, frozen=True, gc=False):
    """One thing that a model said, or was to say."""

    model: str
    text: str
    """What it said; a file's name for `SPEAK_START`."""
    style: str = ""
    decided: float | None = None
    """When the script or a server decided to say it; None if that was not seen."""
    voice: float | None = None
    """When the voice began; None while, or if, it does not."""
    mouth: float | None = None
    """When the mouth began to move."""
    end: float | None = None
    """When the voice ended; None while it speaks."""
    cut: bool = False
    """It was cut off."""
    uncertain: bool = False
    """The text may be that of another speech: several were decided before the voice began."""
    predicted: float | None = None
    """How long it was to take."""
    seq: int = 0
    """The event of the decision, or else of the voice."""


class Interruption(msgspec.Struct, frozen=True, gc=False):
    """The user began to speak while a model spoke."""

    model: str
    spoken: float
    """How long it had spoken by then."""
    predicted: float | None = None
    """How long it was to speak."""
    cut: bool = False
    """Its speech was cut off then."""
    overlap: float = 0.0
    """How long both spoke; 0 for typed words, which take no time."""


class Note(msgspec.Struct, frozen=True, gc=False):
    """Something else that happened in a turn: a motion, an error."""

    time: float
    seq: int
    text: str
    """Model and alias of the motion; what the error is."""
    is_error: bool = False


class Turn(msgspec.Struct, frozen=True, gc=False):
    """What a user said and what the agent answered. When it changes, a new one with its number
    replaces it."""

    number: int
    """Counts the turns of a session, from 1."""
    agent: str
    begin: float
    """When the first thing in it happened."""
    words: str | None = None
    """What the user said; None if the agent spoke unasked."""
    user_began: float | None = None
    """When the user began to speak; None for typed words, which take no time."""
    heard: float | None = None
    """When the user's words had ended."""
    speeches: tuple[Speech, ...] = ()
    """What the models said, in the order of the decisions. Of very many the first ones."""
    interruptions: tuple[Interruption, ...] = ()
    """The models that spoke when the user began."""
    notes: tuple[Note, ...] = ()
    """Motions and errors; of very many the first ones."""
    notes_left_out: int = 0
    events: tuple[int, ...] = ()
    """The `seq` of its events, of very many the first ones and the latest one."""
    complete: bool = False
    """Nothing belongs to it any more, and it never changes again."""
    gave_up: float | None = None
    """For a turn without an answer: when it ended without one."""

    @property
    def unasked(self) -> bool:
        """Whether the agent spoke without being spoken to."""
        return self.words is None

    @property
    def answer(self) -> Speech | None:
        """The speech whose voice began first; None if there is no voice."""
        voiced = (speech for speech in self.speeches if speech.voice is not None)
        return min(voiced, key=lambda speech: speech.voice or 0.0, default=None)

    @property
    def unanswered(self) -> bool:
        """Whether the user got no answer, and will get none."""
        return self.words is not None and self.complete and self.answer is None

    @property
    def latency(self) -> float | None:
        """From the end of the user's words to the agent's voice; None without one of the two."""
        answer = self.answer
        if answer is None or answer.voice is None or self.heard is None:
            return None
        return max(0.0, answer.voice - self.heard)

    @property
    def deciding(self) -> float | None:
        """From the end of the user's words to the decision of what is said."""
        answer = self.answer or (self.speeches[0] if self.speeches else None)
        if answer is None or answer.decided is None or self.heard is None:
            return None
        return max(0.0, answer.decided - self.heard)

    @property
    def synthesis(self) -> float | None:
        """From the decision to the voice."""
        answer = self.answer
        if answer is None or answer.voice is None or answer.decided is None:
            return None
        return max(0.0, answer.voice - answer.decided)

    @property
    def lips(self) -> float | None:
        """From the voice to the moving mouth."""
        answer = self.answer
        if answer is None or answer.voice is None or answer.mouth is None:
            return None
        return max(0.0, answer.mouth - answer.voice)

    @property
    def text(self) -> str:
        """What was said in answer, in order; only what was not voiced when nothing was."""
        voiced = [speech.text for speech in self.speeches if speech.voice is not None]
        return " / ".join(voiced or [speech.text for speech in self.speeches])
