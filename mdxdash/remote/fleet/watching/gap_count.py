"""Which events of a hub a dashboard has seen, by the hub's own numbers, and how many are missing.
Pure.

A hub publishes its rounds in order and without a gap between their numbers, so what was not in a
round does not come any more when the next one begins. A round may come twice (the broker went away
before it had confirmed it); its events are then known by their agent and number.
"""

from collections.abc import Sequence
from typing import Final

from mdxdash.events.event import Event
from mdxdash.remote.fleet.messages import Batch, Presence

_AGENTS: Final = 10_000
"""Agents whose latest number is remembered."""


class GapCount:
    """Counts for one session of a hub."""

    def __init__(self, session: str, *, from_start: bool = False) -> None:
        """`from_start`: the session began while the dashboard was there, so all of its events are
        expected; else those from now on."""
        self.session = session
        self.seen = 0
        """Events that came."""
        self._from_start = from_start
        self._first = 0
        """The number from which on events are expected; 0: nothing is known yet."""
        self._told = 0
        """The number up to which everything was published or dropped."""
        self._in_round = 0
        """Events that came of the round that is not complete."""
        self._latest: dict[str, int] = {}
        """The number of the latest event of each agent."""

    @property
    def missing(self) -> int:
        """Events that the hub has numbered and that did not come: it dropped them, or the broker
        lost them."""
        if not self._first:
            return 0
        return self._told - self._first + 1 - (self.seen - self._in_round)

    def take(self, batch: Batch, events: Sequence[Event]) -> Sequence[Event]:
        """Takes a batch; returns the events of it that did not come before. Of a round that was
        already coming when the dashboard came, none is taken."""
        if not self._first:
            if batch.part != 1:
                return ()
            self._first = batch.first
            self._told = batch.first - 1
        if batch.part == 1:
            self._in_round = 0
            self._told = max(self._told, batch.first - 1)
        latest = self._latest.get(batch.agent, self._first - 1)
        if events and events[0].seq <= latest:
            events = [event for event in events if event.seq > latest]
        if events:
            self._latest.pop(batch.agent, None)
            if len(self._latest) >= _AGENTS:
                del self._latest[next(iter(self._latest))]
            self._latest[batch.agent] = events[-1].seq
            self.seen += len(events)
            if batch.last > self._told:
                self._in_round += len(events)
        if batch.part == batch.parts:
            self._told = max(self._told, batch.last)
            self._in_round = 0
        return events

    def tell(self, presence: Presence) -> None:
        """Takes what a hub says of itself, which comes between two rounds."""
        if not self._first:
            self._first = presence.since if self._from_start else presence.published + 1
            self._told = self._first - 1
        self._told = max(self._told, presence.published)
        self._in_round = 0
