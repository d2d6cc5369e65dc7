"""Folds the units of all exchanges into rows, one lane an exchange. Pure: times are given."""

from collections import deque
from collections.abc import Iterable
from typing import Final

from mdxdash.language.translation import N_
from mdxdash.remdis.rows import QUIET, Row, measure, shown
from mdxdash.remdis.turns import Turns
from mdxdash.remdis.units import AGENT_EXCHANGES, Unit, Unreadable, hazard, read_unit

SOUND: Final = frozenset({"ain", "tts"})
TEXT: Final = frozenset({"asr", "dialogue"})
SINGLE: Final = frozenset({"vap", "bc", "emo_act", "dialogue2"})
"""What each unit says stands for itself: it is a row of its own."""

PAUSE: Final = 0.5
"""Seconds without a block, or in the microphone's sound of silence, after which sound is over, and
after which a value is another row."""

LONGEST: Final = {"score": 5.0, "ain": 60.0}
"""Seconds after which a row of what comes without a pause is settled, and the next one begins."""

_BACKCHANNEL_WITHIN: Final = 2.0
"""Seconds from a unit of `bc` to the `dialogue` that says it, which nothing settles."""

_OPEN: Final = 50
"""Rows that are open at a time: producers are named by themselves."""

_OVER: Final = 200
"""Rows that are settled, and are kept since they may be revoked."""

OVER_PARTS: Final = 20_000
"""Parts of all of these rows, at most."""

_FLAGGED_LONG: Final = 60.0
"""Seconds after which what is wrong without a pause is said again."""

_Key = tuple[str, str]


