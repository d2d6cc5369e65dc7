"""Folds the units of all exchanges into rows, one lane an exchange, and measures the turns. Pure:
times are given."""

from collections import deque
from collections.abc import Iterable
from typing import Final

import msgspec

from mdxdash.language.translation import N_
from mdxdash.remdis.rows import Row
from mdxdash.remdis.units import AGENT_EXCHANGES, Unit, Unreadable, hazard, read_unit

SOUND: Final = frozenset({"ain", "tts"})
TEXT: Final = frozenset({"asr", "dialogue"})

PAUSE: Final = 0.5
"""Seconds without a block after which sound is over, and after which a value is another row."""

_TURNS_KEPT: Final = 1000


class Turn(msgspec.Struct):
    """From what the user said to the agent's voice."""

    said: str
    """What the user said, as it was recognised."""
    at: float
    """When that was settled: Unix time, seconds."""
    dialogue: float | None = None
    """Seconds until the first text of the answer; None: there is none yet."""
    tts: float | None = None
    """Seconds until the first block of its sound; None: there is none yet."""

    @property
    def text(self) -> str:
        """The turn as a line: `こんにちは: dialogue 0.31 s, tts 0.62 s`."""
        found = [
            f"{name} {seconds:.2f} s"
            for name, seconds in (("dialogue", self.dialogue), ("tts", self.tts))
            if seconds is not None
        ]
        return f"{self.said}: {', '.join(found) or 'no answer yet'}"


class Folding:
    """The rows of all exchanges."""

    def __init__(self, consumed: Iterable[str] = AGENT_EXCHANGES) -> None:
        """`consumed`: the exchanges that an agent consumes."""
        self.turns: deque[Turn] = deque(maxlen=_TURNS_KEPT)
        """The latest, oldest first."""
        self.flagged = 0
        """Units that would have ended an agent."""
        self.unreadable = 0
        """Messages that are no unit, where no agent takes them."""
        self._consumed = frozenset(consumed)
        self._open: dict[tuple[str, str], Row] = {}
        """The rows that are not settled, by exchange and producer."""
        self._rows = 0

    def take(self, exchange: str, data: bytes, now: float) -> list[Row]:
        """Takes a message; returns the rows that are new or have changed. `now` is Unix time."""
        changed = self.settle(now)
        if exchange in self._consumed and (reason := hazard(data)):
            self.flagged += 1
            return [
                *changed,
                self._flag(
                    exchange, N_("would end the agent: {reason}").format(reason=reason), now
                ),
            ]
        try:
            unit = read_unit(exchange, data)
        except Unreadable as error:
            self.unreadable += 1
            return [*changed, self._flag(exchange, N_("no unit: {error}").format(error=error), now)]
        return [*changed, self._fold(unit, now)]

    def settle(self, now: float) -> list[Row]:
        """Settles the sound and the values that have ended; returns them."""
        ended = [
            key
            for key, row in self._open.items()
            if row.exchange not in TEXT and now - row.updated > PAUSE
        ]
        found = [self._open.pop(key) for key in ended]
        for row in found:
            row.state = "settled"
        return found

    def _fold(self, unit: Unit, now: float) -> Row:
        key = (unit.exchange, unit.producer)
        row = self._open.get(key)
        if row is None:
            row = self._open[key] = self._row(unit.exchange, unit.producer, now)
            self._row_began(row)
        row.updated = now
        row.units += 1
        if unit.exchange in TEXT:
            row.add_text(unit)
        elif unit.exchange in SOUND:
            row.add_sound(unit)
        else:
            row.add_value(unit)
        if row.state == "settled":
            del self._open[key]
            if unit.exchange == "asr" and row.text:
                self.turns.append(Turn(row.text, now))
        return row

    def _row_began(self, row: Row) -> None:
        turn = self.turns[-1] if self.turns else None
        if turn is None:
            return
        if row.exchange == "dialogue" and turn.dialogue is None:
            turn.dialogue = row.began - turn.at
        elif row.exchange == "tts" and turn.tts is None:
            turn.tts = row.began - turn.at

    def _flag(self, exchange: str, reason: str, now: float) -> Row:
        row = self._row(exchange, "", now)
        row.state, row.value, row.units = "flagged", reason, 1
        return row

    def _row(self, exchange: str, producer: str, now: float) -> Row:
        self._rows += 1
        return Row(self._rows, exchange, producer, now, now, parts={})
