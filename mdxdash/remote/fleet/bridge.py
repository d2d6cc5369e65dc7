"""Joins a hub to a broker: publishes the hub's events, and carries out commands that come.

It runs in a process of its own and is a face of the hub, as a dashboard is: the hub never waits for
it, and its agents do not notice whether there is a broker. It ends with the hub.
"""

import asyncio
import time
from collections import deque
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple

import msgspec

from mdxdash.events.event import Event
from mdxdash.language.translation import N_
from mdxdash.remote.attached.hub_link import HubLink, NotAttached
from mdxdash.remote.attached.line_channel import LineChannel, Opener
from mdxdash.remote.fleet.addressing import ANSWERS, EVENTS, event_key, state_key
from mdxdash.remote.fleet.batching import BATCH_EVENTS, Round, WaitingEvents
from mdxdash.remote.fleet.broker_address import BrokerAddress
from mdxdash.remote.fleet.broker_channel import Broker
from mdxdash.remote.fleet.broker_connection import BrokerError, NameInUse
from mdxdash.remote.fleet.command_desk import CommandDesk
from mdxdash.remote.fleet.commands_at_hub import CommandsAtHub
from mdxdash.remote.fleet.messages import (
    PRESENCE_INTERVAL,
    Batch,
    Changes,
    Command,
    FromDesk,
    Presence,
    Sent,
    body,
    encoded,
    read_command,
)
from mdxdash.remote.protocol import (
    PROTOCOL,
    Agents,
    AgentState,
    Attach,
    Behind,
    Changed,
    Macros,
    Note,
    Notice,
    Welcome,
)

_FULL_INTERVAL: Final = 0.02
"""Seconds between two looks whether there is room for events again."""

IN_FLIGHT: Final = 20
"""Rounds that the broker has not confirmed yet, at most."""

RETRY_DELAYS: Final = (0.2, 0.5, 1.0, 2.0)
"""Seconds before each further attempt to connect to the broker; the last one for all after it."""

_SAID_AFTER: Final = 3.0
"""Seconds after which it is said that a name is in use: the process before this one may still be
leaving."""

_END_WITHIN: Final = 2.0
"""Seconds for what is still to be published when the hub has ended."""

