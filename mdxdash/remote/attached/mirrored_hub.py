"""A hub in another process, as its agents and what it says of itself show it here."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from mdxdash.catalog.announced import AnnouncedState
from mdxdash.events.event import By, Event
from mdxdash.events.following import follow
from mdxdash.events.log import EventLog
from mdxdash.hub.interface import Delivery
from mdxdash.hub.refusals import RefusalCount
from mdxdash.hub.targets import selects
from mdxdash.hub.traffic.decision import decide
from mdxdash.hub.traffic.send_queue import Outgoing
from mdxdash.language.translation import N_
from mdxdash.remote.attached.mirrored_agent import MirroredAgent
from mdxdash.remote.protocol import Agents, Announced, HubState, Welcome
from mdxdash.settings.redaction import HIDDEN
from mdxdash.wire.framing import Unsendable
from mdxdash.wire.message import Message

_ANNOUNCED_KEPT: Final = 256
"""Agents whose announcements are kept; of more, only those that the hub still lists."""

SendLine = Callable[[Message, str | None, bool, Delivery], str]
"""Hands a message for a target to the hub: whether the caller is sure, and what probably becomes of
it. Returns why it cannot be handed over, or nothing."""


class MirroredHub:
    """Implements `AgentHub`. What becomes of a message is predicted from the state of the agents as
    the hub told it last; the hub decides."""

    def __init__(
        self,
        welcome: Welcome,
        log: EventLog,
        send_line: SendLine,
        ask_to_stop_speech: Callable[[str | None], None] = lambda target: None,
    ) -> None:
        """`send_line` and `ask_to_stop_speech` hand requests over to the hub."""
        self.welcome = welcome
        """What the hub said of itself last."""
        self.state = HubState()
        self._log = log
        self._send_line = send_line
        self._ask_to_stop_speech = ask_to_stop_speech
        self._agents: dict[str, MirroredAgent] = {}
        self._announced: dict[str, _AnnouncedBy] = {}
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
            return Delivery(refused=(N_("this dashboard only reads (--read-only)"),))
        try:
            outgoing = Outgoing.of(message)
        except Unsendable as error:
            # The hub is told too, since it records what was refused.
            predicted = Delivery(refused=(str(error),))
            reason = self._send_line(message, target, sure, predicted)
            return Delivery(refused=(reason,)) if reason else predicted
        decision = decide(outgoing, self.targets(target), sure=sure or self.unsafe)
        predicted = Delivery(decision.names, decision.reasons, decision.asked)
        if predicted.asked:
            return predicted
        if reason := self._send_line(message, target, sure, predicted):
            return Delivery(refused=(reason,))
        for agent in decision.takers:
            # As the hub does: the next line is checked against what this one brings about.
            for effect in outgoing.effects:
                agent.known.observe(effect.type, effect.args)
        return predicted

    def stop_speech(self, target: str | None = None) -> int:
        """Asks the hub to stop it. Returns how many agents speak, as far as is known here."""
        if self.welcome.read_only:
            return 0
        self._ask_to_stop_speech(target)
        return sum(agent.speech is not None for agent in self.targets(target))

    def take_agents(self, agents: Agents) -> None:
        """Takes over the agents as they are now."""
        before, self._agents = self._agents, {}
        for state in agents.agents:
            agent = before.get(state.name)
            if agent is None:
                agent = MirroredAgent(state, self._announced_by(state.name).state)
            else:
                agent.update(state)
            self._agents[state.name] = agent
        if len(self._announced) > _ANNOUNCED_KEPT:
            self._announced = {
                name: each for name, each in self._announced.items() if name in self._agents
            }

    def take_announced(self, announced: Announced) -> None:
        """Takes over what an agent had announced before an event, whether the events before it are
        here already or still to come, and follows the events from there on."""
        found = self._announced_by(announced.agent)
        found.state.restore(announced.known)
        found.since = announced.seq
        for event in self._log.slice(announced.seq, self._log.next_seq):
            if event.agent == announced.agent:
                follow(found.state, event)

    def _announced_by(self, agent: str) -> "_AnnouncedBy":
        found = self._announced.get(agent)
        if found is None:
            found = self._announced[agent] = _AnnouncedBy()
        return found

    def _observe(self, event: Event) -> None:
        # Also of an agent that the hub has not described yet: its events come first.
        if event.agent:
            found = self._announced_by(event.agent)
            if event.seq >= found.since:
                follow(found.state, event)


class _AnnouncedBy:
    """What one agent has announced, by the events from the number `since` on."""

    def __init__(self) -> None:
        self.state = AnnouncedState()
        self.since = 0
