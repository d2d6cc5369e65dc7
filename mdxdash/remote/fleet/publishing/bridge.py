"""Joins a hub to a broker: publishes the hub's events, and carries out commands that come.

It runs in a process of its own and is a face of the hub, as a dashboard is: the hub never waits for
it, and its agents do not notice whether there is a broker. It ends with the hub.
"""

import asyncio
import time
from collections.abc import Coroutine, Sequence
from typing import Any, Final

import msgspec

from mdxdash.events.event import Event
from mdxdash.remote.attached.hub_link import HubLink
from mdxdash.remote.attached.line_channel import LineChannel, Opener
from mdxdash.remote.fleet.broker_address import BrokerAddress
from mdxdash.remote.fleet.publishing.batching import WaitingEvents
from mdxdash.remote.fleet.publishing.broker_notes import BrokerNotes
from mdxdash.remote.fleet.publishing.command_desk import CommandDesk
from mdxdash.remote.fleet.publishing.command_reception import CommandReception
from mdxdash.remote.fleet.publishing.commands_at_hub import CommandsAtHub
from mdxdash.remote.fleet.publishing.hub_presence import HubPresence
from mdxdash.remote.fleet.publishing.publisher import Publisher
from mdxdash.remote.protocol import (
    PROTOCOL,
    Agents,
    Attach,
    Behind,
    BrokerState,
    Changed,
    HubState,
    Macros,
    Note,
    Notice,
    Run,
    Welcome,
)

_FULL_INTERVAL: Final = 0.02
"""Seconds between two looks whether there is room for events again."""

LOOK_INTERVAL: Final = 0.5
"""Seconds between two looks for commands that were waited for too long."""

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
        self._waiting = WaitingEvents(buffer_bytes)
        self._hub = HubPresence(name, self._waiting)
        self._link = HubLink(self._open_channel, self, self._take_lines)
        self._notes = BrokerNotes(address.shown, self._tell, self._keep_state, name)
        self._publisher = Publisher(
            address,
            name,
            self._waiting,
            self._hub,
            self._link,
            self._notes,
            round_interval=round_interval,
        )
        self._desk = CommandDesk(name)
        self._commands = CommandReception(
            name,
            self._desk,
            CommandsAtHub(self._link, self._desk),
            self._tell,
            self._publisher.answer,
            lambda: self._latest + 1,
        )
        self._is_state_told = False
        """Whether this connection to the hub knows how it is at the broker."""
        self._latest = 0
        """The number of the last event that came from the hub."""

    async def run(self, hub_ended: Coroutine[Any, Any, str]) -> None:
        """Runs until `hub_ended` returns how the hub has ended: `left` or `lost`."""
        ending = asyncio.ensure_future(hub_ended)
        linked = asyncio.create_task(self._link.run())
        publishing = asyncio.create_task(self._publisher.run(self._commands.take))
        looking = asyncio.create_task(self._look())
        tasks: list[asyncio.Future[Any]] = [ending, linked, publishing, looking]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        linked.cancel()
        self._publisher.end(ending.result() if ending.done() else "lost")
        await asyncio.wait([publishing], timeout=_END_WITHIN)
        self._commands.close()
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        for task in (linked, publishing, looking):
            if not task.cancelled():
                task.result()  # raises what has ended it

    async def _look(self) -> None:
        """Answers commands that were waited for too long, and says what was left out."""
        while True:
            await asyncio.sleep(LOOK_INTERVAL)
            self._commands.answer_all(self._desk.expire(time.monotonic()))
            self._commands.report_left_out()

    # What comes from the hub: see `hub_link.Receiver`

    def attach(self) -> Attach:
        after = self._latest if self._hub.is_known else None
        return Attach(PROTOCOL, "fleet", after=after)

    def welcome(self, welcome: Welcome) -> None:
        if not self._hub.is_known:
            self._waiting.begin_at(welcome.first_sent)
            self._latest = welcome.first_sent - 1
        self._is_state_told = False
        self._hub.take_welcome(welcome)
        self._publisher.runs.forget()
        self._publisher.say_presence()

    def take_events(self, events: Sequence[Event]) -> None:
        """Never called: events come as lines."""
        raise NotImplementedError

    def take_notice(self, notice: Notice) -> None:
        match notice:
            case HubState():
                if not self._is_state_told:
                    self._is_state_told = True
                    self._notes.tell_again()
            case Agents(agents=agents):
                if self._hub.take_agents(agents):
                    self._publisher.say_presence()
            case Changed():
                self._publisher.changes.put(notice)
                self._publisher.tell_news()
                self._commands.answer_all(self._desk.take_change(notice))
            case Macros(tallies=tallies):
                if self._hub.take_macros(tallies):
                    self._publisher.say_presence(_SOON)
            case Run():
                self._publisher.runs.put(notice, time.monotonic())
                self._publisher.tell_news()
                if self._hub.take_run(notice):
                    self._publisher.say_presence(_SOON)
            case Behind(last=last):
                self._latest = max(self._latest, last)

    def _take_lines(self, lines: Sequence[bytes]) -> None:
        self._waiting.put(lines)
        self._latest = _event.decode(lines[-1]).seq
        self._publisher.tell_news()
        if self._desk.waits:
            for line in lines:
                if _BY_FLEET in line:
                    self._commands.answer_all(self._desk.take_event(_event.decode(line)))

    def _tell(self, fault: bool, text: str) -> None:
        self._link.tell(Note(text, fault=fault))

    def _keep_state(self, text: str) -> None:
        self._link.tell(BrokerState(text))

    async def _open_channel(self) -> LineChannel:
        return _PacedChannel(await self._open_hub(), self)

    @property
    def takes_more(self) -> bool:
        """Whether events are read from the hub: while the broker is there, what cannot be
        published yet waits in the hub."""
        return not self._publisher.is_connected or not self._waiting.is_half_full


class _PacedChannel:
    """Implements `LineChannel`: reads from the hub only what the bridge can take."""

    def __init__(self, channel: LineChannel, bridge: Bridge) -> None:
        self._channel = channel
        self._bridge = bridge

    @property
    def token(self) -> str:
        return self._channel.token

    @property
    def waiting(self) -> int:
        return self._channel.waiting

    async def read(self) -> list[bytes]:
        while not self._bridge.takes_more:
            await asyncio.sleep(_FULL_INTERVAL)
        return await self._channel.read()

    def write(self, line: bytes) -> None:
        self._channel.write(line)

    async def close(self) -> None:
        await self._channel.close()
