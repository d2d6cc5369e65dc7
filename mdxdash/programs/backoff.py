"""When a program that has ended is started again. Pure: times are given, in seconds."""

from typing import Final

FIRST: Final = 0.5
"""Seconds before the first new start."""

LONGEST: Final = 30.0
"""Seconds between two starts, at most."""

STEADY_AFTER: Final = 10.0
"""Seconds after which a program counts as one that runs: the next pause is the first again."""


class Backoff:
    """The pauses between the starts of one program: each is twice the one before."""

    def __init__(self) -> None:
        self._next = FIRST

    def pause(self, ran: float) -> float:
        """Returns the seconds to wait before the next start, after the program ran for `ran`."""
        if ran >= STEADY_AFTER:
            self._next = FIRST
        pause, self._next = self._next, min(LONGEST, self._next * 2)
        return pause