_COMMANDS_AT_ONCE: Final = 100

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
        self._link = HubLink(self._open_channel, self, self._take_lines)
        self._desk = CommandDesk(name)
        self._at_hub = CommandsAtHub(self._link, self._desk)
        self._broker: Broker | None = None
        self._welcome: Welcome | None = None
        self._latest = 0
        """The number of the last event that came from the hub."""
        self._agents: tuple[AgentState, ...] = ()
        self._macros: tuple[str, ...] = ()
        self._changes: list[bytes] = []
        self._news = asyncio.Event()
        self._many = asyncio.Event()
        """Set when so many events wait, or the hub has ended, that nothing waits for others."""
        self._presence_due = 0.0
        """When it is to be said that the hub is there, in monotonic seconds."""
        self._state = "here"
        self._commands: set[asyncio.Task[None]] = set()
        self._away_since: float | None = None
        self._said = ""
        """The problem that the hub was told of last."""

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
        for task in (ending, *work, *self._commands):
            task.cancel()
        await asyncio.wait([ending, *work])

    # What comes from the hub: see `hub_link.Receiver`

    def attach(self) -> Attach:
        after = self._latest if self._welcome is not None else None
        return Attach(PROTOCOL, "fleet", after=after)

    def welcome(self, welcome: Welcome) -> None:
        if self._welcome is None:
            self._waiting.begin_at(welcome.first_sent)
            self._latest = welcome.first_sent - 1
        self._welcome = welcome
        self._say_presence()

    def take_events(self, events: Sequence[Event]) -> None:
        """Never called: events come as lines."""
        raise NotImplementedError

    def take_notice(self, notice: Notice) -> None:
        match notice:
            case Agents(agents=agents):
                before = [(agent.name, agent.state) for agent in self._agents]
                self._agents = agents
                if before != [(agent.name, agent.state) for agent in agents]:
                    self._say_presence()
            case Changed():
                self._changes.append(msgspec.json.encode(notice))
                self._news.set()
                self._answer_all(self._desk.take_change(notice))
            case Macros(tallies=tallies):
                self._macros = tuple(tallies)
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
                    self._answer_all(self._desk.take_event(_event.decode(line)))

    async def _open_channel(self) -> LineChannel:
        return _PacedChannel(await self._open_hub(), self)

    @property
    def takes_more(self) -> bool:
        """Whether events are read from the hub: while the broker is there, what cannot be
        published yet waits in the hub."""
        return self._broker is None or not self._waiting.is_half_full

    # What goes to the broker

    async def _keep_connected(self) -> None:
        attempt = 0
        while self._state == "here":
            # A hub that is not known yet has no events.
            await self._link.wait_attached()
            try:
                async with Broker(self._address, f"mdxdash hub {self._name}") as broker:
                    await broker.serve_hub(self._name, self._take_command)
                    self._connected(broker)
                    attempt = 0
                    await self._use(broker)
            except BrokerError as error:
                self._lost(error)
            finally:
                self._broker = None
                self._waiting.put_back()
            if self._state == "here":
                await asyncio.sleep(RETRY_DELAYS[min(attempt, len(RETRY_DELAYS) - 1)])
                attempt += 1

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
        in_flight: deque[_InFlight] = deque()
        try:
            while True:
                await self._wait_for_news()
                while in_flight and in_flight[0].done:
                    self._confirm(in_flight.popleft())
                while (found := self._waiting.take()) is not None:
                    in_flight.append(self._put_out_round(broker, found))
                    while len(in_flight) >= IN_FLIGHT:
                        await asyncio.wait(in_flight[0].tasks)
                        self._confirm(in_flight.popleft())
                for data in self._take_state():
                    task = self._put_out(broker, state_key(self._name), data)
                    in_flight.append(_InFlight([task], is_round=False))
                if self._state != "here":
                    for each in in_flight:
                        await asyncio.wait(each.tasks)
                    return
        finally:
            tasks = [task for each in in_flight for task in each.tasks]
            for task in tasks:
                task.cancel()
            if tasks:
                await asyncio.wait(tasks)

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

    def _put_out_round(self, broker: Broker, found: Round) -> "_InFlight":
        batches = found.batches()
        tasks = []
        for part, (agent, count, lines) in enumerate(batches, 1):
            numbers = (count, found.first, found.last, part, len(batches))
            head = Batch(self._name, self._session, agent, *numbers)
            tasks.append(self._put_out(broker, event_key(self._name, agent), body(head, lines)))
        return _InFlight(tasks, is_round=True)

    def _put_out(self, broker: Broker, key: str, data: bytes) -> asyncio.Task[None]:
        """Publishes a message. Messages leave in the order of the calls, since tasks that are made
        one after the other begin so."""
        task = asyncio.create_task(broker.publish(EVENTS, key, data))
        task.add_done_callback(lambda done: self._news.set())
        return task

    def _confirm(self, published: "_InFlight") -> None:
        for task in published.tasks:
            task.result()
        if published.is_round:
            self._waiting.confirm()

    def _take_state(self) -> list[bytes]:
        found = []
        if self._changes:
            lines, self._changes = self._changes, []
            head = Changes(self._name, self._session)
            found.append(body(head, b"\n".join(lines) + b"\n"))
        now = time.monotonic()
        self._answer_all(self._desk.expire(now))
        if now >= self._presence_due:
            self._presence_due = now + PRESENCE_INTERVAL
            self._report_dropped()
            found.append(body(self._presence()))
        return found

    def _presence(self) -> Presence:
        welcome = self._welcome
        reached = welcome is not None and (self._link.attached or self._state != "here")
        return Presence(
            hub=self._name,
            session=self._session,
            at=time.time(),
            published=self._waiting.published,
            since=self._waiting.since,
            state=self._state if reached else "lost",
            dropped=self._waiting.dropped,
            url="" if welcome is None else welcome.url,
            mdxdash="" if welcome is None else welcome.mdxdash,
            unsafe=welcome is not None and welcome.unsafe,
            groups={} if welcome is None else welcome.groups,
            agents=tuple(map(_short, self._agents)),
            macros=self._macros,
        )

    @property
    def _session(self) -> str:
        return "" if self._welcome is None else self._welcome.session

    def _say_presence(self) -> None:
        self._presence_due = 0.0
        self._news.set()

    # What becomes of the connection

    def _connected(self, broker: Broker) -> None:
        self._broker = broker
        self._say_presence()
        away, self._away_since = self._away_since, None
        if self._said:
            seconds = (
                ""
                if away is None
                else N_(" after {monotonic:.1f} s").format(monotonic=time.monotonic() - away)
            )
            self._note(
                False,
                N_("fleet: {shown} is there again{seconds}").format(
                    shown=self._address.shown, seconds=seconds
                ),
            )
        self._report_dropped()
        self._said = ""

    def _report_dropped(self) -> None:
        dropped = self._waiting.take_dropped()
        if dropped is not None:
            self._note(
                True,
                N_(
                    "fleet: {count:,} events were not published, since the broker was away "
                    "for too long: #{first:,} to #{last:,}"
                ).format(count=dropped.count, first=dropped.first, last=dropped.last),
            )

    def _lost(self, error: BrokerError) -> None:
        if self._away_since is None:
            self._away_since = time.monotonic()
        is_early = time.monotonic() - self._away_since < _SAID_AFTER
        if str(error) != self._said and not (isinstance(error, NameInUse) and is_early):
            self._said = str(error)
            self._note(
                True, N_("fleet: {error}; it is tried again, and events wait").format(error=error)
            )

    def _note(self, fault: bool, text: str) -> None:
        self._link.tell(Note(text, fault=fault))

    # Commands

    def _take_command(self, data: bytes, user: str) -> None:
        try:
            command = read_command(data)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            self._note(
                True,
                N_("fleet: {user} sends what is no command: {error}").format(
                    user=user or "somebody", error=error
                ),
            )
            return
        reason = self._desk.admit(command, user, time.time())
        if reason == "again":
            return
        if not reason and len(self._commands) >= _COMMANDS_AT_ONCE:
            reason = N_("{COMMANDS_AT_ONCE} commands are being carried out already").format(
                COMMANDS_AT_ONCE=_COMMANDS_AT_ONCE
            )
        if reason:
            self._note(
                True,
                N_("fleet: a command of {user} was refused: {reason}").format(
                    user=user or "somebody", reason=reason
                ),
            )
            self._answer(command, Sent(self._name, command.id, error=reason))
            return
        task = asyncio.create_task(self._carry_out(command, user))
        self._commands.add(task)
        task.add_done_callback(self._commands.discard)

    async def _carry_out(self, command: Command, user: str) -> None:
        try:
            sent = await self._at_hub.carry_out(command, user, self._latest + 1, self._name)
        except NotAttached as error:
            sent = Sent(
                self._name,
                command.id,
                error=N_("the hub is not reached: {error}").format(error=error),
            )
        self._answer(command, sent)

    def _answer_all(self, answers: "Any") -> None:
        for command, answer in answers:
            self._answer(command, answer)

    def _answer(self, command: Command, answer: FromDesk) -> None:
        broker = self._broker
        if broker is None:
            return  # whoever waits for it has lost its connection too

        async def publish() -> None:
            with suppress(BrokerError):
                await broker.publish(ANSWERS, command.reply_to, encoded(answer))

        task = asyncio.create_task(publish())
        self._commands.add(task)
        task.add_done_callback(self._commands.discard)


class _InFlight(NamedTuple):
    """What was handed to the broker, and not confirmed."""

    tasks: list[asyncio.Task[None]]
    is_round: bool

    @property
    def done(self) -> bool:
        """Whether the broker has confirmed it, or it has failed."""
        return all(task.done() for task in self.tasks)


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


def _short(agent: AgentState) -> AgentState:
    """Returns the state of an agent without what would make it long."""
    counts = msgspec.structs.replace(agent.counts, round_trips=agent.counts.round_trips[-1:])
    handshake = msgspec.structs.replace(agent.handshake, headers=())
    return msgspec.structs.replace(agent, counts=counts, handshake=handshake)
