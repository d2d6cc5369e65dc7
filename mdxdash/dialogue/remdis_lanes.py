"""The modules of Remdis in time, by the events that `mdxdash remdis --into` makes of their rows: a
lane for each exchange, and the turns of its dialogue.

The user's words are those of `asr`. The answer is decided when its text begins (`dialogue`), and
its voice is the first sound after that (`tts`).
"""

from typing import Final

from mdxdash.dialogue.slots import Slots
from mdxdash.dialogue.speech import Utterance
from mdxdash.dialogue.turn import Note
from mdxdash.dialogue.turn_taking import TurnTaking
from mdxdash.events.event import Event

SPEAKER: Final = "remdis"
"""Who speaks in the turns."""

_MOTIONS: Final = "dialogue2"
"""The exchange with what the agent does beside speaking, which is noted in a turn."""


class RemdisLanes:
    """Follows the rows of all exchanges."""

    def __init__(self, slots: Slots, turns: TurnTaking) -> None:
        self._slots = slots
        self._turns = turns
        self._open: dict[str, str] = {}
        """The number of the row that is open, by exchange."""
        self._speech: Utterance | None = None
        """The latest answer."""
        self._backchannel = False
        """Whether a backchannel was the latest text, so that the next sound is no answer."""
        self._is_early = False
        """Whether the answer began before the user's words were settled."""

    def sounding(self) -> list[Utterance]:
        """Returns what is spoken now."""
        speech = self._speech
        is_heard = speech is not None and speech.voice is not None and speech.end is None
        return [speech] if is_heard and speech is not None else []

    def take(self, event: Event) -> None:
        """Takes an event of a row: that it begins, has ended, or was revoked."""
        number, ago, seconds, text = _end(event)
        exchange, time, seq = event.module, event.time, event.seq
        if event.level == "start":
            self._open[exchange] = number
            self._slots.begin("remdis", slot=exchange, time=time, seq=seq)
            self._begins(exchange, time, seq)
        elif event.level == "revoked":
            self._revoked(exchange, time, seq)
        elif number:
            end = time - ago
            was_open = self._open.get(exchange) == number
            if was_open:
                del self._open[exchange]
            elif exchange not in self._open:
                self._slots.begin("remdis", slot=exchange, time=end - seconds, seq=seq)
                if event.level:
                    self._begins(exchange, end - seconds, seq)
            else:
                return  # another producer's row is open in this lane
            self._slots.end("remdis", slot=exchange, time=end, seq=seq, text=text)
            self._ends(exchange, event, text, end)

    def forget(self, time: float, seq: int) -> None:
        """Ends what is spoken: nobody follows it any more."""
        self._open.clear()
        if self._speech is not None and self.sounding():
            self._speech.end = time
            self._turns.changed(self._speech, time, seq)
        self._speech = None

    def _begins(self, exchange: str, time: float, seq: int) -> None:
        if exchange == "asr":
            self._turns.user_begins(time, seq)
        elif exchange == "dialogue":
            self._backchannel = False
            if "asr" in self._open and not self._is_early:
                # The voice activity alone has decided that it is the agent's turn.
                self._is_early = True
                self._turns.user_said("", time, seq)
            self._speech = Utterance(SPEAKER, "", "", time, seq)
            self._turns.decided(self._speech, time, seq)
        elif exchange == "tts" and not self._backchannel:
            speech = self._speech
            if speech is None:
                speech = self._speech = Utterance(SPEAKER, "", "", None, seq)
            if speech.voice is None:
                speech.voice = time
            speech.end = None
            self._turns.changed(speech, time, seq)

    def _ends(self, exchange: str, event: Event, text: str, time: float) -> None:
        speech, seq = self._speech, event.seq
        if exchange == "asr":
            self._heard(text, time, seq)
        elif exchange == "dialogue" and not event.level:
            self._backchannel = True
        elif exchange == "dialogue" and speech is not None:
            speech.text = text
            self._turns.changed(speech, time, seq)
        elif exchange == "tts" and speech is not None and self.sounding():
            speech.end = time
            self._turns.changed(speech, time, seq)
        elif exchange == _MOTIONS:
            self._turns.note(Note(time, seq, text))

    def _heard(self, words: str, time: float, seq: int) -> None:
        if self._is_early:
            self._is_early = False
            self._turns.words_settled(words, seq)
        elif words:
            self._turns.user_said(words, time, seq)
        else:
            self._turns.nothing_said()

    def _revoked(self, exchange: str, time: float, seq: int) -> None:
        if exchange == "dialogue" and self._speech is not None:
            self._speech.cut = True
            self._turns.changed(self._speech, time, seq)


def row_text(event: Event) -> str:
    """Returns the text of a row of Remdis, without a remark on what was revoked."""
    *_, length = (*event.args.split("|"), "", "", "")[:4]
    return event.text[: int(length)] if length.isdecimal() and len(length) < 8 else event.text


def _end(event: Event) -> tuple[str, float, float, str]:
    """Returns a row's number, the seconds since it ended, those that it took, and its text."""
    number, ago, seconds, *_ = (*event.args.split("|"), "", "")
    return number, _seconds(ago), _seconds(seconds), row_text(event)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        return 0.0
    return seconds if 0 <= seconds < 1e9 else 0.0
