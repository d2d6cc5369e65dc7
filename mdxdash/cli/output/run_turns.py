"""The turns that happen while a macro runs, for `mdxdash run`."""

import asyncio
import time
from collections.abc import Sequence
from typing import Final

from mdxdash.dialogue.lateness import lateness
from mdxdash.dialogue.tracker import Dialogue
from mdxdash.dialogue.turn import Turn
from mdxdash.dialogue.turn_formats import milliseconds, turn_text
from mdxdash.events.log import EventLog
from mdxdash.events.printable import printable
from mdxdash.language.translation import _
from mdxdash.settings.quantities import format_duration

TURNS_MAX: Final = 1000
"""Turns of one run that are kept; of more, the first ones."""

_LOOK_INTERVAL: Final = 0.02
"""Seconds between two looks for answers."""


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

    async def wait_for_answers(self, within: float) -> None:
        """Waits for the answers that may still come in time.

        * `within`: how long after the user's words the voice may begin, in seconds.
        """
        while any(_may_be_answered(turn, within, time.time()) for turn in self._turns.values()):
            await asyncio.sleep(_LOOK_INTERVAL)

    def take(self) -> Sequence[Turn]:
        """Returns the turns of a user since the last call, as they are now, in order. One that
        waits for its answer is among them."""
        self._first = max(self._turns, default=self._first - 1) + 1
        turns = [turn for turn in self._turns.values() if not turn.unasked]
        self._turns.clear()
        return turns


def too_late(turn: Turn, within: float) -> str:
    """Returns what is wrong with how soon a turn was answered, as a text, when its time is over;
    empty if nothing is."""
    if turn.answer is None:
        return _("no answer within {within} ([dialogue] answer_within)").format(
            within=format_duration(within)
        )
    return lateness(turn, within)


def _may_be_answered(turn: Turn, within: float, now: float) -> bool:
    waits = turn.heard is not None and turn.answer is None and not turn.complete
    return waits and now <= (turn.heard or 0.0) + within


def turn_summary(turn: Turn) -> str:
    """Returns a turn as a printable line: `46 ms = 20 ms decided + 26 ms voice  hello → gene: hi`;
    `no answer` in the place of the times where there is none."""
    times = _("no answer")
    if turn.latency is not None:
        times = milliseconds(turn.latency)
        if turn.deciding is not None and turn.synthesis is not None:
            decided, voice = milliseconds(turn.deciding), milliseconds(turn.synthesis)
            times += _(" = {decided} decided + {voice} voice").format(decided=decided, voice=voice)
    return printable(f"{times}  {turn_text(turn)}")
