"""How many messages may be on their way to the upstream without having been acknowledged. Pure:
times are given, in seconds.

When an upstream is killed, what it had received and not processed is lost, as it would be without
mdxdash, and what it had processed and not acknowledged is sent again: at most as many as the window
has, of each. A small window costs speed: nothing more is sent until a pong has come back.
"""

from typing import Final

SMALLEST: Final = 16
"""Messages that may always be on their way; at least 4, since a quarter is sent at a time."""

SPAN: Final = 0.01
"""In a flood it is what the upstream takes in this time, in seconds: many times the way there and
back on one machine, and no time in which a person says anything."""


class ReceiptWindow:
    """The window of one connection to an upstream."""

    def __init__(self) -> None:
        self._began = 0.0
        self._count = 0
        self._before = 0

    def size(self, now: float) -> int:
        """Returns the number of messages at the time `now`."""
        if now - self._began >= 2 * SPAN:  # no flood any more, or one that is not acknowledged
            return SMALLEST
        return max(SMALLEST, self._count, self._before)

    def acknowledge(self, count: int, now: float) -> None:
        """Counts messages that the upstream has acknowledged at the time `now`."""
        if (passed := now - self._began) >= SPAN:
            self._before = self._count if passed < 2 * SPAN else 0
            self._began, self._count = now, 0
        self._count += count
