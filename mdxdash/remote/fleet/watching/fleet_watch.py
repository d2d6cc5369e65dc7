"""Watches all hubs of a broker: events in one log, agents in one hub, orders to them."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Final, Self

import msgspec

from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.language.translation import N_
from mdxdash.remote.fleet.addressing import ALL_STATES, place, watched_keys
from mdxdash.remote.fleet.broker_address import BrokerAddress
from mdxdash.remote.fleet.broker_channel import Broker
from mdxdash.remote.fleet.broker_connection import BrokerError, NotLetIn
from mdxdash.remote.fleet.messages import (
    PRESENCE_INTERVAL,
    UNREADABLE,
    Acknowledged,
    Batch,
    Changes,
    FromHub,
    Presence,
    Sent,
    read_answer,
    read_changes,
    split_body,
)
from mdxdash.remote.fleet.watching.fleet_hub import FleetHub, Order
from mdxdash.remote.fleet.watching.fleet_macros import FleetMacros
from mdxdash.remote.fleet.watching.order_desk import OrderDesk
from mdxdash.remote.fleet.watching.outcome import Outcome
from mdxdash.remote.fleet.watching.plausible import (
    HEAD_BYTES,
    Implausible,
    check_events,
    check_head,
)
from mdxdash.remote.fleet.watching.watched_hub import WatchedHub

HUBS_MAX: Final = 10_000
"""Hubs that are watched."""

RETRY_DELAYS: Final = (0.2, 0.5, 1.0, 2.0)
"""Seconds before each further attempt to connect; the last one for all after it."""

LOOK_INTERVAL: Final = 0.5
"""Seconds between two looks for hubs that have said nothing for too long."""

_GONE: Final = {
    "left": N_("it was ended"),
    "lost": N_("its process is gone without a word"),
}

_LISTENED_LONG: Final = 2 * PRESENCE_INTERVAL
"""Seconds after which a hub that is new to a dashboard has begun just now."""

_events: Final = msgspec.json.Decoder(Event)


class FleetWatch:
    """Use it as an asynchronous context manager: while it is entered, it stays connected, and
    connects again when the connection ends."""

    def __init__(
        self,
        address: BrokerAddress,
        log: EventLog,
        *,
        only: str = "",
        since: float | None = None,
        events: bool = True,
        groups: Mapping[str, Sequence[str]] | None = None,
        person: str = "",
        read_only: bool = False,
    ) -> None:
        """`log` is empty, and nobody else appends to it.

        * `only`: the hub (`room-3`) or agent (`room-3/chat`) that is watched; by default all.
        * `since`: seconds before now from which on history is read from the stream queue.
        * `events`: whether events are wanted, and not only what hubs say of themselves.
        * `groups`: names for several agents.
        * `person`: what the user calls himself, in the events of his commands.
        * `read_only`: whether nothing may be sent.
        """
        self.log = log
        self.read_only = read_only
        self.problem = N_("not connected to the broker yet")
        """Why there is no connection; empty while there is one."""
        self._orders = OrderDesk(log, person, self._known, self._report)
        self._orders.disconnected(self.problem)
        self.hub = FleetHub(address.shown, groups or {}, self._orders.give, read_only=read_only)
        self.macros = FleetMacros(self.hub, self._orders.give, read_only=read_only)
        """The macros of all hubs."""
        self.refused = False
        """Whether the broker does not let this user in."""
        self.unreadable = 0
        """Messages that were none of a hub that this version knows."""
        self._address = address
        self._only = only
        self._since = since
        self._events = events
        self._reads_history = False
        """Whether what comes may be old, so that it tells nothing of clocks."""
        self._news: list[str] = []
        self._broker: Broker | None = None
        self._listened_from = 0.0
        """When the first connection began, in monotonic seconds."""
        self._running: list[asyncio.Task[None]] = []
        self._connected = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._running = [
            asyncio.create_task(self._keep_connected()),
            asyncio.create_task(self._look()),
        ]
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self._orders.close()
        for task in self._running:
            task.cancel()
        await asyncio.wait(self._running)

    @property
    def connected(self) -> bool:
        """Whether there is a connection to the broker."""
        return self._broker is not None

    async def wait_connected(self) -> None:
        """Waits until there is a connection to the broker."""
        await self._connected.wait()

    @property
    def missing(self) -> int:
        """Events that hubs have numbered, and that did not come."""
        return sum(hub.missing for hub in self.hub.hubs.values())

    @property
    def warning(self) -> str:
        """What is wrong, a line each; empty where nothing is."""
        found = []
        if self.problem:
            found.append(
                N_("{problem}; what is shown is as it was, and it is tried again").format(
                    problem=self.problem
                )
            )
        hubs = {name: self.hub.hubs[name] for name in sorted(self.hub.hubs, key=place)}
        gone = [name for name, hub in hubs.items() if hub.gone]
        if gone:
            found.append(N_("gone: {gone}").format(gone=_names(gone)))
        missing = {name: hub.missing for name, hub in hubs.items() if hub.missing}
        if len(hubs) >= HUBS_MAX:
            found.append(N_("more than {hubs:,} hubs are not shown").format(hubs=HUBS_MAX))
        if missing:
            found.append(
                N_("{count:,} events are missing of {missing}").format(
                    count=sum(missing.values()), missing=_names(list(missing))
                )
            )
        return "\n".join(found)

    def take_news(self) -> Sequence[str]:
        """Returns sentences that a person should read, each once."""
        news, self._news = self._news, []
        return news

    async def carry_out(self, order: Order) -> Outcome:
        """Sends what is ordered to the hubs, and waits for what becomes of it at each agent."""
        return await self._orders.carry_out(order)

    # What comes from the broker

    async def _keep_connected(self) -> None:
        attempt = 0
        while True:
            try:
                async with Broker(self._address, "mdxdash attach") as broker:
                    keys = watched_keys(self._only) if self._events else (ALL_STATES,)
                    since, self._since = self._since, None
                    self._reads_history = since is not None
                    reply_to = await broker.watch(
                        keys, self.take, since=since, take_now=self.take_clock
                    )
                    self._begin(broker, reply_to)
                    attempt = 0
                    self.problem = await broker.ended()
            except BrokerError as error:
                self.problem = str(error)
                self.refused = isinstance(error, NotLetIn)
            finally:
                self._broker = None
                self._orders.disconnected(self.problem)
                self._connected.clear()
            await asyncio.sleep(RETRY_DELAYS[min(attempt, len(RETRY_DELAYS) - 1)])
            attempt += 1

    def _known(self, name: str) -> WatchedHub | None:
        return self.hub.hubs.get(name)

    def _report(self, text: str) -> None:
        self._news.append(text)

    def _begin(self, broker: Broker, reply_to: str) -> None:
        now = time.monotonic()
        self._broker = broker
        self._orders.connected(broker, reply_to)
        self._listened_from = self._listened_from or now
        self.problem = ""
        self._connected.set()
        for hub in self.hub.hubs.values():
            # They had nobody to say it to.
            hub.heard = now

    def take(self, data: bytes, user: str = "", key: str | None = None) -> None:
        """Takes a message of the broker; `user` sent it, as far as the broker has checked it, under
        the routing key `key`."""
        try:
            head, lines = split_body(data, HEAD_BYTES)
        except UNREADABLE:
            self._take_answer(data, user)
            return
        try:
            self._take_from_hub(check_head(head, key), lines, user)
        except (*UNREADABLE, Implausible):
            self.unreadable += 1

    def take_clock(self, data: bytes, user: str, key: str) -> None:
        """Takes what a hub says of itself now, while `take` gets what it has said before."""
        try:
            head = check_head(split_body(data, HEAD_BYTES)[0], key)
        except (*UNREADABLE, Implausible):
            return  # it comes to `take` as well
        if isinstance(head, Presence) and head.state == "here" and self._wanted(head):
            hub = self._hub(head.hub)
            if hub is not None and hub.user in (None, user):
                hub.clock.observe(head.at, time.time())

    def _take_from_hub(self, head: FromHub, lines: bytes, user: str) -> None:
        if not self._wanted(head):
            return
        hub = self._hub(head.hub)
        if hub is None or self._is_of_somebody_else(hub, user):
            self.unreadable += 1
            return
        match head:
            case Batch():
                events = check_events(head, _events.decode_lines(lines))
                self._append(hub, hub.take_batch(head, events))
            case Changes():
                for changed in read_changes(lines):
                    number = hub.number_here(changed.seq)
                    if number is not None and changed.lost:
                        self.log.lose(number)
                    elif number is not None and changed.round_trip is not None:
                        self.log.acknowledge(number, changed.round_trip)
            case Presence():
                self._take_presence(hub, head)
        hub.heard = time.monotonic()

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
            self.log.append("fault", hub.name, text=text, by="fleet")
        return True

    def _wanted(self, head: FromHub) -> bool:
        """Whether it is to be shown: the stream queue has what everybody publishes."""
        if isinstance(head, Batch) and not self._events:
            return False
        hub, slash, agent = self._only.partition("/")
        if hub and head.hub != hub:
            return False
        return not (slash and isinstance(head, Batch) and head.agent != agent)

    def _hub(self, name: str) -> WatchedHub | None:
        hub = self.hub.hubs.get(name)
        if hub is None and len(self.hub.hubs) < HUBS_MAX:
            # It has come only now, or it would have been heard before.
            age = time.monotonic() - self._listened_from if self._listened_from else 0.0
            counts = not self._only.partition("/")[1]
            hub = WatchedHub(name, from_start=age > _LISTENED_LONG, counts=counts)
            self.hub.hubs[name] = hub
        return hub

    def _append(self, hub: WatchedHub, events: Sequence[Event]) -> None:
        if events:
            self.log.extend(hub.here(events, self.log.next_seq))

    def _take_presence(self, hub: WatchedHub, presence: Presence) -> None:
        was_gone, missing = hub.gone, hub.missing
        self._append(hub, hub.take_presence(presence))
        if presence.state == "here" and not self._reads_history:
            hub.clock.observe(presence.at, time.time())
        if presence.state != "here":
            self._lose(hub, _GONE.get(presence.state, presence.state))
        elif was_gone:
            self.log.append(
                "sent",
                hub.name,
                text=N_("hub {name} is there again").format(name=hub.name),
                by="fleet",
            )
        if hub.missing > missing:
            text = N_("{missing:,} events of hub {name} are missing").format(
                missing=hub.missing - missing, name=hub.name
            )
            self.log.append("fault", hub.name, text=text, by="fleet")
        self.hub.agents_changed()

    def _take_answer(self, data: bytes, user: str) -> None:
        try:
            answer: Sent | Acknowledged = read_answer(data[: HEAD_BYTES + 1])
        except UNREADABLE:
            self.unreadable += 1
            return
        hub = self.hub.hubs.get(answer.hub)
        if hub is not None and hub.user not in (None, user):
            self.unreadable += 1  # a stranger answers for it
            return
        self._orders.take_answer(answer)

    async def _look(self) -> None:
        """Looks for hubs that have said nothing for too long."""
        while True:
            await asyncio.sleep(LOOK_INTERVAL)
            now = time.monotonic()
            for hub in self.hub.hubs.values() if self.connected else ():
                if not hub.gone and now - hub.heard > hub.lifetime:
                    self._lose(
                        hub, N_("it has said nothing for {now:.0f} s").format(now=now - hub.heard)
                    )

    def _lose(self, hub: WatchedHub, reason: str) -> None:
        if hub.gone:
            return
        agents = sum(agent.connected for agent in hub.agents.values())
        hub.go(reason, time.time())
        self.hub.agents_changed()
        not_seen = N_(": {agents} agent{s} not seen any more").format(
            agents=agents, s="s" if agents != 1 else ""
        )
        text = N_("hub {name} is gone, {reason}{not_seen}").format(
            name=hub.name, reason=reason, not_seen=not_seen if agents else ""
        )
        self.log.append("fault", hub.name, text=text, by="fleet")


def _names(names: Sequence[str]) -> str:
    """Returns some names, and how many more there are."""
    more = N_(" and {count} more").format(count=len(names) - 5) if len(names) > 5 else ""
    return ", ".join(names[:5]) + more
