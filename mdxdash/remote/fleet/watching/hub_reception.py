"""Takes what hubs say at a broker: their events go into one log, what they say of themselves into
their places in a hub, their answers to whoever waits for them."""

import time
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import msgspec

from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.language.translation import N_
from mdxdash.remote.fleet.messages import (
    PRESENCE_INTERVAL,
    UNREADABLE,
    Batch,
    Changes,
    FromDesk,
    FromHub,
    MacroRuns,
    Presence,
    read_answer,
    read_changes,
    read_runs,
    split_body,
)
from mdxdash.remote.fleet.watching.fleet_hub import FleetHub
from mdxdash.remote.fleet.watching.fleet_runs import FleetRuns
from mdxdash.remote.fleet.watching.plausible import (
    HEAD_BYTES,
    Implausible,
    check_answer,
    check_changes,
    check_events,
    check_head,
    check_lines,
    check_runs,
)
from mdxdash.remote.fleet.watching.watched_hub import WatchedHub
from mdxdash.remote.protocol import Changed, Run

HUBS_MAX: Final = 10_000
"""Hubs that are watched."""

PRESENCE_BYTES: Final = 2**26
"""Bytes of what all hubs say of themselves, that are kept: those of 100,000 agents."""

_GONE: Final = {
    "left": N_("it was ended"),
    "lost": N_("its process is gone without a word"),
}

HEARD_WITHIN: Final = 1.5 * PRESENCE_INTERVAL
"""Seconds in which every hub that is there has said so."""

_LISTENED_LONG: Final = 2 * PRESENCE_INTERVAL
"""Seconds after which a hub that is new to a dashboard has begun just now."""

_PAST_FROM: Final = 2.0
"""Seconds from which on an event is of the past, where history may come."""

_events: Final = msgspec.json.Decoder(Event)


class _Lines(NamedTuple):
    """What stands behind a head."""

    events: Sequence[Event] = ()
    changes: Sequence[Changed] = ()
    runs: Sequence[Run] = ()


def _read_lines(head: FromHub, lines: bytes) -> _Lines:
    """Raises `UNREADABLE` and `Implausible`."""
    match head:
        case Batch():
            return _Lines(events=check_events(head, _events.decode_lines(lines)))
        case Changes():
            return _Lines(changes=check_changes(read_changes(lines)))
        case MacroRuns():
            return _Lines(runs=check_runs(read_runs(lines)))
    return _Lines()


