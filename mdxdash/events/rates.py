"""Numbers about a log: how many events each second brought, how round trips are spread."""

from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Iterable
from typing import Final

_LIMITS: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds. An agent at its best answers within a few frames of its screen, 33 ms each."""


class RateMeter:
    """Events in each of the last seconds, read off a running total.

    Times are monotonic seconds.
    """

    def __init__(self, seconds: int = 60) -> None:
        self._buckets: deque[int] = deque([0] * seconds, maxlen=seconds)
        self._second: int | None = None
        self._total = 0

    def observe(self, now: float, total: int) -> None:
        """Takes the total as it is now; call it at least once a second."""
        second = int(now)
        if self._second is None:
            self._second, self._total = second, total
        for _ in range(min(second - self._second, len(self._buckets))):
            self._buckets.append(0)
        self._second = second
        self._buckets[-1] += total - self._total
        self._total = total

    @property
    def per_second(self) -> list[int]:
        """The counts, oldest first; the last is of the second that still runs."""
        return list(self._buckets)


def histogram(durations: Iterable[float]) -> list[tuple[float | None, int]]:
    """How many durations, in seconds, are below each limit and not below the one before; None for
    the last, which has no limit. From the first that holds any to the last that does."""
    found = Counter(bisect_right(_LIMITS, duration) for duration in durations)
    if not found:
        return []
    limits = (*_LIMITS, None)
    return [(limits[place], found[place]) for place in range(min(found), max(found) + 1)]
