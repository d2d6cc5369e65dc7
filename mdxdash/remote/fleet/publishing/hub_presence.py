"""What a hub says of itself at the broker: that it is there, with its agents and macros. Pure."""

import time
from collections.abc import Mapping
from typing import Final

import msgspec

from mdxdash.remote.fleet.messages import MacroState, Presence
from mdxdash.remote.fleet.publishing.batching import WaitingEvents
from mdxdash.remote.protocol import AgentState, Run, TallyState, Welcome

RUNS_MAX: Final = 1_000
"""Runs that are not over."""

LONGEST_REFUSAL: Final = 100
"""Characters of why a macro was refused."""


class HubPresence:
    """Collects what the hub tells."""

    def __init__(self, name: str, waiting: WaitingEvents) -> None:
        """`name`: that of the hub at the broker. `waiting`: its events, for their numbers."""
        self._name = name
        self._waiting = waiting
        self._welcome: Welcome | None = None
        self._agents: tuple[AgentState, ...] = ()
        self._macros: Mapping[str, TallyState] = {}
        self._runs: dict[int, str] = {}
        """The macros of the runs that are not over, by number."""

    @property
    def is_known(self) -> bool:
        """Whether the hub has said what it is."""
        return self._welcome is not None

    @property
    def session(self) -> str:
        """The session of the hub; empty before it is known."""
        return "" if self._welcome is None else self._welcome.session

    def take_welcome(self, welcome: Welcome) -> None:
        """The connection to the hub begins: its runs are described anew."""
        self._welcome = welcome
        self._runs.clear()

    def take_agents(self, agents: tuple[AgentState, ...]) -> bool:
        """Takes the agents; returns whether one has come or gone, so that it is said at once."""
        before = [(agent.name, agent.state) for agent in self._agents]
        self._agents = agents
        return before != [(agent.name, agent.state) for agent in agents]

    def take_macros(self, tallies: Mapping[str, TallyState]) -> bool:
        """Takes the macros with what became of them; returns whether it is to be said soon."""
        before, self._macros = self._macros, tallies
        return any(
            (tally.on, tally.fired, tally.failed)
            != ((old := before.get(name, TallyState())).on, old.fired, old.failed)
            for name, tally in tallies.items()
        ) or set(before) != set(tallies)

    def take_run(self, run: Run) -> bool:
        """Takes a run; returns whether it has begun or ended, which is to be said soon."""
        if run.state == "running":
            began = run.run not in self._runs
            self._runs[run.run] = run.macro
            if len(self._runs) > RUNS_MAX:  # the hub itself has forgotten how they ended
                del self._runs[next(iter(self._runs))]
            return began
        return self._runs.pop(run.run, None) is not None

    def presence(self, state: str) -> Presence:
        """Returns it as it is now; `state` is that of the hub, see `Presence.state`."""
        welcome = self._welcome
        return Presence(
            hub=self._name,
            session=self.session,
            at=time.time(),
            published=self._waiting.published,
            since=self._waiting.since,
            state=state if welcome is not None else "lost",
            dropped=self._waiting.dropped,
            url="" if welcome is None else welcome.url,
            mdxdash="" if welcome is None else welcome.mdxdash,
            unsafe=welcome is not None and welcome.unsafe,
            groups={} if welcome is None else welcome.groups,
            agents=tuple(map(_short, self._agents)),
            macros=tuple(self._macros),
            macro_states=self._macro_states(),
        )

    def _macro_states(self) -> dict[str, MacroState]:
        running = set(self._runs.values())
        found = {
            name: MacroState(
                tally.fired,
                tally.failed,
                tally.on or name in running,
                tally.refused[:LONGEST_REFUSAL],
            )
            for name, tally in self._macros.items()
        }
        return {name: state for name, state in found.items() if state != MacroState()}


def _short(agent: AgentState) -> AgentState:
    """Returns the state of an agent without what would make it long."""
    counts = msgspec.structs.replace(agent.counts, round_trips=agent.counts.round_trips[-1:])
    handshake = msgspec.structs.replace(agent.handshake, headers=())
    return msgspec.structs.replace(agent, counts=counts, handshake=handshake)
