"""Who came, who went and why, and who was turned away: the last of it, however long the log is."""

from collections import defaultdict, deque
from typing import Final

from mdxdash.events.event import Event
from mdxdash.events.log import EventLog

KEPT: Final = 100
"""Events that are kept of each agent, and of those that were turned away."""

AGENTS_KEPT: Final = 256

_KINDS: Final = frozenset({"connected", "disconnected", "fault"})


class ConnectionHistory:
    """Knows what a log holds already, and listens to it from now on."""

    def __init__(self, log: EventLog) -> None:
        self.turned_away: deque[Event] = deque(maxlen=KEPT)
        """The connections that were refused, oldest first."""
        self._agents: defaultdict[str, deque[Event]] = defaultdict(lambda: deque(maxlen=KEPT))
        for event in log:
            self._hear(event)
        log.subscribe(self._hear)

    def of(self, agent: str) -> tuple[Event, ...]:
        """What became of the connections of an agent, and of its server, oldest first. With an
        empty name: what concerns no agent."""
        return tuple(self._agents.get(agent, ()))

    def _hear(self, event: Event) -> None:
        if event.kind in _KINDS:
            if event.agent not in self._agents and len(self._agents) >= AGENTS_KEPT:
                del self._agents[next(iter(self._agents))]
            self._agents[event.agent].append(event)
        elif event.kind == "refused" and not event.agent and not event.type:
            self.turned_away.append(event)
