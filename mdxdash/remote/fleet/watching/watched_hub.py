"""One hub of a broker, as a dashboard knows it: its agents, its events, and what is missing."""

import time
from collections.abc import Sequence
from typing import Final

import msgspec

from mdxdash.catalog.announced import AnnouncedState
from mdxdash.events.event import Event
from mdxdash.events.following import follow
from mdxdash.remote.attached.mirrored_agent import MirroredAgent
from mdxdash.remote.fleet.messages import LIFETIME, Batch, Presence
from mdxdash.remote.fleet.watching.clock_offset import ClockOffset
from mdxdash.remote.fleet.watching.gap_count import GapCount
from mdxdash.remote.fleet.watching.plausible import AGENTS_MAX
from mdxdash.remote.fleet.watching.round_order import RoundOrder
from mdxdash.remote.protocol import AgentState

_SENT_KEPT: Final = 20_000
"""Sent events that may still be acknowledged."""

_OTHERS_KEPT: Final = 20_000
"""Other events that may still be named, as by the steps of a macro."""


class WatchedHub:
    """Everything about it that was told."""

    def __init__(self, name: str, *, from_start: bool, counts: bool = True) -> None:
        """
        * `from_start`: the hub has come while the dashboard was there, so all of its events are
          expected.
        * `counts`: whether what is missing is counted; of one agent alone it cannot be.
        """
        self.name = name
        self.presence: Presence | None = None
        """What it said of itself last."""
        self.presence_bytes = 0
        """Bytes of that."""
        self.is_cut = False
        """Whether its agents and macros are left out, since those of all hubs are too many."""
        self.gone = ""
        """Why it is gone, in words; empty while it is there."""
        self.gone_at = 0.0
        """When it went: Unix time here."""
        self.user: str | None = None
        """The user of the broker who publishes it; None: nothing came yet."""
        self.is_imitated = False
        """Whether somebody else has published under its name."""
        self.heard = 0.0
        """When something came from it last, in monotonic seconds."""
        self.clock = ClockOffset()
        self.agents: dict[str, MirroredAgent] = {}
        """By their names at the hub."""
        self.missing_before = 0
        """Events that were missing in earlier sessions."""
        self.seen_before = 0
        """Events that came in earlier sessions."""
        self._gaps: GapCount | None = None
        self._from_start = from_start
        self._counts = counts
        self._order = RoundOrder()
        self._known: dict[str, AnnouncedState] = {}
        self._sent: dict[int, int] = {}
        self._others: dict[int, int] = {}
        """The numbers of sent events here, and of others, by those at the hub."""

    @property
    def missing(self) -> int:
        """Events that the hub has numbered, and that did not come."""
        if not self._counts:
            return 0
        return self.missing_before + (self._gaps.missing if self._gaps is not None else 0)

    @property
    def seen(self) -> int:
        """Events that came."""
        return self.seen_before + (self._gaps.seen if self._gaps is not None else 0)

    @property
    def expected(self) -> int:
        """Events that the hub has published or dropped since it is watched."""
        return self.seen + self.missing

    @property
    def dropped(self) -> int:
        """Events that the hub did not publish, as it says."""
        return 0 if self.presence is None else self.presence.dropped

    @property
    def heard_ago(self) -> float:
        """Seconds since something came from it last."""
        return time.monotonic() - self.heard

    @property
    def lifetime(self) -> float:
        """Seconds for which what it said is valid."""
        return LIFETIME if self.presence is None else self.presence.lifetime

    def take_batch(self, batch: Batch, events: Sequence[Event]) -> list[Event]:
        """Takes a batch; returns the events that can be shown now, in the order of the hub's
        numbers."""
        gaps = self._session(batch.session)
        return self._order.take(batch, gaps.take(batch, events))

    def take_presence(self, presence: Presence) -> list[Event]:
        """Takes what the hub says of itself. Returns events that are shown now, since those between
        them will not come."""
        self._session(presence.session).tell(presence)
        self.presence = presence
        if presence.state == "here":
            self.gone = ""
        self._take_agents(presence)
        return self._order.flush()

    def go(self, reason: str, now: float) -> None:
        """The hub is gone, and its agents are not seen any more; `now` is Unix time here."""
        self.gone, self.gone_at = reason, now
        if self.presence is not None:
            self._take_agents(self.presence)

    def here(self, events: Sequence[Event], first: int) -> list[Event]:
        """Returns events as the log of the dashboard has them, numbered from `first` on."""
        found = []
        for number, event in enumerate(events, first):
            (self._sent if event.kind == "sent" else self._others)[event.seq] = number
            if event.agent and event.kind != "log":
                follow(self._known_of(event.agent), event)
            echo = None if event.echo is None else self._sent.get(event.echo)
            agent = f"{self.name}/{event.agent}" if event.agent else self.name
            found.append(msgspec.structs.replace(event, seq=number, agent=agent, echo=echo))
        for numbers, most in ((self._sent, _SENT_KEPT), (self._others, _OTHERS_KEPT)):
            while len(numbers) > most:
                del numbers[next(iter(numbers))]
        return found

    def number_here(self, seq: int) -> int | None:
        """Returns the number here of an event that the hub has sent; None if it did not come."""
        return self._sent.get(seq)

    def number_of(self, seq: int) -> int | None:
        """Returns the number here of any event of the hub; None if it is not known any more."""
        return self._sent.get(seq) or self._others.get(seq)

    def forget_before(self, number: int) -> None:
        """Forgets the events that have left the log here, whose first one has this number."""
        for numbers in (self._sent, self._others):
            while numbers and numbers[first := next(iter(numbers))] < number:
                del numbers[first]

    def _session(self, session: str) -> GapCount:
        gaps = self._gaps
        if gaps is None or gaps.session != session:
            if gaps is not None:
                self.missing_before += gaps.missing
                self.seen_before += gaps.seen
                self._sent.clear()
                self._others.clear()
                self._known.clear()
            from_start = self._from_start or gaps is not None
            gaps = self._gaps = GapCount(session, from_start=from_start)
        return gaps

    def _take_agents(self, presence: Presence) -> None:
        self.agents = {each.name: self._agent(each) for each in presence.agents}

    def _agent(self, state: AgentState) -> MirroredAgent:
        local = state.name
        if self.gone:
            gone_at = state.gone_at if state.gone_at is not None else self.gone_at
            state = msgspec.structs.replace(state, state="gone", gone_at=gone_at, speech=None)
        state = msgspec.structs.replace(state, name=f"{self.name}/{local}")
        agent = self.agents.get(local)
        if agent is None:
            return MirroredAgent(state, self._known_of(local))
        agent.update(state)
        return agent

    def _known_of(self, agent: str) -> AnnouncedState:
        known = self._known.pop(agent, None) or AnnouncedState()
        if len(self._known) >= AGENTS_MAX:
            del self._known[next(iter(self._known))]
        self._known[agent] = known  # the last one is the one used latest
        return known
