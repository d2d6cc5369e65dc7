"""One agent: serves its connection from the handshake to the end.

A `HubAgent` outlives its connection: an agent that comes back soon under the same path is the same
one, with the same name and counts. `traffic.agent_events` records what happens in the EventLog.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

import msgspec
from websockets.exceptions import ConnectionClosed

from mdxdash.catalog.announced import AnnouncedState
from mdxdash.events.log import EventLog
from mdxdash.hub.address import format_address
from mdxdash.hub.agent_writer import AgentWriter
from mdxdash.hub.connection import ADOPTION, AgentConnection
from mdxdash.hub.interface import (
    GONE_BEFORE_SENT,
    Handshake,
    Presence,
    UpstreamLink,
)
from mdxdash.hub.snapshot import AgentSnapshot
from mdxdash.hub.sockets.connection_snapshot import ConnectionSnapshot
from mdxdash.hub.sockets.endings import ENDED_BY_HUB
from mdxdash.hub.traffic.agent_events import AgentEvents
from mdxdash.hub.traffic.counts import Counts
from mdxdash.hub.traffic.received_lines import ReceivedLines
from mdxdash.hub.traffic.send_queue import Outgoing, SendQueue
from mdxdash.hub.traffic.sound_source import SoundSource
from mdxdash.hub.traffic.speech_state import SpeechState
from mdxdash.language.translation import N_
from mdxdash.settings.redaction import HIDDEN
from mdxdash.settings.tables.hub_section import HubSettings

if TYPE_CHECKING:  # at run time it loads websockets' client, which costs a start 10 ms
    from mdxdash.hub.relay.forwarding import Relay

PING_INTERVAL: Final = 20.0
"""Seconds between keep-alive pings, at most. A missing pong never ends the connection: on Linux the
complete agent does not survive that (PROTOCOL.md, Losing the connection)."""

_BACKLOG: Final = "backlog"
"""Holds reading while the lines of a large message are processed in turns."""

_HAND_OVER: Final = "hand-over"
"""Holds reading while another process takes over."""

_WATCH_INTERVAL: Final = 0.25

_LASTING_HEADERS: Final = 4_096
"""Characters of an agent's headers that another process gets; MMDAgent-EX sends some 200."""

_PRIVATE_HEADERS: Final = frozenset({"authorization", "cookie", "proxy-authorization"})


