"""The rate of events: how many there were in each of the last seconds."""

from collections import deque


class RateMeter:
    """Events in each of the last seconds, read off a running total.

    Times are monotonic seconds.
    """

    def __init__(self, seconds: int = 60) -> None:
        self._buckets: deque[int] = deque([0] * seconds, maxlen=seconds)
        self._second: int | None = None
        self._total = 0

    def observe(self, now: float, total: int) -> None:
        """Takes the present total; call it at least once a second."""
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
        """The counts, oldest first; the last is of the present second."""
        return list(self._buckets)
