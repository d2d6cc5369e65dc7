"""A hub in another process, as its agents and what it says of itself show it here."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from mdxdash.catalog.check import harms
from mdxdash.catalog.replies import anticipate
from mdxdash.events.event import By, Event
from mdxdash.events.log import EventLog
from mdxdash.hub.interface import Delivery
from mdxdash.hub.refusals import RefusalCount
from mdxdash.hub.targets import selects
from mdxdash.hub.traffic.send_queue import Outgoing, QueueFull
from mdxdash.remote.attached.mirrored_agent import MirroredAgent
from mdxdash.remote.protocol import Agents, Announced, HubState, Welcome
from mdxdash.settings.redaction import HIDDEN
from mdxdash.wire.framing import Unsendable
from mdxdash.wire.message import Message

_SEARCHED_EVENTS: Final = 5_000
"""Events at the end of the log among which those of a new agent are searched."""

SendLine = Callable[[Message, str | None, bool, Delivery], str]
"""Hands a message for a target to the hub: whether the caller is sure, and what probably becomes of
it. Returns why it cannot be handed over, or nothing."""


class MirroredHub:
    """Implements `AgentHub`. What becomes of a message is predicted from the state of the agents as
    the hub told it last; the hub decides."""

    def __init__(self, welcome: Welcome, log: EventLog, send_line: SendLine) -> None:
        self.welcome = welcome
        """What the hub said of itself last."""
        self.state = HubState()
        self._log = log
        self._send_line = send_line
        self._agents: dict[str, MirroredAgent] = {}
        log.subscribe(self._observe)

    @property
    def url(self) -> str:
        return self.welcome.url

    @property
    def mdf_lines(self) -> tuple[str, ...]:
        return self.welcome.mdf_lines

    @property
    def full_mdf_lines(self) -> tuple[str, ...]:
        """As `AgentHub`; empty if the hub keeps its secret from this dashboard."""
        hidden = any(HIDDEN in line for line in self.welcome.mdf_lines)
        return self.welcome.full_mdf_lines or (() if hidden else self.welcome.mdf_lines)

    @property
    def groups(self) -> Mapping[str, Sequence[str]]:
        return self.welcome.groups

    @property
    def agents(self) -> Sequence[MirroredAgent]:
        return tuple(self._agents.values())

    @property
    def connected(self) -> Sequence[MirroredAgent]:
        return tuple(agent for agent in self._agents.values() if agent.connected)

    @property
    def unsafe(self) -> bool:
        return self.welcome.unsafe

    @property
    def refusals(self) -> Sequence[RefusalCount]:
        return self.state.refusals

    def targets(self, target: str | None) -> Sequence[MirroredAgent]:
        return tuple(agent for agent in self.connected if selects(target, agent.name, self.groups))

    def send(
        self, message: Message, target: str | None = None, *, sure: bool = False, by: By = ""
    ) -> Delivery:
        """Hands a message to the hub. Returns what probably becomes of it."""
        if self.welcome.read_only:
            return Delivery(refused=("this dashboard only reads (--read-only)",))
        predicted = self._predict(message, target, sure=sure or self.unsafe)
        if predicted.asked:
            return predicted
        reason = self._send_line(message, target, sure, predicted)
        return Delivery(refused=(reason,)) if reason else predicted

    def take_agents(self, agents: Agents) -> None:
        """Takes over the agents as they are now."""
        known, self._agents = self._agents, {}
        for state in agents.agents:
            agent = known.get(state.name)
            if agent is None:
                agent = MirroredAgent(state)
                self._follow(agent)
            else:
                agent.update(state)
            self._agents[state.name] = agent

    def take_announced(self, announced: Announced) -> None:
        """Takes over what an agent had announced before an event, and follows the events since."""
        agent = self._agents.get(announced.agent)
        if agent is None:
            return
        agent.known.restore_names(announced.names)
        for event in self._log.slice(announced.seq, self._log.next_seq):
            if event.agent == agent.name:
                agent.observe(event)

    def _follow(self, agent: MirroredAgent) -> None:
        """Lets a new agent know what it has announced since it connected, as far as its events are
        here: they come before the agent's description."""
        since: list[Event] = []
        log = self._log
        for event in reversed(log.slice(log.next_seq - _SEARCHED_EVENTS, log.next_seq)):
            if event.agent == agent.name:
                since.append(event)
                if event.kind == "connected" and not event.via:
                    break
        for event in reversed(since):
            agent.observe(event)

    def _predict(self, message: Message, target: str | None, *, sure: bool) -> Delivery:
        try:
            outgoing = Outgoing.of(message)
        except Unsendable as error:
            return Delivery(refused=(str(error),))
        agents = self.targets(target)
        found = {agent.name: harms(outgoing.command, agent.known) for agent in agents}
        asked = dict.fromkeys(
            str(f) for each in found.values() for f in each if f.severity == "ask"
        )
        if asked and not sure:
            return Delivery(asked=tuple(asked))
        taken: list[str] = []
        refused: list[str] = []
        for agent in agents:
            reason = next((str(f) for f in found[agent.name] if f.severity == "refused"), "")
            if not reason and len(agent.queue) >= agent.queue.limit > 0:
                reason = str(QueueFull(agent.queue.limit))
            if reason:
                refused.append(f"{agent.name}: {reason}")
            else:
                taken.append(agent.name)
                # As the hub does: the next line is checked against what this one brings about.
                anticipate(agent.known, outgoing.command)
        return Delivery(tuple(taken), tuple(refused))

    def _observe(self, event: Event) -> None:
        agent = self._agents.get(event.agent)
        if agent is not None:
            agent.observe(event)
