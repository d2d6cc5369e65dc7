"""Publishes at a broker what a hub says, in order: its events, what became of them, the runs of its
macros, and that it is there. Connects again when the connection ends; what was not confirmed is
published again."""

import asyncio
import time
from contextlib import suppress

from mdxdash.remote.attached.hub_link import HubLink
from mdxdash.remote.fleet.addressing import ANSWERS, EVENTS, event_key, state_key
from mdxdash.remote.fleet.broker_address import BrokerAddress, read_again
from mdxdash.remote.fleet.broker_channel import Broker, Take
from mdxdash.remote.fleet.broker_connection import RETRY_DELAYS, BrokerError, NotLetIn
from mdxdash.remote.fleet.messages import (
    PRESENCE_INTERVAL,
    Batch,
    Changes,
    FromDesk,
    MacroRuns,
    body,
    encoded,
    lines_of,
)
from mdxdash.remote.fleet.publishing.batching import BATCH_EVENTS, Round, WaitingEvents
from mdxdash.remote.fleet.publishing.broker_notes import STALLED_AFTER, BrokerNotes
from mdxdash.remote.fleet.publishing.hub_presence import HubPresence
from mdxdash.remote.fleet.publishing.in_flight import InFlight
from mdxdash.remote.fleet.publishing.told_runs import ToldRuns
from mdxdash.remote.fleet.publishing.waiting_changes import WaitingChanges


