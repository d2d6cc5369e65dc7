"""Makes turns of what one agent's user and models say.

A turn begins with the user's words. What is decided then is the answer, if it comes within
`ANSWER_MAX`; so is what follows on it within `CONTINUES`. Other speech is a turn of its own:
the agent spoke unasked.
"""

from collections.abc import Callable
from itertools import count
from typing import Final

from mdxdash.dialogue.speech import Utterance
from mdxdash.dialogue.turn import Interruption, Note, Turn

ANSWER_MAX: Final = 30.0
"""Seconds after the user's words when what the agent says is no answer to them any more."""

CONTINUES: Final = 1.5
"""Seconds of silence after which what the agent says is no part of the same answer."""

SPEECHES_MAX: Final = 32
"""Speeches that a turn names."""

NOTES_MAX: Final = 8
"""Notes that a turn has; the others are counted."""

EVENTS_MAX: Final = 64
"""Events that a turn names."""

_NEVER = float("inf")


class _Interrupted:
    """A speech that was going on when the user began to speak."""

    def __init__(self, speech: Utterance, time: float) -> None:
        self.speech = speech
        self.spoken = max(0.0, time - (speech.voice or time))
        self._began = time

    def frozen(self, heard: float | None) -> Interruption:
        """Returns it as it is now; `heard` is when the user's words had ended."""
        speech = self.speech
        ends = [time for time in (heard, speech.end) if time is not None]
        overlap = max(0.0, min(ends, default=self._began) - self._began)
        return Interruption(speech.model, self.spoken, speech.predicted, speech.cut, overlap)


class _OpenTurn:
    """A turn while it happens."""

    def __init__(self, number: int, agent: str, begin: float) -> None:
        self.number = number
        self.agent = agent
        self.begin = begin
        self.words: str | None = None
        self.user_began: float | None = None
        self.heard: float | None = None
        self.speeches: list[Utterance] = []
        self.interrupted: list[_Interrupted] = []
        self.notes: list[Note] = []
        self.notes_left_out = 0
        self.events: list[int] = []
        self.quiet_since = begin
        """When something was last said or decided."""
        self.answered = False
        self.sounding = 0
        """Voices that are heard now."""
        self.ended_at: float | None = None
        """When the next turn began, or it was given up."""
        self.complete = False

    def touch(self, seq: int) -> None:
        """Takes an event."""
        if not seq:
            return
        if len(self.events) < EVENTS_MAX:
            self.events.append(seq)
        else:
            self.events[-1] = seq

    def note(self, note: Note) -> bool:
        """Takes a note, and returns whether there was room for it."""
        if len(self.notes) < NOTES_MAX:
            self.notes.append(note)
            return True
        self.notes_left_out += 1
        return False

    def frozen(self) -> Turn:
        """Returns it as it is now."""
        return Turn(
            self.number,
            self.agent,
            self.begin,
            self.words,
            self.user_began,
            self.heard,
            tuple([speech.frozen() for speech in self.speeches]),
            tuple([each.frozen(self.heard) for each in self.interrupted]),
            tuple(self.notes),
            self.notes_left_out,
            tuple(self.events),
            self.complete,
            self.ended_at if self.words is not None and not self.answered else None,
        )


