"""Joins a hub to a broker: publishes the hub's events, and carries out commands that come.

It runs in a process of its own and is a face of the hub, as a dashboard is: the hub never waits for
it, and its agents do not notice whether there is a broker. It ends with the hub.
"""

import asyncio
import time
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from typing import Any, Final

import msgspec

from mdxdash.events.event import Event
from mdxdash.remote.attached.hub_link import HubLink
from mdxdash.remote.attached.line_channel import LineChannel, Opener
from mdxdash.remote.fleet.addressing import ANSWERS, EVENTS, event_key, state_key
from mdxdash.remote.fleet.broker_address import BrokerAddress
from mdxdash.remote.fleet.broker_channel import Broker
from mdxdash.remote.fleet.broker_connection import BrokerError
from mdxdash.remote.fleet.messages import (
    PRESENCE_INTERVAL,
    Batch,
    Changes,
    FromDesk,
    body,
    encoded,
)
from mdxdash.remote.fleet.publishing.batching import BATCH_EVENTS, Round, WaitingEvents
from mdxdash.remote.fleet.publishing.broker_notes import STALLED_AFTER, BrokerNotes
from mdxdash.remote.fleet.publishing.command_desk import CommandDesk
from mdxdash.remote.fleet.publishing.command_reception import CommandReception
from mdxdash.remote.fleet.publishing.commands_at_hub import CommandsAtHub
from mdxdash.remote.fleet.publishing.hub_presence import HubPresence
from mdxdash.remote.fleet.publishing.in_flight import InFlight
from mdxdash.remote.protocol import (
    PROTOCOL,
    Agents,
    Attach,
    Behind,
    Changed,
    Macros,
    Note,
    Notice,
    Run,
    Welcome,
)

_FULL_INTERVAL: Final = 0.02
"""Seconds between two looks whether there is room for events again."""

RETRY_DELAYS: Final = (0.2, 0.5, 1.0, 2.0)
"""Seconds before each further attempt to connect to the broker; the last one for all after it."""

_END_WITHIN: Final = 2.0
"""Seconds for what is still to be published when the hub has ended."""

_SOON: Final = 0.5
"""Seconds between two times that the hub says what its macros do, at least: they may be fired many
times a second."""

_BY_FLEET: Final = b'"by":"fleet"'

_event: Final = msgspec.json.Decoder(Event)


