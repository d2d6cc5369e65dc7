"""All hubs of a broker as one hub, whose agents are called `room-3/chat`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

from mdxdash.catalog.check import harms
from mdxdash.events.event import By
from mdxdash.hub.interface import AgentView, Delivery
from mdxdash.hub.refusals import RefusalCount
from mdxdash.hub.targets import selects
from mdxdash.hub.traffic.send_queue import Outgoing
from mdxdash.language.translation import N_
from mdxdash.remote.attached.mirrored_agent import MirroredAgent
from mdxdash.remote.fleet.addressing import place
from mdxdash.remote.fleet.watching.watched_hub import WatchedHub
from mdxdash.wire.framing import Unsendable
from mdxdash.wire.message import Message

ASKED_FROM: Final = 6
"""Agents from which on a command is asked about."""

NOT_THERE: Final = N_("not there")


class Order(msgspec.Struct, frozen=True):
    """What is to be done, and at which agents."""

    agents: Mapping[str, tuple[str, ...]]
    """The names of agents, by hub."""
    message: Message | None = None
    sure: bool = False
    macro: str = ""
    """The macro to fire, instead of a message."""
    stop_macro: str = ""
    """The macro to stop, instead of a message."""
    stop_run: int = 0
    """Of `stop_macro`: the number of the run to stop; 0: all of them."""
    stop_speech: bool = False


GiveOrder = Callable[[Order], None]


class FleetHub:
    """Implements `AgentHub`. The hubs decide what becomes of a message; what is returned is what
    is expected here."""

    mdf_lines: tuple[str, ...] = ()
    full_mdf_lines: tuple[str, ...] = ()
    unsafe = False
    refusals: Sequence[RefusalCount] = ()

    def __init__(
        self,
        url: str,
        groups: Mapping[str, Sequence[str]],
        give: GiveOrder,
        *,
        read_only: bool,
        problem: Callable[[], str] = lambda: "",
    ) -> None:
        """
        * `url`: the address of the broker, to be shown.
        * `groups`: names for several agents, those of the settings here.
        * `give`: sends what is ordered to the hubs.
        * `read_only`: whether nothing may be sent.
        * `problem`: returns why nothing can be sent now, or nothing.
        """
        self.url = url
        self._problem = problem
        self.hubs: dict[str, WatchedHub] = {}
        """By name."""
        self._groups = groups
        self._give = give
        self._read_only = read_only
        self._ordered: tuple[MirroredAgent, ...] | None = None

    @property
    def groups(self) -> Mapping[str, Sequence[str]]:
        return self._groups

    @property
    def agents(self) -> Sequence[MirroredAgent]:
        """Every agent, the troubled ones first, then hub by hub."""
        if self._ordered is None:
            hubs = (self.hubs[name] for name in sorted(self.hubs, key=place))
            agents = (agent for hub in hubs for agent in hub.agents.values())
            self._ordered = tuple(sorted(agents, key=trouble))
        return self._ordered

    @property
    def connected(self) -> Sequence[MirroredAgent]:
        return tuple(agent for agent in self.agents if agent.connected)

    def agents_changed(self) -> None:
        """Something was told of agents."""
        self._ordered = None

    def targets(self, target: str | None) -> Sequence[MirroredAgent]:
        return tuple(
            agent for agent in self.connected if in_target(target, agent.name, self.groups)
        )

    def selected(self, target: str | None) -> dict[str, tuple[str, ...]]:
        """Returns the agents that a target selects, by hub: those that are connected, and of hubs
        that are gone those that were."""
        found = {}
        for hub in self.hubs.values():
            agents = tuple(
                local
                for local, agent in hub.agents.items()
                if (agent.connected or _was_connected(hub, local))
                and in_target(target, agent.name, self.groups)
            )
            if agents:
                found[hub.name] = agents
        return found

    def send(
        self, message: Message, target: str | None = None, *, sure: bool = False, by: By = ""
    ) -> Delivery:
        """Sends a message to the hubs of the agents that a target selects. Returns what probably
        becomes of it; what became of it is logged and reported."""
        if self._read_only:
            return Delivery(refused=(N_("this dashboard only reads (--read-only)"),))
        try:
            outgoing = Outgoing.of(message)
        except Unsendable as error:
            return Delivery(refused=(str(error),))
        if problem := self._problem():
            return Delivery(refused=(problem,))
        selected = self.selected(target)
        doubts = self._doubts(outgoing, selected)
        refused = doubts.refused
        if doubts.asked and not sure:
            return Delivery(asked=doubts.asked)
        ordered: dict[str, tuple[str, ...]] = {}
        taken: list[str] = []
        for hub, agents in selected.items():
            fit = tuple(each for each in agents if f"{hub}/{each}" not in refused)
            if fit:
                ordered[hub] = fit
            if not self.hubs[hub].gone:
                taken += [f"{hub}/{each}" for each in fit]
        reasons = [f"{agent}: {reason}" for agent, reason in refused.items()]
        for hub in ordered:
            if self.hubs[hub].gone:
                reasons.append(f"{hub}: {NOT_THERE}")
        # The hub asks again unless it was asked here.
        self._give(Order(ordered, message, sure=sure and doubts.may_harm))
        return Delivery(tuple(taken), tuple(reasons))

    def stop_speech(self, target: str | None = None) -> int:
        """As `AgentHub`; returns how many agents are told to, since which of them speak is known
        here only seconds later."""
        if self._read_only or self._problem():
            return 0
        selected = self.selected(target)
        if selected:
            self._give(Order(selected, stop_speech=True))
        return sum(map(len, selected.values()))

    def _doubts(self, outgoing: Outgoing, selected: Mapping[str, tuple[str, ...]]) -> "_Doubts":
        asked: dict[str, None] = {}
        refused: dict[str, str] = {}
        for hub, agents in selected.items():
            for each in agents:
                for finding in harms(outgoing.command, self.hubs[hub].agents[each].known):
                    if finding.severity == "ask":
                        asked[str(finding)] = None
                    elif finding.severity == "refused":
                        refused.setdefault(f"{hub}/{each}", str(finding))
        may_harm = bool(asked)
        count = sum(map(len, selected.values()))
        many = [many_text(count, len(selected))] if count >= ASKED_FROM else []
        return _Doubts((*many, *asked), refused, may_harm)


class _Doubts(NamedTuple):
    asked: tuple[str, ...]
    """What is to be asked."""
    refused: dict[str, str]
    """Why agents do not get the message."""
    may_harm: bool
    """Whether it may harm an agent, so that its hub asks as well."""


def many_text(agents: int, hubs: int) -> str:
    """Returns the question before something goes to many agents."""
    if hubs == 1:
        return N_("it goes to {agents} agents of one hub").format(agents=agents)
    return N_("it goes to {agents} agents of {hubs} hubs").format(agents=agents, hubs=hubs)


def in_target(target: str | None, agent: str, groups: Mapping[str, Sequence[str]]) -> bool:
    """Returns whether a target selects the agent of that name, `room-3/chat`: by that name, or by
    the name of its hub."""
    hub = agent.partition("/")[0]
    return selects(target, agent, groups) or selects(target, hub, groups)


def _was_connected(hub: WatchedHub, local: str) -> bool:
    """Whether an agent was connected when its hub was gone."""
    if not hub.gone or hub.presence is None:
        return False
    return any(each.name == local and each.state != "gone" for each in hub.presence.agents)


def trouble(agent: AgentView) -> tuple[int, int]:
    """Returns by what agents are sorted: gone, silent, with lost echoes or a queue; (2, 2) for one
    that is in no trouble."""
    states = {"gone": 0, "silent": 1, "connected": 2}
    calm = 2 if not agent.counts.lost and not agent.queue else 1
    return (states[agent.state], calm)