class Folding:
    """The rows of all exchanges."""

    def __init__(self, consumed: Iterable[str] = AGENT_EXCHANGES) -> None:
        """`consumed`: the exchanges that an agent consumes."""
        self.turns = Turns()
        self.flagged = 0
        """Units that would have ended an agent."""
        self.unreadable = 0
        """Messages that are no unit, where no agent takes them."""
        self._consumed = frozenset(consumed)
        self._pushed_out: list[Row] = []
        self._open: dict[_Key, Row] = {}
        """The rows that are not settled, by exchange and producer."""
        self._over: deque[Row] = deque()
        self._over_parts = 0
        self._flags: dict[tuple[str, str], Row] = {}
        """What is wrong now, by exchange and reason."""
        self._backchannel = ("", float("-inf"))
        """The latest one that waits to be said, and when it came."""
        self._rows = 0

    def take(self, exchange: str, data: bytes, now: float) -> list[Row]:
        """Takes a message; returns the rows that are new or have changed. `now` is Unix time."""
        changed = self.settle(now)
        if exchange in self._consumed and (reason := hazard(data)):
            self.flagged += 1
            text = N_("would end the agent: {reason}").format(reason=reason)
            return changed + self._flag(exchange, text, now)
        try:
            unit = read_unit(exchange, data)
        except Unreadable as error:
            self.unreadable += 1
            text = N_("no unit: {error}").format(error=error)
            return changed + self._flag(exchange, text, now)
        if exchange in SOUND:
            return changed + self._take_sound(unit, now)
        if unit.update == "revoke":
            return changed + self._revoke(unit, now)
        if exchange in TEXT:
            return changed + self._take_text(unit, now)
        return changed + self._take_value(unit, now)

    def settle(self, now: float) -> list[Row]:
        """Settles the sound and the values that have ended; returns them, and the rows that newer
        ones have pushed out."""
        ended = [
            (key, row)
            for key, row in self._open.items()
            if row.exchange not in TEXT
            and (
                now - row.updated > PAUSE
                or now - row.began > LONGEST.get(row.exchange, float("inf"))
            )
        ]
        pushed_out, self._pushed_out = self._pushed_out, []
        settled = [self._settle(key, row) for key, row in ended]
        return pushed_out + settled + self._settle_flags(now)

    # What is revoked

    def _revoke(self, unit: Unit, now: float) -> list[Row]:
        row = self._open.get((unit.exchange, unit.producer))
        if row is not None and unit.id in row.parts:
            row.updated = now
            row.units += 1
            row.add_text(unit)
            return [row]
        # Remdis' recogniser revokes what it has settled before each new utterance: its rows stay.
        if unit.exchange == "asr":
            return []
        for row in self._over:
            if row.exchange == unit.exchange and unit.id in row.parts:
                is_first = row.state != "revoked"
                self._over_parts -= row.take_back(unit.id)
                row.updated = now
                return [row] if is_first else []
        return []

    # Text

    def _take_text(self, unit: Unit, now: float) -> list[Row]:
        key = (unit.exchange, unit.producer)
        if self._is_backchannel(unit, now):
            self.turns.backchannel()
            said = self._row(unit.exchange, unit.producer, now)
            said.backchannel, said.units = True, 1
            said.add_text(unit)
            return [self._settle(key, said)]
        row = self._open.get(key)
        if row is None:
            if unit.update == "commit" and not unit.body:
                return []  # what it settles was settled before
            row = self._begin(key, now)
            if unit.exchange == "dialogue":
                self.turns.text(now)
        row.updated = now
        row.units += 1
        row.add_text(unit)
        if row.state == "settled":
            self._settle(key, row)
            if unit.exchange == "asr" and row.text:
                self.turns.said(row.text, row.began, now)
        return [row]

    def _is_backchannel(self, unit: Unit, now: float) -> bool:
        if unit.exchange != "dialogue" or unit.update != "add":
            return False
        text, since = self._backchannel
        if not text or unit.body != text or now - since > _BACKCHANNEL_WITHIN:
            return False
        self._backchannel = ("", float("-inf"))
        return True

    # Sound

    def _take_sound(self, unit: Unit, now: float) -> list[Row]:
        key = (unit.exchange, unit.producer)
        seconds, level = measure(unit.body)
        is_heard = unit.exchange != "ain" or level >= QUIET
        changed: list[Row] = []
        row = self._open.get(key)
        if row is not None and is_heard and unit.exchange == "ain":
            self.turns.voice(now)
            if row.level < QUIET:
                changed.append(self._settle(key, row))
                row = None
        if row is None:
            if not seconds:
                return changed
            row = self._begin(key, now)
            if unit.exchange == "tts":
                self.turns.sound(now)
            elif is_heard:
                self.turns.voice(now)
        row.units += 1
        if is_heard or row.level < QUIET:
            row.updated = now
        row.add_sound(unit, seconds, level)
        # Remdis marks each block of the last phrase as a commit; one without sound comes at last.
        if row.state == "settled":
            if seconds:
                row.state = "growing"
            else:
                self._settle(key, row)
        changed.append(row)
        return changed

    # Values

    def _take_value(self, unit: Unit, now: float) -> list[Row]:
        key = (unit.exchange, unit.producer)
        if unit.exchange == "bc":
            body = unit.body.get("bc") if isinstance(unit.body, dict) else unit.body
            self._backchannel = (body if isinstance(body, str) else "", now)
        row = self._open.get(key) or self._begin(key, now)
        row.updated = now
        row.units += 1
        row.add_value(unit)
        if unit.exchange == "bc" and self._backchannel[0]:
            row.value = shown(self._backchannel[0])
        if unit.exchange in SINGLE or row.state == "settled":
            self._settle(key, row)
        return [row]

    # Rows

    def _begin(self, key: _Key, now: float) -> Row:
        if len(self._open) >= _OPEN:
            self._pushed_out.append(self._settle(*next(iter(self._open.items()))))
        row = self._open[key] = self._row(*key, now)
        return row

    def _settle(self, key: _Key, row: Row) -> Row:
        row.state = "settled"
        if self._open.get(key) is row:
            del self._open[key]
        if row.exchange not in SOUND:
            self._over.append(row)
            self._over_parts += len(row.parts)
            while len(self._over) > _OVER or self._over_parts > OVER_PARTS:
                self._over_parts -= len(self._over.popleft().parts)
        return row

    def _flag(self, exchange: str, reason: str, now: float) -> list[Row]:
        """Returns a row that says what is wrong; none while one after the other is so wrong."""
        key = (exchange, reason)
        row = self._flags.get(key)
        if row is not None:
            row.updated = now
            row.units += 1
            return []
        row = self._flags[key] = self._row(exchange, "", now)
        row.state, row.value, row.units = "flagged", reason, 1
        return [row]

    def _settle_flags(self, now: float) -> list[Row]:
        """Returns a row with the number of those that were wrong after the first one."""
        ended = [
            (key, row)
            for key, row in self._flags.items()
            if now - row.updated > PAUSE or now - row.began > _FLAGGED_LONG
        ]
        found = []
        for key, row in ended:
            del self._flags[key]
            if row.units > 1:
                more = self._row(row.exchange, "", row.updated)
                text = N_("and {count:,} more times: {reason}")
                more.state, more.units = "flagged", row.units - 1
                more.value = text.format(reason=row.value, count=more.units)
                found.append(more)
        return found

    def _row(self, exchange: str, producer: str, now: float) -> Row:
        self._rows += 1
        return Row(self._rows, exchange, producer, now, now, parts={})
