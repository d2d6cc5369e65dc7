"""Watches all hubs of a broker: stays connected, and joins what they say (`HubReception`), what is
ordered of them, and what is wrong."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final, Self

from mdxdash.events.log import EventLog
from mdxdash.language.translation import N_
from mdxdash.remote.fleet.addressing import ALL_STATES, place, watched_keys
from mdxdash.remote.fleet.broker_address import BrokerAddress, read_again
from mdxdash.remote.fleet.broker_channel import Broker
from mdxdash.remote.fleet.broker_connection import RETRY_DELAYS, BrokerError, NotLetIn
from mdxdash.remote.fleet.watching.fleet_hub import FleetHub, Order
from mdxdash.remote.fleet.watching.fleet_macros import FleetMacros
from mdxdash.remote.fleet.watching.fleet_runs import FleetRuns
from mdxdash.remote.fleet.watching.hub_reception import HUBS_MAX, HubReception
from mdxdash.remote.fleet.watching.order_desk import OrderDesk
from mdxdash.remote.fleet.watching.outcome import Outcome
from mdxdash.remote.fleet.watching.watched_hub import WatchedHub

LOOK_INTERVAL: Final = 0.5
"""Seconds between two looks for hubs that have said nothing for too long."""


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
        self.hub = FleetHub(
            address.shown,
            groups or {},
            self._orders.give,
            read_only=read_only,
            problem=lambda: self.problem,
        )
        runs = FleetRuns(log)
        self.macros = FleetMacros(self.hub, runs, self._orders.give, read_only=read_only)
        """The macros of all hubs."""
        self.attempts = 0
        """Attempts to connect that have failed since there was a connection."""
        self.reception = HubReception(
            log, self.hub, runs, self._orders.take_answer, only=only, events=events
        )
        """Takes what hubs say."""
        self._address = address
        self.only = only
        """The hub or agent that is watched; empty: all."""
        self._since = since
        self._events = events
        self._news: list[str] = []
        self._broker: Broker | None = None
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
        if self.reception.is_full:
            found.append(
                N_("there are too many agents and macros: those of some hubs are not shown")
            )
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

    async def _keep_connected(self) -> None:
        while True:
            try:
                async with Broker(self._address, "mdxdash attach") as broker:
                    keys = watched_keys(self.only) if self._events else (ALL_STATES,)
                    self.reception.begin(reads_history=self._since is not None)
                    reply_to = await broker.watch(
                        keys,
                        self.reception.take,
                        since=self._since,
                        take_now=self.reception.take_clock,
                    )
                    self._since = None
                    self._begin(broker, reply_to)
                    self.attempts = 0
                    self.problem = await broker.ended()
            except BrokerError as error:
                self.problem = str(error)
                self.attempts += 1
                if isinstance(error, NotLetIn):
                    self._address = await asyncio.to_thread(read_again, self._address)
            finally:
                self._broker = None
                self._orders.disconnected(self.problem)
                self._connected.clear()
            await asyncio.sleep(RETRY_DELAYS[min(self.attempts, len(RETRY_DELAYS) - 1)])

    def _known(self, name: str) -> WatchedHub | None:
        return self.hub.hubs.get(name)

    def _report(self, text: str) -> None:
        self._news.append(text)

    def _begin(self, broker: Broker, reply_to: str) -> None:
        self._broker = broker
        self._orders.connected(broker, reply_to)
        self.reception.connected()
        self.problem = ""
        self._connected.set()

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(LOOK_INTERVAL)
            if self.connected:
                self.reception.look()


def _names(names: Sequence[str]) -> str:
    """Returns some names, and how many more there are."""
    more = N_(" and {count} more").format(count=len(names) - 5) if len(names) > 5 else ""
    return ", ".join(names[:5]) + more
