"""What a filter needs beyond the event: the time, the marks, the time zone."""

import time as clock
from collections.abc import Callable, Container
from dataclasses import dataclass

from mdxdash.filters.regex import SHARED_BUDGET, PatternBudget


def local_offset(time: float) -> float:
    """Returns the seconds that local time is ahead of UTC at a Unix time; 0 for a time that no
    calendar has, as a damaged recording may hold."""
    try:
        return clock.localtime(time).tm_gmtoff
    except (OverflowError, OSError, ValueError):
        return 0.0


@dataclass(frozen=True, slots=True)
class Context:
    """What a filter needs to match an event and the event does not hold."""

    now: Callable[[], float]
    """Unix time, seconds."""
    marked: Container[int]
    """The `seq` of the marked events. Each event is looked up anew, so marks may change."""
    offset: Callable[[float], float] = local_offset
    """The seconds that local time is ahead of UTC at a Unix time, for times of day."""
    budget: PatternBudget | None = SHARED_BUDGET
    """The time that regular expressions may take; None where nothing waits for them (a command that
    reads a file)."""
