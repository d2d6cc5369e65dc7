"""What a filter asks beyond the event: the time, the marks, the time zone."""

import time as clock
from collections.abc import Callable, Container
from dataclasses import dataclass


def local_offset(time: float) -> float:
    """Seconds that this machine's clock is ahead of UTC at a Unix time."""
    try:
        return clock.localtime(time).tm_gmtoff
    except (OverflowError, OSError, ValueError):
        return 0.0  # a time that no calendar has, from a damaged recording: show it as UTC


@dataclass(frozen=True, slots=True)
class Context:
    """What an event does not know, and a filter needs to answer."""

    now: Callable[[], float]
    """Unix time, seconds."""
    marked: Container[int]
    """The `seq` of the marked events; asked anew for each event."""
    offset: Callable[[float], float] = local_offset
    """Seconds ahead of UTC at a Unix time, for times of day."""
