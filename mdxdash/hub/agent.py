"""One agent: its connection, from opening to end; what is sent to it waits its turn.

An `HubAgent` outlives its connection: one that comes back soon under the same path is the same
agent, with the same name and counters. It knows nothing of the screen; `agent_events` writes what
happens into the EventLog.
"""

import asyncio
import time
from collections import deque
from typing import TYPE_CHECKING, Final

from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode
from websockets.protocol import State

from mdxdash.catalog.announced import AnnouncedState
from mdxdash.catalog.replies import anticipate
from mdxdash.events.log import EventLog
from mdxdash.hub.connection import AgentConnection
from mdxdash.hub.interface import Handshake, Presence, UpstreamLink
from mdxdash.hub.traffic.agent_events import AgentEvents
from mdxdash.hub.traffic.counts import Counts
from mdxdash.hub.traffic.send_queue import Outgoing, SendQueue
from mdxdash.settings.hub_section import HubSettings
from mdxdash.settings.redaction import HIDDEN
from mdxdash.wire.decoding import Line, LineDecoder
from mdxdash.wire.framing import FRAME_INTERVAL

if TYPE_CHECKING:  # at run time it loads websockets' client, which costs a start 10 ms
    from mdxdash.hub.relay.forwarding import Relay

PING_INTERVAL: Final = 20.0
"""Seconds between keep-alive pings, at most. No answer never cuts a connection: on Linux the
complete agent does not survive losing it."""

UNFINISHED_LINE_TIMEOUT: Final = 1.0
"""Seconds after which a line whose end has not come is shown as cut."""

HALFWAY_TOLD_AFTER: Final = 1.0
"""Seconds after which it is told that lines wait for the user's server to go on."""

FAIR_SHARE: Final = 256
"""Lines that are taken from one agent before the others have their turn."""

_WATCH_INTERVAL: Final = 0.25

_PRIVATE_HEADERS: Final = frozenset({"authorization", "cookie", "proxy-authorization"})


