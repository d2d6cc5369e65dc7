"""The numbers of a log as it grows: its summary, and what each agent did in the last minute.

Taken from the log in slices, now and then, so that an event costs nothing on its way in.
"""

from collections import Counter
from time import perf_counter
from typing import Final

from mdxdash.events.log import EventLog
from mdxdash.events.statistics import Summary

MINUTE: Final = 60
"""Seconds whose rates are known."""

_SLICE: Final = 500
"""Events taken between two looks at the clock."""


class LogStatistics:
    """`summary` is of all that was in the log, as far as `advance` took it in time."""

    def __init__(self, log: EventLog) -> None:
        self.summary = Summary()
        self.missed = 0
        """Events that left memory before they were counted."""
        self._log = log
        self._taken_up_to = log.first_seq
        self._by_second: Counter[tuple[str, int]] = Counter()

    @property
    def behind(self) -> int:
        """Events that are not counted yet."""
        return self._log.next_seq - self._taken_up_to

    def advance(self, budget: float) -> None:
        """Counts what is new, for about `budget` seconds."""
        deadline = perf_counter() + budget
        add = self.summary.add
        while self.behind and perf_counter() < deadline:
            first = max(self._taken_up_to, self._log.first_seq)
            self.missed += first - self._taken_up_to
            events = self._log.slice(first, first + _SLICE)
            self._taken_up_to = first + len(events)
            for event in events:
                add(event)
            self._by_second.update([(event.agent, int(event.time)) for event in events])
        self._forget()

    def rates(self, agent: str | None, now: float) -> list[int]:
        """The events of an agent (None: of all) in each of the last 60 seconds, newest last; the
        newest second may still run."""
        newest = int(now)
        rates = [0] * MINUTE
        for (name, second), count in self._by_second.items():
            place = second - newest + MINUTE - 1
            if agent in (None, name) and 0 <= place < MINUTE:
                rates[place] += count
        return rates

    def _forget(self) -> None:
        oldest = int(self.summary.last) - MINUTE
        if any(second < oldest for _, second in self._by_second):
            kept = {key: count for key, count in self._by_second.items() if key[1] >= oldest}
            self._by_second = Counter(kept)