class Publisher:
    """Of one hub, at one broker."""

    def __init__(
        self,
        address: BrokerAddress,
        name: str,
        events: WaitingEvents,
        hub: HubPresence,
        link: HubLink,
        notes: BrokerNotes,
        *,
        round_interval: float,
    ) -> None:
        """
        * `name`: the name of the hub at the broker.
        * `events`: those that are to be published. Whoever adds some calls `tell_news`.
        * `hub`: says what the hub is.
        * `link`: the connection to the hub.
        * `notes`: says what is wrong with the broker.
        * `round_interval`: seconds that an event waits for others, unless many have come.
        """
        self.changes = WaitingChanges()
        """What became of events. Whoever adds some calls `tell_news`."""
        self.runs = ToldRuns()
        """The runs of macros. Whoever adds some calls `tell_news`."""
        self._address = address
        self._name = name
        self._events = events
        self._hub = hub
        self._link = link
        self._notes = notes
        self._round_interval = round_interval
        self._broker: Broker | None = None
        self._news = asyncio.Event()
        self._many = asyncio.Event()
        """Set when so many events wait, or the hub has ended, that nothing waits for others."""
        self._presence_due = 0.0
        """When it is to be said that the hub is there, in monotonic seconds."""
        self._state = "here"
        self._attempt = 0
        """Attempts to connect to the broker since it took something last."""

    @property
    def is_connected(self) -> bool:
        """Whether the broker is there."""
        return self._broker is not None

    def tell_news(self) -> None:
        """Something is to be published."""
        self._news.set()
        if len(self._events) >= BATCH_EVENTS:
            self._many.set()

    def say_presence(self, within: float = 0.0) -> None:
        """Says soon that the hub is there: within so many seconds."""
        self._presence_due = min(self._presence_due, time.monotonic() + within)
        self._news.set()

    def end(self, state: str) -> None:
        """The hub has ended: `left` or `lost`. Lets `run` publish what is left, and return."""
        self._state = state
        self.say_presence()
        self._many.set()

    async def run(self, take_command: Take) -> None:
        """Publishes until the hub has ended and everything is published, and gives the commands
        that come to `take_command`."""
        while self._state == "here":
            # A hub that is not known yet has no events.
            await self._link.wait_attached()
            try:
                async with Broker(self._address, f"mdxdash hub {self._name}") as broker:
                    await broker.serve_hub(self._name, take_command)
                    self._broker = broker
                    self.say_presence()
                    await self._use(broker)
            except BrokerError as error:
                self._notes.lost(error)
                if isinstance(error, NotLetIn):
                    self._address = await asyncio.to_thread(read_again, self._address)
            finally:
                self._broker = None
                self._events.put_back()
                self.changes.put_back()
                self.runs.tell_again()
            if self._state == "here":
                await asyncio.sleep(RETRY_DELAYS[min(self._attempt, len(RETRY_DELAYS) - 1)])
                self._attempt += 1

    async def answer(self, reply_to: str, answer: FromDesk) -> None:
        """Publishes the answer to a command, under the routing key of who waits for it."""
        broker = self._broker
        if broker is None:
            return  # whoever waits for it has lost its connection too
        with suppress(BrokerError):
            await broker.publish(ANSWERS, reply_to, encoded(answer))

    async def _use(self, broker: Broker) -> None:
        """Publishes until the connection or the hub ends. Raises `BrokerError`."""
        publishing = asyncio.create_task(self._publish(broker))
        ended = asyncio.create_task(broker.ended())
        try:
            await asyncio.wait([publishing, ended], return_when=asyncio.FIRST_COMPLETED)
            if publishing.done():
                publishing.result()
            else:
                raise BrokerError(ended.result())
        finally:
            for task in (publishing, ended):
                task.cancel()
            await asyncio.wait([publishing, ended])

    async def _publish(self, broker: Broker) -> None:
        """Publishes in order: rounds, changes, runs, presence. Returns when the hub has ended, and
        everything is published."""

        async def publish(key: str, data: bytes) -> None:
            await broker.publish(EVENTS, key, data)

        in_flight = InFlight(publish, self._news.set)
        try:
            while True:
                await self._wait_for_news()
                self._confirm(in_flight)
                # One round at a time: where there are always more, the rest must not wait for ever.
                if (found := self._events.take()) is not None:
                    in_flight.put(self._messages(found), self._events.confirm)
                    while in_flight.is_full:
                        await in_flight.wait_oldest(PRESENCE_INTERVAL)
                        self._confirm(in_flight)
                is_last = self._state != "here" and not self._events
                if is_last:
                    await in_flight.wait_all()
                    self._confirm(in_flight)
                self._put_changes(in_flight)
                self._put_runs(in_flight)
                if is_last or time.monotonic() >= self._presence_due:
                    self._put_presence(in_flight)
                if is_last:
                    await in_flight.wait_all()
                    self._confirm(in_flight)
                    return
                if self._events:
                    self._news.set()
        finally:
            await in_flight.cancel()

    def _put_changes(self, in_flight: InFlight) -> None:
        """Publishes what became of events, each behind its event."""
        while not in_flight.is_full and (found := self.changes.take(self._events.published)):
            data = body(Changes(self._name, self._hub.session), lines_of(found))
            in_flight.put([(state_key(self._name), data)], self.changes.confirm)

    def _put_runs(self, in_flight: InFlight) -> None:
        if not in_flight.is_full and (found := self.runs.take(time.monotonic())):
            data = body(MacroRuns(self._name, self._hub.session), lines_of(found))
            in_flight.put([(state_key(self._name), data)])

    def _put_presence(self, in_flight: InFlight) -> None:
        self._presence_due = time.monotonic() + PRESENCE_INTERVAL
        self._notes.dropped(self._events.take_dropped())
        self._notes.dropped_changes(self.changes.take_dropped())
        if not in_flight.is_full or self._state != "here":
            reached = self._link.attached or self._state != "here"
            presence = self._hub.presence(self._state if reached else "lost")
            in_flight.put([(state_key(self._name), body(presence))])

    def _confirm(self, in_flight: InFlight) -> None:
        in_flight.take_confirmed()
        if in_flight.has_confirmed:
            # One that lets a hub in may still refuse all that it publishes.
            self._attempt = 0
            self._notes.connected()
        # A new connection has nothing to confirm yet: that does not say that it takes anything.
        if in_flight.has_confirmed or in_flight.oldest_for > STALLED_AFTER:
            self._notes.stalled(in_flight.oldest_for)

    async def _wait_for_news(self) -> None:
        with suppress(TimeoutError):
            due = min(self._presence_due, self.runs.due)
            async with asyncio.timeout(max(0.0, due - time.monotonic())):
                await self._news.wait()
        self._news.clear()
        if len(self._events) < BATCH_EVENTS and self._state == "here":
            self._many.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._round_interval):
                    await self._many.wait()

    def _messages(self, found: Round) -> list[tuple[str, bytes]]:
        """Returns the messages of a round: routing keys and bodies."""
        batches = found.batches()
        messages = []
        for part, (agent, count, lines) in enumerate(batches, 1):
            numbers = (count, found.first, found.last, part, len(batches))
            head = Batch(self._name, self._hub.session, agent, *numbers)
            messages.append((event_key(self._name, agent), body(head, lines)))
        return messages
