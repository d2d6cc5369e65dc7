"""When a periodic macro is due, on a clock that only goes forward.

It is due at the times `start + n · period`. Each is computed from the start and not from the time
before, so that delays never add up.
"""

import math

import msgspec

from mdxdash.language.translation import N_


class PeriodicTimes(msgspec.Struct, frozen=True):
    """The times at which a macro is due, and how many of them are over. All values are seconds."""

    start: float
    """The first time."""
    period: float
    """From one time to the next; above 0."""
    fired: int = 0
    """How often it fired."""
    skipped: int = 0
    """Times at which it did not fire: the computer slept, or the event loop was held up."""

    def __post_init__(self) -> None:
        """Raises ValueError for a period that is not above 0, or not finite."""
        if not (self.period > 0 and math.isfinite(self.period)):
            raise ValueError(
                N_("expected a period above 0 seconds, got {period}").format(period=self.period)
            )

    @property
    def next_time(self) -> float:
        """When it is due next; in the past if it is overdue."""
        return self._time_of(self.fired + self.skipped)

    def due(self, now: float) -> int:
        """Returns how many times have come by `now` and are not over: 0, 1, or more after a
        delay."""
        following = self.fired + self.skipped
        if now < self.next_time:
            return 0
        last = math.floor((now - self.start) / self.period)
        # The division may be off by one because of rounding. `next_time` decides: whoever sleeps
        # until then must find it due.
        while self._time_of(last) > now:
            last -= 1
        while self._time_of(last + 1) <= now:
            last += 1
        return last - following + 1

    def fire(self, now: float) -> "PeriodicTimes":
        """Returns the times after firing once at `now`. If several were due, the others are skipped
        and not made up for. Raises ValueError if none is due."""
        due = self.due(now)
        if not due:
            raise ValueError(
                N_("nothing is due at {now}: the next time is {next}").format(
                    now=now, next=self.next_time
                )
            )
        return msgspec.structs.replace(self, fired=self.fired + 1, skipped=self.skipped + due - 1)

    def _time_of(self, number: int) -> float:
        return self.start + number * self.period
