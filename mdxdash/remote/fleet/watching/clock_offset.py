"""How far the clock of a hub is from the one here, by what it says of its time. Pure.

A message needs time to come, never less than none: the largest difference of the latest ones is
nearest to the truth.
"""

from collections import deque
from typing import Final

from mdxdash.language.translation import N_

_KEPT: Final = 30
"""Messages that are compared: a minute of them."""

SHOWN_FROM: Final = 0.5
"""Seconds from which on a difference is worth showing."""

LARGE: Final = 7200.0
"""Seconds from which on a difference is said in hours."""


class ClockOffset:
    """Of one hub."""

    def __init__(self) -> None:
        self._differences: deque[float] = deque(maxlen=_KEPT)

    @property
    def seconds(self) -> float:
        """How far the hub's clock is ahead of the one here; 0 while nothing is known."""
        return max(self._differences, default=0.0)

    @property
    def text(self) -> str:
        """The difference in words; empty where it is too small to matter."""
        offset = self.seconds
        if abs(offset) < SHOWN_FROM:
            return ""
        if abs(offset) >= LARGE:
            text = (
                N_("clock {hours:,.0f} h ahead")
                if offset > 0
                else N_("clock {hours:,.0f} h behind")
            )
            return text.format(hours=abs(offset) / 3600)
        text = N_("clock {offset:.1f} s ahead") if offset > 0 else N_("clock {offset:.1f} s behind")
        return text.format(offset=abs(offset))

    def observe(self, theirs: float, ours: float) -> None:
        """Takes a time of the hub's clock, and of the one here when it came; Unix time."""
        self._differences.append(theirs - ours)
