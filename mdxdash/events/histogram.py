"""How durations are distributed: quantiles in constant memory, and counts for a bar chart."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from math import frexp, ldexp
from typing import Final

_STEPS: Final = 256
"""Steps between a duration and its double, so that the error is at most 0.4 %."""

_LIMITS: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds. An agent at its best replies within a few frames of its screen, 33 ms each."""


class Histogram:
    """The distribution of durations in seconds, in constant memory."""

    def __init__(self) -> None:
        self.count = 0
        self._steps: Counter[int] = Counter()

    def add(self, seconds: float) -> None:
        """Takes one duration."""
        mantissa, exponent = frexp(max(seconds, 1e-9))
        self._steps[exponent * _STEPS + int((mantissa - 0.5) * 2 * _STEPS)] += 1
        self.count += 1

    def merge(self, other: "Histogram") -> None:
        """Takes all the durations of another."""
        self._steps.update(other._steps)
        self.count += other.count

    def quantile(self, share: float) -> float | None:
        """Returns the duration that a share of them (0.5 for the median) does not exceed, within
        0.4 %; None without durations."""
        wanted = share * self.count
        passed = 0
        for step in sorted(self._steps):
            passed += self._steps[step]
            if passed >= wanted:
                exponent, part = divmod(step, _STEPS)
                return ldexp(0.5 + (part + 0.5) / _STEPS / 2, exponent)
        return None


def bucket_counts(durations: Iterable[float]) -> list[tuple[float | None, int]]:
    """Counts durations, in seconds, in buckets for a bar chart: pairs of the bucket's upper limit,
    None for the last, and its count. From the first bucket that is not empty to the last."""
    found = Counter(bisect_right(_LIMITS, duration) for duration in durations)
    if not found:
        return []
    limits = (*_LIMITS, None)
    return [(limits[index], found[index]) for index in range(min(found), max(found) + 1)]