class Bridge:
    """Between one hub and one broker."""

    def __init__(
        self,
        open_hub: Opener,
        address: BrokerAddress,
        name: str,
        buffer_bytes: int,
        *,
        round_interval: float = 0.02,
    ) -> None:
        """
        * `open_hub`: connects to the hub.
        * `name`: the name of the hub at the broker.
        * `buffer_bytes`: memory for events while the broker is away, approximately.
        * `round_interval`: seconds that an event waits for others, unless many have come.
        """
        self._open_hub = open_hub
        self._address = address
        self._name = name
        self._round_interval = round_interval
        self._waiting = WaitingEvents(buffer_bytes)
        self._hub = HubPresence(name, self._waiting)
        self._link = HubLink(self._open_channel, self, self._take_lines)
        self._notes = BrokerNotes(address.shown, self._tell)
        self._desk = CommandDesk(name)
        self._commands = CommandReception(
            name,
            self._desk,
            CommandsAtHub(self._link, self._desk),
            self._tell,
            self._publish_answer,
            lambda: self._latest + 1,
        )
        self._broker: Broker | None = None
        self._latest = 0
        """The number of the last event that came from the hub."""
        self._changes: list[bytes] = []
        self._news = asyncio.Event()
        self._many = asyncio.Event()
        """Set when so many events wait, or the hub has ended, that nothing waits for others."""
        self._presence_due = 0.0
        """When it is to be said that the hub is there, in monotonic seconds."""
        self._state = "here"
        self._attempt = 0
        """Attempts to connect to the broker since it took something last."""

    async def run(self, hub_ended: Coroutine[Any, Any, str]) -> None:
        """Runs until `hub_ended` returns how the hub has ended: `left` or `lost`."""
        ending = asyncio.ensure_future(hub_ended)
        work = [asyncio.create_task(self._link.run()), asyncio.create_task(self._keep_connected())]
        await asyncio.wait([ending, *work], return_when=asyncio.FIRST_COMPLETED)
        self._state = ending.result() if ending.done() else "lost"
        work[0].cancel()
        self._say_presence()
        self._many.set()
        await asyncio.wait([work[1]], timeout=_END_WITHIN)
        self._commands.close()
        for task in (ending, *work):
            task.cancel()
        await asyncio.wait([ending, *work])

    # What comes from the hub: see `hub_link.Receiver`

    def attach(self) -> Attach:
        after = self._latest if self._hub.is_known else None
        return Attach(PROTOCOL, "fleet", after=after)

    def welcome(self, welcome: Welcome) -> None:
        if not self._hub.is_known:
            self._waiting.begin_at(welcome.first_sent)
            self._latest = welcome.first_sent - 1
        self._hub.take_welcome(welcome)
        self._say_presence()

    def take_events(self, events: Sequence[Event]) -> None:
        """Never called: events come as lines."""
        raise NotImplementedError

    def take_notice(self, notice: Notice) -> None:
        match notice:
            case Agents(agents=agents):
                if self._hub.take_agents(agents):
                    self._say_presence()
            case Changed():
                self._changes.append(msgspec.json.encode(notice))
                self._news.set()
                self._commands.answer_all(self._desk.take_change(notice))
            case Macros(tallies=tallies):
                if self._hub.take_macros(tallies):
                    self._say_presence(_SOON)
            case Run():
                if self._hub.take_run(notice):
                    self._say_presence(_SOON)
            case Behind(last=last):
                self._latest = max(self._latest, last)

    def _take_lines(self, lines: Sequence[bytes]) -> None:
        self._waiting.put(lines)
        self._latest = _event.decode(lines[-1]).seq
        self._news.set()
        if len(self._waiting) >= BATCH_EVENTS:
            self._many.set()
        if self._desk.waits:
            for line in lines:
                if _BY_FLEET in line:
                    self._commands.answer_all(self._desk.take_event(_event.decode(line)))

    def _tell(self, fault: bool, text: str) -> None:
        self._link.tell(Note(text, fault=fault))

    async def _open_channel(self) -> LineChannel:
        return _PacedChannel(await self._open_hub(), self)

    @property
    def takes_more(self) -> bool:
        """Whether events are read from the hub: while the broker is there, what cannot be
        published yet waits in the hub."""
        return self._broker is None or not self._waiting.is_half_full

    # What goes to the broker

    async def _keep_connected(self) -> None:
        while self._state == "here":
            # A hub that is not known yet has no events.
            await self._link.wait_attached()
            try:
                async with Broker(self._address, f"mdxdash hub {self._name}") as broker:
                    await broker.serve_hub(self._name, self._commands.take)
                    self._broker = broker
                    self._say_presence()
                    await self._use(broker)
            except BrokerError as error:
                self._notes.lost(error)
            finally:
                self._broker = None
                self._waiting.put_back()
            if self._state == "here":
                await asyncio.sleep(RETRY_DELAYS[min(self._attempt, len(RETRY_DELAYS) - 1)])
                self._attempt += 1

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
        """Publishes in order: rounds, changes, presence. Returns when the hub has ended, and
        everything is published."""

        async def publish(key: str, data: bytes) -> None:
            await broker.publish(EVENTS, key, data)

        in_flight = InFlight(publish, self._news.set)
        try:
            while True:
                await self._wait_for_news()
                self._confirm(in_flight)
                while (found := self._waiting.take()) is not None:
                    in_flight.put_round(self._messages(found))
                    while in_flight.is_full:
                        await in_flight.wait_oldest(PRESENCE_INTERVAL)
                        self._confirm(in_flight)
                for data in self._take_state(with_changes=not in_flight.is_full):
                    if not in_flight.is_full:
                        in_flight.put(state_key(self._name), data)
                if self._state != "here":
                    await in_flight.wait_all()
                    return
        finally:
            await in_flight.cancel()

    def _confirm(self, in_flight: InFlight) -> None:
        for _ in range(in_flight.take_confirmed()):
            self._waiting.confirm()
        if in_flight.has_confirmed:
            # One that lets a hub in may still refuse all that it publishes.
            self._attempt = 0
            self._notes.connected()
        # A new connection has nothing to confirm yet: that does not say that it takes anything.
        if in_flight.has_confirmed or in_flight.oldest_for > STALLED_AFTER:
            self._notes.stalled(in_flight.oldest_for)

    async def _wait_for_news(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, self._presence_due - time.monotonic())):
                await self._news.wait()
        self._news.clear()
        if len(self._waiting) < BATCH_EVENTS and self._state == "here":
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

    def _take_state(self, *, with_changes: bool) -> list[bytes]:
        found = []
        if with_changes and self._changes:
            lines, self._changes = self._changes, []
            head = Changes(self._name, self._hub.session)
            found.append(body(head, b"\n".join(lines) + b"\n"))
        now = time.monotonic()
        self._commands.answer_all(self._desk.expire(now))
        self._commands.report_left_out()
        if now >= self._presence_due:
            self._presence_due = now + PRESENCE_INTERVAL
            self._report_dropped()
            reached = self._link.attached or self._state != "here"
            found.append(body(self._hub.presence(self._state if reached else "lost")))
        return found

    def _say_presence(self, within: float = 0.0) -> None:
        """Says soon that the hub is there: within so many seconds."""
        self._presence_due = min(self._presence_due, time.monotonic() + within)
        self._news.set()

    def _report_dropped(self) -> None:
        self._notes.dropped(self._waiting.take_dropped())

    async def _publish_answer(self, reply_to: str, answer: FromDesk) -> None:
        broker = self._broker
        if broker is None:
            return  # whoever waits for it has lost its connection too
        with suppress(BrokerError):
            await broker.publish(ANSWERS, reply_to, encoded(answer))


class _PacedChannel:
    """Implements `LineChannel`: reads from the hub only what the bridge can take."""

    def __init__(self, channel: LineChannel, bridge: Bridge) -> None:
        self._channel = channel
        self._bridge = bridge

    @property
    def token(self) -> str:
        return self._channel.token

    async def read(self) -> list[bytes]:
        while not self._bridge.takes_more:
            await asyncio.sleep(_FULL_INTERVAL)
        return await self._channel.read()

    def write(self, line: bytes) -> None:
        self._channel.write(line)

    async def close(self) -> None:
        await self._channel.close()
