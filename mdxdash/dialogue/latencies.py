"""The latencies of the turns of a session: the last, the median, percentiles, turns unanswered."""

from bisect import bisect_left, insort
from collections import deque
from math import ceil
from typing import Final

from mdxdash.dialogue.turn import Turn

KEPT: Final = 100_000
"""Latencies that are kept, the newest ones: a bound for a hub that runs for years."""


class Durations:
    """The newest `KEPT` durations, in seconds, with exact percentiles."""

    def __init__(self) -> None:
        self._in_order: deque[float] = deque()
        self._sorted: list[float] = []

    def __len__(self) -> int:
        return len(self._sorted)

    def add(self, seconds: float) -> None:
        """Takes one duration."""
        if len(self._in_order) == KEPT:
            del self._sorted[bisect_left(self._sorted, self._in_order.popleft())]
        self._in_order.append(seconds)
        insort(self._sorted, seconds)

    @property
    def last(self) -> float | None:
        """The one that was taken last; None without any."""
        return self._in_order[-1] if self._in_order else None

    @property
    def longest(self) -> float | None:
        """The longest one; None without any."""
        return self._sorted[-1] if self._sorted else None

    def quantile(self, share: float) -> float | None:
        """Returns the duration that a share of them (0.5 for the median) does not exceed, one that
        was taken (nearest rank); None without any."""
        if not self._sorted:
            return None
        rank = max(1, ceil(share * len(self._sorted)))
        return self._sorted[min(rank, len(self._sorted)) - 1]


class Latencies:
    """Adds up turns that are complete."""

    def __init__(self) -> None:
        self.turns = 0
        """Turns of a user."""
        self.unanswered = 0
        self.unasked = 0
        """Times that the agent spoke without being spoken to."""
        self.interruptions = 0
        """Turns in which the user began while the agent spoke."""
        self.answer = Durations()
        """From the end of the user's words to the voice."""
        self.deciding = Durations()
        """From the end of the user's words to the decision."""
        self.synthesis = Durations()
        """From the decision to the voice."""
        self.lips = Durations()
        """From the voice to the mouth."""

    def add(self, turn: Turn) -> None:
        """Takes a turn that is complete, once."""
        if turn.unasked:
            self.unasked += 1
            return
        self.turns += 1
        self.unanswered += turn.unanswered
        self.interruptions += bool(turn.interruptions)
        for durations, seconds in (
            (self.answer, turn.latency),
            (self.deciding, turn.deciding),
            (self.synthesis, turn.synthesis),
            (self.lips, turn.lips),
        ):
            if seconds is not None:
                durations.add(seconds)

    def is_slow(self, turn: Turn, limit: float | None) -> bool:
        """Returns whether a user waited long in a turn: over `limit` seconds, or in vain. Without a
        limit the slowest twentieth of all answers is meant, if it is slower than the median."""
        if turn.unanswered:
            return True
        if turn.latency is None:
            return False
        if limit is not None:
            return turn.latency > limit
        usual, slowest = self.answer.quantile(0.5), self.answer.quantile(0.95)
        return usual is not None and slowest is not None and usual < slowest <= turn.latency

    @property
    def parts(self) -> tuple[tuple[str, Durations], ...]:
        """The durations with what each of them is called."""
        return (
            ("answer", self.answer),
            ("decided", self.deciding),
            ("voice", self.synthesis),
            ("mouth", self.lips),
        )
