"""The turns that happen while a macro runs, for `mdxdash run`."""

from collections.abc import Sequence

from mdxdash.dialogue.tracker import Dialogue
from mdxdash.dialogue.turn import Turn
from mdxdash.dialogue.turn_formats import milliseconds, turn_text
from mdxdash.events.log import EventLog
from mdxdash.events.printable import printable

TURNS_MAX = 1000
"""Turns of one run that are kept; of more, the first ones."""


class RunTurns:
    """Follows the turns of a log from one run to the next."""

    def __init__(self, log: EventLog) -> None:
        self._turns: dict[int, Turn] = {}
        self._first = 1
        """The number of the first turn that counts: those before were taken."""
        self._dialogue = Dialogue(on_turn=self._put)
        log.subscribe(self._dialogue.add)

    def _put(self, turn: Turn) -> None:
        if turn.number < self._first:
            return
        if turn.number in self._turns or len(self._turns) < TURNS_MAX:
            self._turns[turn.number] = turn

    def take(self) -> Sequence[Turn]:
        """Returns the turns of a user since the last call, as they are now, in order. One that
        waits for its answer is among them."""
        self._first = max(self._turns, default=self._first - 1) + 1
        turns = [turn for turn in self._turns.values() if not turn.unasked]
        self._turns.clear()
        return turns


def turn_summary(turn: Turn) -> str:
    """Returns a turn as a printable line: `46 ms = 20 ms decided + 26 ms voice  hello → gene: hi`;
    `no answer` in the place of the times where there is none."""
    times = "no answer"
    if turn.latency is not None:
        times = milliseconds(turn.latency)
        if turn.deciding is not None and turn.synthesis is not None:
            decided, voice = milliseconds(turn.deciding), milliseconds(turn.synthesis)
            times += f" = {decided} decided + {voice} voice"
    return printable(f"{times}  {turn_text(turn)}")
