"""The intervals and turns of a log as it grows, kept for views that show them.

Events are taken from the log in slices by `advance`, so that they cost nothing when they are
appended. Memory is bounded: of very many intervals and turns the oldest are forgotten.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from time import perf_counter
from typing import Final

from mdxdash.dialogue.interval import Interval, Lane
from mdxdash.dialogue.latencies import Latencies
from mdxdash.dialogue.tracker import Dialogue
from mdxdash.dialogue.turn import Turn
from mdxdash.events.log import EventLog

INTERVALS_MAX: Final = 500_000
"""Intervals that are kept, of all lanes together."""

LANES_MAX: Final = 500
"""Lanes that are kept. When there are more, the one that was used least lately is forgotten."""

TURNS_MAX: Final = 50_000
"""Turns that are kept."""

_SLICE: Final = 200
"""Events taken between two looks at the clock."""

_FORGOTTEN: Final = 2000
"""Intervals that are forgotten at once, at most: more would take too long in one go."""

_OPEN: Final = float("inf")


class LaneHistory:
    """The intervals of one lane, in order. They do not overlap, so begins and ends ascend."""

    def __init__(self, lane: Lane) -> None:
        self.lane = lane
        self.intervals: list[Interval] = []
        self._begins = array("d")
        self._ends = array("d")

    def __len__(self) -> int:
        return len(self.intervals)

    def put(self, interval: Interval) -> bool:
        """Takes an interval that is new, or the last one changed. Returns whether it is new."""
        end = _OPEN if interval.end is None else interval.end
        if self.intervals and self.intervals[-1].number == interval.number:
            self.intervals[-1] = interval
            self._ends[-1] = end
            return False
        self.intervals.append(interval)
        self._begins.append(interval.begin)
        self._ends.append(end)
        return True

    def between(self, begin: float, end: float) -> tuple[int, int]:
        """Returns the indexes, from and to, of the intervals that are there at some time of a
        stretch, given in Unix time; also of those that only touch it."""
        return bisect_left(self._ends, begin), bisect_right(self._begins, end)

    def forget(self, count: int) -> None:
        """Forgets the oldest ones."""
        del self.intervals[:count], self._begins[:count], self._ends[:count]


class DialogueHistory:
    """What was said and done in a log, for views. `revision` counts the changes."""

    def __init__(self, log: EventLog) -> None:
        self.revision = 0
        self.latencies = Latencies()
        self.lanes: dict[Lane, LaneHistory] = {}
        """By lane; the one used latest is the last."""
        self.first_turn = 1
        """The number of the oldest turn that is kept."""
        self.first_time: float | None = None
        """Unix time of the first event that was taken."""
        self.last_time = 0.0
        self.missed = 0
        """Events that left memory before they were taken."""
        self._agents: set[str] = set()
        self._turns: list[Turn] = []
        self._changed: set[int] = set()
        self._count = 0
        self._log = log
        self._taken_up_to = log.first_seq
        self._dialogue = Dialogue(self._put_interval, self._put_turn)

    @property
    def behind(self) -> int:
        """Events that are not taken yet."""
        return self._log.next_seq - self._taken_up_to

    @property
    def agents(self) -> int:
        """How many agents have lanes, or had some."""
        return len(self._agents)

    @property
    def next_turn(self) -> int:
        """The number that the next turn will have."""
        return self.first_turn + len(self._turns)

    def turn(self, number: int) -> Turn | None:
        """Returns the turn of a number; None if it is not kept, or is still to come."""
        index = number - self.first_turn
        return self._turns[index] if 0 <= index < len(self._turns) else None

    def turn_at(self, time: float) -> Turn | None:
        """Returns the latest turn that began before `time` (Unix time), or at it; else the first
        one; None without any."""
        if not self._turns:
            return None
        index = bisect_right(self._turns, time, key=lambda turn: turn.begin)
        return self._turns[max(0, index - 1)]

    def turns(self) -> Sequence[Turn]:
        """Returns the turns that are kept, in order."""
        return self._turns

    def take_changed(self) -> set[int]:
        """Returns the numbers of the turns that are new or changed since the last call."""
        changed, self._changed = self._changed, set()
        return changed

    def advance(self, budget: float, now: float | None = None) -> bool:
        """Takes what is new, for about `budget` seconds. `now` is Unix time, None for a recording,
        whose last event is the latest that is known. Returns whether anything changed."""
        before = self.revision
        deadline = perf_counter() + budget
        add = self._dialogue.add
        while self.behind and perf_counter() < deadline:
            first = max(self._taken_up_to, self._log.first_seq)
            self.missed += first - self._taken_up_to
            events = self._log.slice(first, first + _SLICE)
            self._taken_up_to = first + len(events)
            for event in events:
                add(event)
            if events:
                if self.first_time is None:
                    self.first_time = events[0].time
                self.last_time = max(self.last_time, events[-1].time)
                self.revision += 1
        if now is not None and not self.behind:
            self._dialogue.expire(now)
        return self.revision != before

    def _put_interval(self, interval: Interval) -> None:
        self.revision += 1
        history = self.lanes.pop(interval.lane, None)
        if history is None:
            if len(self.lanes) >= LANES_MAX:
                self._count -= len(self.lanes.pop(next(iter(self.lanes))))
            history = LaneHistory(interval.lane)
            if len(self._agents) < LANES_MAX:
                self._agents.add(interval.lane.agent)
        self.lanes[interval.lane] = history
        self._count += history.put(interval)
        if self._count > INTERVALS_MAX:
            fullest = max(self.lanes.values(), key=len)
            gone = max(1, min(len(fullest) // 2, _FORGOTTEN))
            fullest.forget(gone)
            self._count -= gone

    def _put_turn(self, turn: Turn) -> None:
        self.revision += 1
        self._changed.add(turn.number)
        index = turn.number - self.first_turn
        if index == len(self._turns):
            self._turns.append(turn)
            if len(self._turns) > TURNS_MAX:
                gone = TURNS_MAX // 8
                del self._turns[:gone]
                self.first_turn += gone
        elif 0 <= index < len(self._turns):
            self._turns[index] = turn
        if turn.complete:
            self.latencies.add(turn)