class TurnTaking:
    """The turns of one agent. Each is handed to `changed` whenever it changed.

    Times are Unix times, in seconds. `sounding` returns what is spoken now.
    """

    def __init__(
        self,
        agent: str,
        changed: Callable[[Turn], None],
        numbers: "count[int]",
        sounding: Callable[[], list[Utterance]],
    ) -> None:
        self._agent = agent
        self._changed = changed
        self._numbers = numbers
        self._sounding = sounding
        self._current: _OpenTurn | None = None
        self._user_began: float | None = None
        self._user_event = 0
        self._interrupted: list[_Interrupted] = []
        self._notes: list[Note] = []
        """Notes while the user speaks, for the turn that is to come."""
        self.deadline = _NEVER
        """When `expire` has something to do."""

    # The user

    def user_begins(self, time: float, seq: int) -> None:
        """The user begins to speak. If that gave no words before, it is forgotten."""
        self._user_began, self._user_event = time, seq
        self._interrupted = [_Interrupted(each, time) for each in self._sounding()]
        self._notes = []

    def user_said(self, words: str, time: float, seq: int) -> None:
        """The user's words are known: a new turn."""
        if self._user_began is None:
            self._interrupted = [_Interrupted(each, time) for each in self._sounding()]
        self._finish_current(time)
        turn = self._new(self._user_began if self._user_began is not None else time)
        turn.words, turn.heard, turn.user_began = words, time, self._user_began
        turn.interrupted = self._interrupted[:SPEECHES_MAX]
        turn.touch(self._user_event)
        turn.touch(seq)
        for note in self._notes:
            turn.touch(note.seq)
            turn.note(note)
        self._forget_user()
        self._show(turn)
        self.deadline = time + ANSWER_MAX

    def words_settled(self, words: str, seq: int) -> None:
        """The words are known of a user who was answered before they were."""
        turn = self._current
        if turn is not None and turn.words == "":
            turn.words = words
            turn.touch(seq)
            self._show(turn)

    def nothing_said(self) -> None:
        """What the user said was not recognised."""
        self._forget_user()

    def _forget_user(self) -> None:
        self._user_began, self._user_event = None, 0
        self._interrupted, self._notes = [], []

    # The models

    def decided(self, speech: Utterance, time: float, seq: int) -> None:
        """A model is to say something."""
        turn = self._turn_at(time)
        self._add(turn, speech, time, seq)
        self._show(turn)

    def changed(self, speech: Utterance, time: float, seq: int) -> None:
        """Something became known of what a model says: its voice began or ended, its mouth moves,
        how long it takes."""
        turn = speech.turn
        if speech.end is None and (not isinstance(turn, _OpenTurn) or turn.complete):
            turn = self._turn_at(time)
            self._add(turn, speech, time, seq)
        if not isinstance(turn, _OpenTurn):
            return
        turn.touch(seq)
        turn.quiet_since = max(turn.quiet_since, time)
        if speech.voice is not None:
            turn.answered = True
        turn.sounding = sum([each.voice is not None and each.end is None for each in turn.speeches])
        if turn is self._current:
            self._set_deadline(turn)
        elif not turn.sounding:
            turn.complete = True
        self._show(turn)
        if speech.cut:
            self._show_interruptions(turn, speech)

    def _show_interruptions(self, spoken: _OpenTurn, speech: Utterance) -> None:
        """The turn whose user cut the speech off may be there already."""
        turn = self._current
        if turn is None or turn is spoken:
            return
        if any(each.speech is speech for each in turn.interrupted):
            self._show(turn)

    def _add(self, turn: _OpenTurn, speech: Utterance, time: float, seq: int) -> None:
        turn.touch(seq)
        turn.quiet_since = max(turn.quiet_since, time)
        if len(turn.speeches) < SPEECHES_MAX:
            turn.speeches.append(speech)
            speech.turn = turn
        self._set_deadline(turn)

    # What else happens

    def note(self, note: Note) -> None:
        """A motion or an error: it belongs to the turn that is going on, or is to come while the
        user speaks."""
        if self._user_began is not None:
            if len(self._notes) < NOTES_MAX:
                self._notes.append(note)
        elif (turn := self._current) is not None:
            turn.touch(note.seq)
            if turn.note(note):
                self._show(turn)

    def expire(self, now: float) -> None:
        """Ends the turn to which nothing can belong any more at `now`."""
        if now > self.deadline:
            self._finish_current(self.deadline)

    def forget(self, time: float) -> None:
        """Ends the turn: the agent was lost."""
        self._finish_current(time)
        self._forget_user()

    def finish(self, time: float) -> None:
        """Ends all turns: there are no further events after `time`."""
        self.expire(time)
        for speech in self._sounding():
            turn = speech.turn
            if isinstance(turn, _OpenTurn) and turn is not self._current and not turn.complete:
                turn.complete = True
                self._show(turn)
        if self._current is not None:
            self._current.sounding = 0
            self._finish_current(time)

    def _turn_at(self, time: float) -> _OpenTurn:
        """Returns the turn to which what a model says now belongs."""
        self.expire(time)
        return self._current or self._new(time)

    def _new(self, begin: float) -> _OpenTurn:
        self._current = _OpenTurn(next(self._numbers), self._agent, begin)
        return self._current

    def _set_deadline(self, turn: _OpenTurn) -> None:
        if turn.sounding:
            self.deadline = _NEVER
        elif turn.words is not None and not turn.answered:
            self.deadline = (turn.heard or turn.begin) + ANSWER_MAX
        else:
            self.deadline = turn.quiet_since + CONTINUES

    def _finish_current(self, time: float) -> None:
        turn = self._current
        self._current = None
        self.deadline = _NEVER
        if turn is None:
            return
        turn.ended_at = time
        if not turn.sounding:
            turn.complete = True
        self._show(turn)

    def _show(self, turn: _OpenTurn) -> None:
        self._changed(turn.frozen())