class HubAgent:
    """An agent that is, or was, connected. Implements `AgentView`.

    `name` is its path without the slash (`chat`), with `#2` for a second one; `counts` go on
    across reconnects. Times ending in `_at` are Unix time in seconds.
    """

    def __init__(self, name: str, path: str, log: EventLog, settings: HubSettings) -> None:
        self.name = name
        self.path = path
        self.handshake = Handshake("", path, ())
        self.connected_at = 0.0
        self.gone_at: float | None = None
        self.last_seen_at = 0.0
        self.queue = SendQueue(settings.queue)
        self.known = AnnouncedState()
        """What it has announced: names that exist in it, and what makes commands dangerous."""
        self._settings = settings
        self.on_connection: Callable[[HubAgent], None] = lambda agent: None
        """Called when it has got or lost a connection."""
        self._connection: AgentConnection | None = None
        self._relay: Relay | None = None
        self._events = AgentEvents(name, log, settings, self.known)
        self._lines = ReceivedLines(
            self._events.record_received,
            self._events.record_together,
            partial(self._hold_reading, _BACKLOG),
            partial(self._release_reading, _BACKLOG),
        )
        self._writer = AgentWriter(self.queue, self._events)
        self._silence_logged = False
        # Monotonic, since the wall clock may be set.
        self._seen = time.monotonic()
        self._ended_here = False
        self._handed_over = False

    @property
    def state(self) -> Presence:
        """Whether it is there; `silent` after `silent_after` seconds without a message or pong."""
        if self._connection is None:
            return "gone"
        quiet = time.monotonic() - self._seen
        return "silent" if quiet > self._settings.silent_after else "connected"

    @property
    def counts(self) -> Counts:
        """What was sent and received, over all its connections."""
        return self._events.counts

    @property
    def connected(self) -> bool:
        """Whether a connection is open, silent or not."""
        return self._connection is not None

    @property
    def paused(self) -> bool:
        """Whether the agent does not read, so that nothing more is written to it."""
        return self._connection is not None and self._connection.paused

    @property
    def upstream(self) -> UpstreamLink | None:
        """The relay's connection to the upstream; None without a relay, or without an agent."""
        return self._relay

    async def serve(self, connection: AgentConnection, relay: "Relay | None" = None) -> None:
        """Serves a connection that has just opened until it ends; `relay` is its relay to the
        upstream, if there is one."""
        self._relay = relay
        self._attach(connection)
        await self._run(connection)

    async def go_on(self, connection: AgentConnection, relay: "Relay | None" = None) -> None:
        """As `serve`, for an adopted connection, which the agent has had all the time."""
        self._relay = relay
        self._connection = connection
        self.on_connection(self)
        connection.release_reading(ADOPTION)
        await self._run(connection)

    def hold(self) -> None:
        """Reads nothing more of the agent, and sends nothing more of it to the upstream, since
        another process is to go on; `release` ends that."""
        self._hold_reading(_HAND_OVER)
        if self._relay is not None:
            self._relay.hold()

    def release(self) -> None:
        """Reads and relays again: no other process goes on."""
        self._release_reading(_HAND_OVER)
        if self._relay is not None:
            self._relay.release()

    def _hold_reading(self, holder: str) -> None:
        if self._connection is not None:
            self._connection.hold_reading(holder)

    def _release_reading(self, holder: str) -> None:
        if self._connection is not None:
            self._connection.release_reading(holder)

    @property
    def is_settled(self) -> bool:
        """Whether `snapshot` can be taken: the kernel has whole frames only, no lines wait to be
        recorded, and the upstream has acknowledged what is on its way, or had its time
        (`Relay.is_settled`). While reading is held that comes soon."""
        connection, relay = self._connection, self._relay
        return connection is None or (
            connection.is_between_frames
            and self._lines.are_all_taken
            and (relay is None or relay.is_settled)
        )

    def snapshot(self) -> AgentSnapshot:
        """Returns what another process needs to go on with the agent. Nothing may happen to it here
        after that, unless that process does not go on."""
        kept = () if self._relay is None else self._relay.suspend()
        self._events.record_audio()
        return msgspec.structs.replace(self.description(), kept=kept)

    def description(self) -> AgentSnapshot:
        """Returns what is known of the agent now, for a process that gets its socket when this one
        is gone. Nothing changes here."""
        connection = self._connection
        return AgentSnapshot(
            name=self.name,
            path=self.path,
            handshake=self.handshake,
            connected_at=self.connected_at,
            last_seen_at=self.last_seen_at,
            gone_at=self.gone_at,
            seen=self._seen,
            silence_logged=self._silence_logged,
            counts=self.counts.snapshot(),
            announced=self.known.snapshot(),
            queue=self.queue.snapshot(),
            next_frame=self.queue.next_frame_at,
            echoes=self._events.expected_echoes,
            unfinished_line=self._lines.unfinished,
            unfinished_since=self._lines.unfinished_since,
            via=self._events.via,
            connection=None if connection is None else connection.snapshot(),
        )

    def lasting_description(self) -> AgentSnapshot:
        """Returns what stays true of the agent as long as its connection lasts, in few bytes: a
        process that gets its socket finds the rest in the recording."""
        known = self.description()
        assert known.connection is not None
        return msgspec.structs.replace(
            known,
            handshake=msgspec.structs.replace(
                known.handshake, headers=_first(known.handshake.headers)
            ),
            counts=Counts().snapshot(),
            announced=AnnouncedState().snapshot(),
            queue=(),
            echoes=(),
            unfinished_line=b"",
            kept=(),
            connection=ConnectionSnapshot(
                known.connection.path, _first(known.connection.headers), b""
            ),
        )

    def restore(self, known: AgentSnapshot) -> None:
        """Takes over an agent of another process; `go_on` with its connection follows, if it has
        one."""
        self.handshake = known.handshake
        self.connected_at, self.last_seen_at = known.connected_at, known.last_seen_at
        self.gone_at = known.gone_at
        self._seen = known.seen
        self._silence_logged = known.silence_logged
        self.known.restore(known.announced)
        self.queue.restore(known.queue, known.next_frame)
        self._events.restore(known.counts, known.echoes)
        self._events.via = known.via
        self._lines.restore(known.unfinished_line, known.unfinished_since)
        self._writer.wake()

    @property
    def connection(self) -> AgentConnection | None:
        """Its connection, while it has one."""
        return self._connection

    @property
    def socket_descriptor(self) -> int | None:
        """The descriptor of its socket; None if it is gone."""
        connection = self._connection
        if connection is None:
            return None
        descriptor: int = connection.transport.get_extra_info("socket").fileno()
        return descriptor

    def let_go(self) -> None:
        """Closes the socket here; another process has it, so the agent notices nothing."""
        self._handed_over = True
        if self._connection is not None:
            self._connection.report_progress = None
            self._connection.transport.abort()

    async def _run(self, connection: AgentConnection) -> None:
        relay = self._relay
        reason, broken = ENDED_BY_HUB, False
        try:
            async with asyncio.TaskGroup() as tasks:
                running = [
                    tasks.create_task(self._writer.run(connection)),
                    tasks.create_task(self._watch(connection)),
                    tasks.create_task(self._keep_alive(connection)),
                ]
                if relay is not None:
                    relay.start(connection, self._events.record_relayed, self._events.log_upstream)
                    running.append(tasks.create_task(relay.run()))
                connection.deliver_to(self._receive)
                await connection.wait_closed()
                for task in running:
                    task.cancel()
            if not self._ended_here:
                reason, broken = connection.end_reason()
        finally:
            if not self._handed_over:
                self._detach(reason, broken=broken)

    def enqueue(self, outgoing: Outgoing) -> None:
        """Queues a line; it is sent as soon as `SendQueue` lets it go. Raises `QueueFull`."""
        self.queue.put(outgoing)
        self._writer.wake()
        # The next command is checked against the state that this one brings about.
        for effect in outgoing.effects:
            self.known.observe(effect.type, effect.args)

    def play(self, sound: SoundSource) -> None:
        """Sends the sound of `sound` from now on, between the lines. Call it again whenever sound
        may be due earlier than `sound` said before."""
        self._writer.sound = sound
        self._writer.wake()

    @property
    def speech(self) -> SpeechState | None:
        """What it speaks; None while it speaks nothing that mdxdash sends."""
        return None if self._writer.sound is None else self._writer.sound.state(time.monotonic())

    def stop_speech(self) -> None:
        """Stops what it speaks, and what waits to be spoken."""
        if self._writer.sound is not None:
            self._writer.sound.stop(time.monotonic())
            self._writer.wake()

    async def end(self, timeout: float) -> None:
        """Ends the connection, if there is one, without a close frame, within `timeout` seconds."""
        if self._connection is not None:
            self._ended_here = True
            await self._connection.end(timeout)

    def _attach(self, connection: AgentConnection) -> None:
        now = time.time()
        gap = (
            ""
            if self.gone_at is None
            else N_(", back after {now:.1f} s").format(now=now - self.gone_at)
        )
        self.handshake = _handshake(connection, self._settings)
        self.connected_at = self.last_seen_at = now
        self._seen = time.monotonic()
        self.gone_at = None
        self._connection = connection
        self._events.via = "" if self._relay is None else "server"
        # It may have been restarted. Knowing too little only leads to more questions.
        self.known.clear()
        self._silence_logged = False
        self._events.log_connection("connected", f"{self.handshake.address} {self.path}{gap}")
        self.on_connection(self)

    def _detach(self, reason: str, *, broken: bool) -> None:
        self._lines.flush()
        self._connection = self._relay = None
        self.gone_at = time.time()
        for outgoing in self.queue.drain():
            self._events.record_refused(outgoing.message, GONE_BEFORE_SENT)
        if self._writer.sound is not None:
            self._writer.sound.lost()
        self._events.expire(float("inf"))
        if broken:
            self._events.log_connection("fault", reason)
        self._events.log_connection("disconnected", reason)
        self.on_connection(self)

    def _receive(self, frames: Sequence[bytes]) -> None:
        """Takes the messages of one read, which get the same time."""
        now = self.last_seen_at = time.time()
        self._seen = time.monotonic()
        if len(frames) == 1:  # as nearly always, but in a flood
            self._events.count_frames(1, len(frames[0]))
            self._lines.feed(frames[0], now)
        else:
            self._events.count_frames(len(frames), sum(map(len, frames)))
            self._lines.feed_all(frames, now)

    async def _watch(self, connection: AgentConnection) -> None:
        """Notices what only the time shows: lost echoes, unfinished lines, silence."""
        while True:
            await asyncio.sleep(_WATCH_INTERVAL)
            now = time.monotonic()
            self._events.expire(now)
            if connection.relay is not None:
                connection.relay.watch(now)
            limit = self._settings.frame_timeout
            began = connection.unfinished_since
            if began is not None and now - began > limit:
                connection.cut(
                    N_("a message was not complete within {limit:g} s").format(limit=limit)
                )
            self._lines.expire(now)
            if self.state == "silent" and not self._silence_logged:
                self._silence_logged = True
                limit = self._settings.silent_after
                self._events.log_connection(
                    "fault", N_("no sign of life for {limit:.0f} s").format(limit=limit)
                )
            elif self.state == "connected":
                self._silence_logged = False

    async def _keep_alive(self, connection: AgentConnection) -> None:
        """Pings. Not in `_watch`, since a ping waits while the agent does not read."""
        interval = min(PING_INTERVAL, self._settings.silent_after / 3)
        while True:
            await asyncio.sleep(interval)
            try:
                pong = await connection.ping()
            except ConnectionClosed:
                return
            asyncio.ensure_future(pong).add_done_callback(self._pong)

    def _pong(self, pong: asyncio.Future[float]) -> None:
        # Pongs that are still awaited when the connection ends get an exception.
        if not pong.cancelled() and pong.exception() is None:
            self.last_seen_at = time.time()
            self._seen = time.monotonic()


def _handshake(connection: AgentConnection, settings: HubSettings) -> Handshake:
    assert connection.request is not None
    headers = tuple(
        (name, HIDDEN if name.lower() in _PRIVATE_HEADERS else settings.hide(value))
        for name, value in connection.request.headers.raw_items()
    )
    address = format_address(connection.remote_address)
    return Handshake(address, settings.hide(connection.request.path), headers)


def _first(headers: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Returns the headers as far as they have room in `_LASTING_HEADERS`."""
    room = _LASTING_HEADERS
    found = []
    for name, value in headers:
        room -= len(name) + len(value)
        if room < 0:
            break
        found.append((name, value))
    return tuple(found)
