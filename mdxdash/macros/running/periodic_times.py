"""The beat of a periodic macro: which times it is due at, on any clock that only goes forward.

Beats stand on the grid `start + n · period`, each reckoned from the start and not from the one
before, so that lateness never adds up.
"""

import math

import msgspec


class Schedule(msgspec.Struct, frozen=True):
    """A grid of beats and how many of them are over. Times and period are in seconds."""

    start: float
    """The first beat, on the clock that `due` and `fire` are asked with."""
    period: float
    """From one beat to the next; above 0."""
    fired: int = 0
    """How often it fired."""
    skipped: int = 0
    """Beats that went by without firing: the computer slept, or the loop stood still."""

    def __post_init__(self) -> None:
        if not (self.period > 0 and math.isfinite(self.period)):
            raise ValueError(f"expected a period above 0 seconds, got {self.period}")

    @property
    def next_at(self) -> float:
        """The time of the next beat; in the past when it is overdue."""
        return self._time_of(self.fired + self.skipped)

    def due(self, now: float) -> int:
        """How many beats have come by `now` and are not over: 0, 1, or more after a gap."""
        coming = self.fired + self.skipped
        if now < self.next_at:
            return 0
        last = max(coming, math.floor((now - self.start) / self.period))
        # The division may land on the wrong side of a beat, and the times of beats are what
        # `next_at` promises: a waker that slept until then must find the beat due.
        while last > coming and self._time_of(last) > now:
            last -= 1
        while self._time_of(last + 1) <= now:
            last += 1
        return last - coming + 1

    def fire(self, now: float) -> "Schedule":
        """The schedule after firing once for all beats that are due: after a gap the rest of them
        are skipped, never made up for in a burst. Raises ValueError when none is due."""
        due = self.due(now)
        if not due:
            raise ValueError(f"no beat is due at {now}: the next is at {self.next_at}")
        return msgspec.structs.replace(self, fired=self.fired + 1, skipped=self.skipped + due - 1)

    def _time_of(self, beat: int) -> float:
        return self.start + beat * self.period