class HubReception:
    """Of one dashboard, or one command of the shell."""

    def __init__(
        self,
        log: EventLog,
        hub: FleetHub,
        runs: FleetRuns,
        take_answer: Callable[[FromDesk], None],
        *,
        only: str,
        events: bool,
    ) -> None:
        """
        * `log`: gets the events of all hubs.
        * `hub`: has a place for each hub.
        * `runs`: gets what is told of the runs of macros.
        * `take_answer`: gets the answers to commands.
        * `only`, `events`: see `FleetWatch`.
        """
        self.unreadable = 0
        """Messages that were none of a hub that this version knows."""
        self.reads_history = False
        """Whether what comes may be old, so that it tells nothing of clocks."""
        self.of_the_past = 0
        """Events in the log that were history when they came."""
        self._log = log
        self._hub = hub
        self._runs = runs
        self._answered = take_answer
        self._only = only
        self._events = events
        self._connected_from = 0.0
        """When the latest one began."""
        self._presence_bytes = 0
        """Those of what hubs have said of themselves last."""
        self._listened_from = 0.0
        """When the first connection began, in monotonic seconds."""

    @property
    def missing(self) -> int:
        """Events that hubs have numbered, and that did not come."""
        return sum(hub.missing for hub in self._hub.hubs.values())

    @property
    def is_full(self) -> bool:
        """Whether hubs say more of themselves than is kept."""
        return any(hub.is_cut for hub in self._hub.hubs.values())

    def begin(self, *, reads_history: bool) -> None:
        """A connection to the broker is tried. `reads_history`: what comes first may be old."""
        now = time.monotonic()
        self.reads_history = reads_history
        self._connected_from = now
        for hub in self._hub.hubs.values():
            # They had nobody to say it to.
            hub.heard = now

    def connected(self) -> None:
        """What hubs say comes from now on: those that are new later have begun meanwhile."""
        self._listened_from = self._listened_from or time.monotonic()

    def take(self, data: bytes, user: str = "", key: str | None = None) -> None:
        """Takes a message of the broker; `user` sent it, as far as the broker has checked it, under
        the routing key `key`."""
        try:
            head, lines = split_body(data, HEAD_BYTES)
        except UNREADABLE:
            self._take_answer(data, user)
            return
        try:
            self._take_from_hub(check_head(head, key), lines, user, len(data) - len(lines))
        except (*UNREADABLE, Implausible):
            self.unreadable += 1

    def take_clock(self, data: bytes, user: str, key: str) -> None:
        """Takes what a hub says of itself now, while `take` gets what it has said before."""
        try:
            head = check_head(split_body(data, HEAD_BYTES)[0], key)
        except (*UNREADABLE, Implausible):
            return  # it comes to `take` as well
        if isinstance(head, Presence) and head.state == "here" and self._wanted(head):
            hub = self._place(head.hub)
            if hub is not None and hub.user in (None, user):
                hub.clock.observe(head.at, time.time())
                hub.heard = time.monotonic()

    def look(self) -> None:
        """Looks for hubs that have said nothing for too long. Those of which only the history has
        told have some time to say that they are there."""
        now = time.monotonic()
        if now - self._connected_from < HEARD_WITHIN:
            return
        for hub in self._hub.hubs.values():
            if not hub.gone and now - hub.heard > hub.lifetime:
                self._lose(
                    hub, N_("it has said nothing for {now:.0f} s").format(now=now - hub.heard)
                )

    def _take_from_hub(self, head: FromHub, lines: bytes, user: str, size: int) -> None:
        """`size`: the bytes of the head."""
        is_known = head.hub in self._hub.hubs
        if not self._wanted(head) or not (is_known or isinstance(head, Batch | Presence)):
            return
        # All of it is read before anybody is believed to be that hub.
        told = _read_lines(head, check_lines(head, lines))
        hub = self._place(head.hub)
        if hub is None or self._is_of_somebody_else(hub, user):
            self.unreadable += 1
            return
        said_at: float | None = None
        match head:
            case Batch():
                self._append(hub, hub.take_batch(head, told.events))
                said_at = told.events[-1].time
            case Changes():
                self._take_changes(hub, told.changes)
            case MacroRuns():
                wanted = self._only.partition("/")[2]
                shown = [run for run in told.runs if not wanted or run.agent == wanted]
                self._runs.take(hub, head.session, shown)
            case Presence():
                self._take_presence(hub, head, size)
                said_at = head.at
        self._hear(hub, said_at)

    def _take_changes(self, hub: WatchedHub, changes: Sequence[Changed]) -> None:
        for changed in changes:
            number = hub.number_here(changed.seq)
            if number is not None and changed.lost:
                self._log.lose(number)
            elif number is not None and changed.round_trip is not None:
                self._log.acknowledge(number, changed.round_trip)

    def _hear(self, hub: WatchedHub, said_at: float | None) -> None:
        """Something came from a hub. `said_at`: when it said that, by its clock; None if that is
        not known."""
        now = time.monotonic()
        if not self.reads_history:
            hub.heard = now
        elif said_at is not None:
            ago = max(0.0, time.time() + hub.clock.seconds - said_at)
            hub.heard = max(hub.heard, now - ago)

    def _is_of_somebody_else(self, hub: WatchedHub, user: str) -> bool:
        """Whether another user of the broker publishes under the name of a hub that is there."""
        if hub.user is None or hub.gone:
            hub.user = user
        if hub.user == user:
            return False
        if not hub.is_imitated:
            hub.is_imitated = True
            text = N_("user {user} of the broker publishes under the name of hub {name}: ignored")
            text = text.format(user=user or "?", name=hub.name)
            self._log.append("fault", hub.name, text=text, by="fleet")
        return True

    def _wanted(self, head: FromHub) -> bool:
        """Whether it is to be shown: the stream queue has what everybody publishes."""
        if isinstance(head, Batch) and not self._events:
            return False
        hub, slash, agent = self._only.partition("/")
        if hub and head.hub != hub:
            return False
        return not (slash and isinstance(head, Batch) and head.agent != agent)

    def _place(self, name: str) -> WatchedHub | None:
        hub = self._hub.hubs.get(name)
        if hub is None and len(self._hub.hubs) < HUBS_MAX:
            # It has come only now, or it would have been heard before.
            age = time.monotonic() - self._listened_from if self._listened_from else 0.0
            counts = not self._only.partition("/")[1]
            hub = WatchedHub(name, from_start=age > _LISTENED_LONG, counts=counts)
            hub.heard = float("-inf")  # until `_hear` knows when it has said something
            self._hub.hubs[name] = hub
        return hub

    def _append(self, hub: WatchedHub, events: Sequence[Event]) -> None:
        if events:
            if self.reads_history:
                begin = time.time() + hub.clock.seconds - _PAST_FROM
                self.of_the_past += sum(event.time < begin for event in events)
            self._log.extend(hub.here(events, self._log.next_seq))

    def _take_presence(self, hub: WatchedHub, presence: Presence, size: int) -> None:
        self._presence_bytes += size - hub.presence_bytes
        hub.presence_bytes = size
        hub.is_cut = self._presence_bytes > PRESENCE_BYTES
        if hub.is_cut:
            presence = msgspec.structs.replace(
                presence, agents=(), macros=(), macro_states={}, groups={}, url=""
            )
            self._presence_bytes -= hub.presence_bytes
            hub.presence_bytes = 0
        hub.forget_before(self._log.first_seq)
        was_gone, missing = hub.gone, hub.missing
        if hub.presence is not None and hub.presence.session != presence.session:
            self._runs.lose(hub.name, presence.session)
        self._append(hub, hub.take_presence(presence))
        if presence.state == "here" and not self.reads_history:
            hub.clock.observe(presence.at, time.time())
        if presence.state != "here":
            self._lose(hub, _GONE.get(presence.state, presence.state))
        elif was_gone:
            self._log.append(
                "sent",
                hub.name,
                text=N_("hub {name} is there again").format(name=hub.name),
                by="fleet",
            )
        if hub.missing > missing:
            text = N_("{missing:,} events of hub {name} are missing").format(
                missing=hub.missing - missing, name=hub.name
            )
            self._log.append("fault", hub.name, text=text, by="fleet")
        self._hub.agents_changed()

    def _take_answer(self, data: bytes, user: str) -> None:
        try:
            answer = check_answer(read_answer(data[: HEAD_BYTES + 1]))
        except (*UNREADABLE, Implausible):
            self.unreadable += 1
            return
        hub = self._hub.hubs.get(answer.hub)
        if hub is not None and hub.user not in (None, user):
            self.unreadable += 1  # a stranger answers for it
            return
        self._answered(answer)

    def _lose(self, hub: WatchedHub, reason: str) -> None:
        if hub.gone:
            return
        agents = sum(agent.connected for agent in hub.agents.values())
        hub.go(reason, time.time())
        self._runs.lose(hub.name)
        self._hub.agents_changed()
        text = N_("hub {name} is gone: {reason}").format(name=hub.name, reason=reason)
        if agents == 1:
            text += "; " + N_("1 agent is not seen any more")
        elif agents:
            text += "; " + N_("{agents} agents are not seen any more").format(agents=agents)
        self._log.append("fault", hub.name, text=text, by="fleet")
