"""The latest connections, disconnections, faults and refused connections, for each agent."""

from collections import defaultdict, deque
from collections.abc import Sequence
from typing import Final

from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.events.storage.block_events import BlockEvents

KEPT: Final = 100
"""Events that are kept for each agent, and of the refused connections."""

AGENTS_KEPT: Final = 256

_KINDS: Final = frozenset({"connected", "disconnected", "fault"})


class ConnectionHistory:
    """Takes the events that a log holds already, and subscribes to new ones."""

    def __init__(self, log: EventLog) -> None:
        self.refused: deque[Event] = deque(maxlen=KEPT)
        """The connections that were refused, oldest first."""
        self._agents: defaultdict[str, deque[Event]] = defaultdict(lambda: deque(maxlen=KEPT))
        for event in log.with_signature(_is_kept):
            self._add(event)
        log.subscribe_batches(self._add_batch)

    def of(self, agent: str) -> tuple[Event, ...]:
        """Returns the events of the connections of an agent, and of its upstream, oldest first. The
        empty name gives those that concern no agent."""
        return tuple(self._agents.get(agent, ()))

    def _add_batch(self, events: Sequence[Event]) -> None:
        if type(events) is BlockEvents:
            return  # received ones only
        for event in events:
            if event.kind != "received" and _is_kept(event):  # a flood comes here
                self._add(event)

    def _add(self, event: Event) -> None:
        if event.kind in _KINDS:
            if event.agent not in self._agents and len(self._agents) >= AGENTS_KEPT:
                del self._agents[next(iter(self._agents))]
            self._agents[event.agent].append(event)
        else:
            self.refused.append(event)


def _is_kept(event: Event) -> bool:
    """Whether it is of a connection, or a refused one."""
    return event.kind in _KINDS or (event.kind == "refused" and not event.agent and not event.type)
