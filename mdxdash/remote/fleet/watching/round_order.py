"""Puts the batches of a round together again, in the order of the hub's numbers. Pure."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Final

from mdxdash.events.event import Event
from mdxdash.remote.fleet.messages import ROUND_EVENTS, Batch

EVENTS_MAX: Final = 2 * ROUND_EVENTS
"""Events that wait, at most: no hub publishes so long a round."""

_number = attrgetter("seq")


class RoundOrder:
    """Of one hub. What came of a round that will not be complete is given out with the next."""

    def __init__(self) -> None:
        self._waiting: list[Event] = []

    def take(self, batch: Batch, events: Sequence[Event]) -> list[Event]:
        """Takes a batch; returns the events that can be shown now, in their order."""
        ready: list[Event] = []
        if batch.part == 1:
            ready = self.flush()
        self._waiting += events
        if batch.part == batch.parts or len(self._waiting) > EVENTS_MAX:
            ready += self.flush()
        return ready

    def flush(self) -> list[Event]:
        """Returns what waits, in its order."""
        ready, self._waiting = self._waiting, []
        ready.sort(key=_number)
        return ready
