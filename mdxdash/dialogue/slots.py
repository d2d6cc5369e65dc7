"""The open interval of each lane of one agent: begun, split, ended, in constant time.

Whatever times come, an interval never ends before it begins, and the intervals of a lane never
overlap: a time before the end of the last one counts as that end.
"""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Final

import msgspec

from mdxdash.dialogue.interval import Ending, Interval, Lane, LaneKind
from mdxdash.language.translation import N_

GONE_WITHIN: Final = 1.0
"""Seconds from a command that ends something to its end: 0.5 s were measured for a model."""

LANES_MAX: Final = 1000
"""Lanes of one agent. Aliases are made up by the agent, so when there are more, the lane that was
used least lately is forgotten; what is open in it ends with `no end seen`."""

EVENTS_MAX: Final = 16
"""Events that an interval names: the first ones, then the latest one."""

_Key = tuple[LaneKind, str, str]


class _Slot:
    __slots__ = ("interval", "lane", "last_end")

    def __init__(self, lane: Lane) -> None:
        self.lane = lane
        self.last_end = float("-inf")
        self.interval: Interval | None = None


class Slots:
    """The lanes of one agent. Each interval is handed to `changed` when it begins, when something
    becomes known of it, and when it ends."""

    def __init__(
        self, agent: str, changed: Callable[[Interval], None], numbers: "count[int]"
    ) -> None:
        self._agent = agent
        self._changed = changed
        self._numbers = numbers
        self._slots: dict[_Key, _Slot] = {}
        self._of_model: dict[str, dict[_Key, None]] = {}
        """The open motions of each model."""

    def __len__(self) -> int:
        return len(self._slots)

    def current(self, kind: LaneKind, model: str = "", slot: str = "") -> Interval | None:
        """Returns the open interval of a lane; None if there is none."""
        found = self._slots.get((kind, model, slot))
        return found.interval if found else None

    def begin(
        self,
        kind: LaneKind,
        model: str = "",
        slot: str = "",
        *,
        time: float,
        seq: int,
        command: int = 0,
        ending: Ending = "replaced",
        text: str = "",
        detail: str = "",
        uncertain: bool = False,
        predicted: float | None = None,
    ) -> Interval:
        """Begins an interval. One that is open in this lane ends now, with `ending`.

        `command` is the `seq` of the command that it follows from, if there is one."""
        key = (kind, model, slot)
        found = self._slots.pop(key, None) or self._new(key)
        self._slots[key] = found  # the last one is the one used latest
        if found.interval is not None:
            self._close(key, found, time, seq, ending)
        interval = Interval(
            next(self._numbers),
            found.lane,
            max(time, found.last_end),
            None,
            text,
            detail,
            "",
            uncertain,
            predicted,
            (command, seq) if command else (seq,),
        )
        found.interval = interval
        if kind == "motion":
            self._of_model.setdefault(model, {})[key] = None
        self._changed(interval)
        return interval

    def update(self, interval: Interval, seq: int, **fields: object) -> None:
        """Replaces fields of an open interval, because of the event `seq`."""
        found = self._slots[interval.lane.kind, interval.lane.model, interval.lane.slot]
        found.interval = msgspec.structs.replace(
            interval, events=_with(interval.events, seq), **fields
        )
        self._changed(found.interval)

    def end(
        self,
        kind: LaneKind,
        model: str = "",
        slot: str = "",
        *,
        time: float,
        seq: int,
        ending: Ending = "",
        text: str | None = None,
    ) -> Interval | None:
        """Ends the open interval of a lane, with a new text if there is one. Returns it; None if
        nothing was open."""
        key = (kind, model, slot)
        found = self._slots.get(key)
        if found is None or found.interval is None:
            return None
        return self._close(key, found, time, seq, ending, text)

    def end_motions(self, model: str, *, time: float, seq: int) -> None:
        """Ends the motions of a model that is gone."""
        for key in list(self._of_model.get(model, ())):
            self._close(key, self._slots[key], time, seq, "deleted")

    def end_all(self, *, time: float, seq: int, ending: Ending) -> None:
        """Ends whatever is open, and forgets all lanes."""
        for key, slot in self._slots.items():
            if slot.interval is not None:
                self._close(key, slot, time, seq, ending)
        self._slots.clear()

    def open_intervals(self) -> Iterator[Interval]:
        """Yields what is open."""
        return (slot.interval for slot in self._slots.values() if slot.interval is not None)

    def _new(self, key: _Key) -> _Slot:
        if len(self._slots) >= LANES_MAX:
            oldest = next(iter(self._slots))
            slot = self._slots[oldest]
            if slot.interval is not None:
                begin = slot.interval.begin
                self._close(oldest, slot, begin, slot.interval.events[-1], N_("no end seen"))
            del self._slots[oldest]
        kind, model, slot_name = key
        return _Slot(Lane(self._agent, kind, model, slot_name))

    def _close(
        self,
        key: _Key,
        slot: _Slot,
        time: float,
        seq: int,
        ending: Ending,
        text: str | None = None,
    ) -> Interval:
        interval = slot.interval
        assert interval is not None
        closed = Interval(
            interval.number,
            interval.lane,
            interval.begin,
            max(interval.begin, time),
            interval.text if text is None else text,
            interval.detail,
            ending,
            interval.uncertain,
            interval.predicted,
            _with(interval.events, seq),
        )
        slot.interval = None
        slot.last_end = max(interval.begin, time)
        if key[0] == "motion":
            of_model = self._of_model[key[1]]
            del of_model[key]
            if not of_model:
                del self._of_model[key[1]]
        self._changed(closed)
        return closed


def _with(events: tuple[int, ...], seq: int) -> tuple[int, ...]:
    if not seq or (events and events[-1] == seq):
        return events
    return (*events[: EVENTS_MAX - 1], seq)