class HubAgent:
    """An agent that is, or was, connected.

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
        """What it has announced: the names that live in it, what makes commands dangerous."""
        self._settings = settings
        self._connection: AgentConnection | None = None
        self._relay: Relay | None = None
        self._events = AgentEvents(name, log, settings, self.known)
        self._decoder = LineDecoder()
        self._backlog: deque[Line] = deque()
        self._unfinished_since: float | None = None
        self._to_send = asyncio.Event()
        self._silence_told = False
        # The wall clock may be set, and a laptop may sleep: silence is told by the other one.
        self._heard = time.monotonic()
        self._ended_here = False

    @property
    def state(self) -> Presence:
        """`silent`: connected, but without a sign of life for `silent_after` seconds."""
        if self._connection is None:
            return "gone"
        quiet = time.monotonic() - self._heard
        return "silent" if quiet > self._settings.silent_after else "connected"

    @property
    def counts(self) -> Counts:
        """What went to and fro, across all its connections."""
        return self._events.counts

    @property
    def connected(self) -> bool:
        """Whether a connection is open, silent or not."""
        return self._connection is not None

    @property
    def paused(self) -> bool:
        """Whether it does not read what is written to it, so that nothing more is."""
        return self._connection is not None and self._connection.paused

    @property
    def upstream(self) -> UpstreamLink | None:
        """The user's own server behind it; None without a relay, or when it has gone."""
        return self._relay

    async def serve(self, connection: AgentConnection, relay: "Relay | None" = None) -> None:
        """Serves a connection that has just opened until it ends; `relay` is its relay to the
        upstream, if there is one."""
        self._relay = relay
        self._attach(connection)
        reason, broken = "ended by mdxdash", False
        try:
            async with asyncio.TaskGroup() as tasks:
                helpers = [
                    tasks.create_task(self._write(connection)),
                    tasks.create_task(self._watch(connection)),
                    tasks.create_task(self._keep_alive(connection)),
                ]
                if relay is not None:
                    relay.begin(connection, self._events.send_frame, self._events.note_server)
                    helpers.append(tasks.create_task(relay.keep()))
                connection.deliver_to(self._receive)
                await connection.wait_closed()
                for helper in helpers:
                    helper.cancel()
            if not self._ended_here:
                reason, broken = connection.end_reason()
        finally:
            self._detach(reason, broken=broken)

    def enqueue(self, outgoing: Outgoing) -> None:
        """Lets a line take its place in the queue; it leaves at once when nothing waits.
        Raises `QueueFull`."""
        self.queue.put(outgoing)
        self._to_send.set()
        # What is queued behind it is judged as if it had been done already.
        anticipate(self.known, outgoing.command)

    async def end(self, timeout: float) -> None:
        """Ends the connection in the way an agent survives best, within `timeout` seconds."""
        if self._connection is not None:
            self._ended_here = True
            await self._connection.end(timeout)

    def _attach(self, connection: AgentConnection) -> None:
        now = time.time()
        gap = "" if self.gone_at is None else f", back after {now - self.gone_at:.1f} s"
        self.handshake = _handshake(connection, self._settings)
        self.connected_at = self.last_seen_at = now
        self._heard = time.monotonic()
        self.gone_at = None
        self._connection = connection
        self._events.via = "" if self._relay is None else "server"
        # It may have started anew meanwhile; to know too little only means to ask more.
        self.known.clear()
        self._silence_told = False
        self._events.note("connected", f"{self.handshake.address} {self.path}{gap}")

    def _detach(self, reason: str, *, broken: bool) -> None:
        self._flush()
        self._connection = self._relay = None
        self.gone_at = time.time()
        for outgoing in self.queue.drain():
            self._events.refuse(outgoing.message, "the agent was gone before this line left")
        self._events.expire(float("inf"))
        if broken:
            self._events.note("fault", reason)
        self._events.note("disconnected", reason)

    def _receive(self, frame: bytes) -> None:
        """Takes a frame; called 50,000 times a second in a flood."""
        now = self.last_seen_at = time.time()
        self._heard = time.monotonic()
        self._events.count_frame(len(frame))
        lines = self._decoder.feed(frame)
        if self._backlog or len(lines) > FAIR_SHARE:
            self._put_off(lines)
            return
        for line in lines:
            self._events.hear(line, now)
        if self._decoder.pending:
            self._unfinished_since = time.monotonic()

    def _put_off(self, lines: list[Line]) -> None:
        """Thousands of lines in a frame, as no agent sends them, wait for their turn; meanwhile
        nothing more is read."""
        if not self._backlog and self._connection is not None:
            self._connection.hold_reading("backlog")
            asyncio.get_running_loop().call_soon(self._work_off)
        self._backlog.extend(lines)

    def _work_off(self) -> None:
        for _ in range(min(FAIR_SHARE, len(self._backlog))):
            self._events.hear(self._backlog.popleft(), time.time())
        if self._backlog:
            asyncio.get_running_loop().call_soon(self._work_off)
            return
        if self._decoder.pending:
            self._unfinished_since = time.monotonic()
        if self._connection is not None:
            self._connection.release_reading("backlog")

    def _flush(self) -> None:
        """Shows the line whose end did not come, after all that waits."""
        while self._backlog:
            self._events.hear(self._backlog.popleft(), time.time())
        for line in self._decoder.flush():
            self._events.hear(line, time.time())

    async def _write(self, connection: AgentConnection) -> None:
        queue = self.queue
        while True:
            while not queue:
                self._to_send.clear()
                await self._to_send.wait()
            # A loop, since a timer may fire a clock tick early (15 ms on Windows).
            while (delay := queue.delay(time.monotonic())) > 0:
                await asyncio.sleep(delay)
            if connection.state is not State.OPEN:
                return
            await self._wait_for_server(connection)
            # From here to the events nothing awaits: what is written is noted before anything
            # else can happen. Written first, it is on its way while it is noted.
            lines = queue.take()
            frame = b"".join([line.data for line in lines])
            connection.send_frame(Frame(Opcode.TEXT, frame))
            self._events.send(lines)
            try:
                await connection.drain()
            except OSError:
                return
            queue.left(time.monotonic())

    async def _wait_for_server(self, connection: AgentConnection) -> None:
        """While the user's server is in the middle of something nothing may come between: it would
        become a part of it."""
        began, told = time.monotonic(), False
        while connection.mid_message and connection.state is State.OPEN:
            await asyncio.sleep(FRAME_INTERVAL)
            if not told and time.monotonic() - began > HALFWAY_TOLD_AFTER:
                told = True
                self._events.note_server(
                    "fault", "the server stopped in the middle; what is sent waits for its rest"
                )

    async def _watch(self, connection: AgentConnection) -> None:
        """What only time brings: lost echoes, unfinished lines, silence."""
        while True:
            await asyncio.sleep(_WATCH_INTERVAL)
            now = time.monotonic()
            self._events.expire(now)
            limit = self._settings.frame_timeout
            began = connection.unfinished_since
            if began is not None and now - began > limit:
                connection.cut(f"a message was not complete within {limit:g} s")
            since = self._unfinished_since
            if since is not None and now - since > UNFINISHED_LINE_TIMEOUT:
                self._unfinished_since = None
                self._flush()
            if self.state == "silent" and not self._silence_told:
                self._silence_told = True
                limit = self._settings.silent_after
                self._events.note("fault", f"no sign of life for {limit:.0f} s")
            elif self.state == "connected":
                self._silence_told = False

    async def _keep_alive(self, connection: AgentConnection) -> None:
        """Pings, apart from `_watch`: a ping waits while the agent takes nothing."""
        interval = min(PING_INTERVAL, self._settings.silent_after / 3)
        while True:
            await asyncio.sleep(interval)
            try:
                pong = await connection.ping()
            except ConnectionClosed:
                return
            asyncio.ensure_future(pong).add_done_callback(self._pong)

    def _pong(self, pong: asyncio.Future[float]) -> None:
        # A pong that never came ends with the connection, as an exception that nobody misses.
        if not pong.cancelled() and pong.exception() is None:
            self.last_seen_at = time.time()
            self._heard = time.monotonic()


def _handshake(connection: AgentConnection, settings: HubSettings) -> Handshake:
    assert connection.request is not None
    host, port = (connection.remote_address or ("unknown", 0))[:2]
    headers = tuple(
        (name, HIDDEN if name.lower() in _PRIVATE_HEADERS else settings.hide(value))
        for name, value in connection.request.headers.raw_items()
    )
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return Handshake(address, settings.hide(connection.request.path), headers)
