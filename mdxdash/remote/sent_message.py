"""What becomes of a message that a shell command sent, as the events of the hub tell."""

from collections.abc import Iterable

from mdxdash.events.event import Event
from mdxdash.wire.framing import expected_echo
from mdxdash.wire.message import Message


class SentMessage:
    """A message on its way to some agents: when it left for each, and when its echo came."""

    def __init__(self, message: Message, agents: Iterable[str], next_seq: int) -> None:
        """`next_seq`: what the message causes has this number or a higher one."""
        self.is_echoed = expected_echo(message) is not None
        """Whether agents send it back at all."""
        self.round_trips: dict[str, float] = {}
        """Of each agent that has acknowledged it, the seconds until its echo came."""
        self._message = message
        self._agents = tuple(agents)
        self._next_seq = next_seq
        self._sent: dict[str, int] = {}
        """The `seq` of the event with which it left, by agent."""

    @property
    def waits(self) -> bool:
        """Whether it has not left for an agent yet, or an echo is still to come."""
        known = self.round_trips if self.is_echoed else self._sent
        return len(known) < len(self._agents)

    def take(self, event: Event) -> bool:
        """Takes an event of the hub. Returns whether the event came from one of the agents, or
        happened to it, after the message had left for that agent."""
        agent = event.agent
        if event.seq < self._next_seq or agent not in self._agents:
            return False
        if agent in self._sent:
            if self.is_echo(event) and event.round_trip is not None:
                self.round_trips[agent] = event.round_trip
            return True
        if event.kind == "sent" and event.by == "send" and self._is_same(event):
            self._sent[agent] = event.seq
        return False

    def is_echo(self, event: Event) -> bool:
        """Returns whether an event is the echo of the message."""
        return event.echo is not None and event.echo == self._sent.get(event.agent)

    def is_acknowledged(self, agent: str) -> bool:
        """Returns whether the agent has taken it, or will never say so."""
        return not self.is_echoed or agent in self.round_trips

    def _is_same(self, event: Event) -> bool:
        return (event.type, event.args) == (self._message.type, self._message.args)
