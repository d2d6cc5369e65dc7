"""Between one agent and the user's own server: every frame passes through, both ways, in order.

The agent stays connected while the server is away; what it says meanwhile is kept, up to a bound,
and delivered when the server is back. A ping behind each frame tells which ones the server has
taken in, so that after a loss none is left out, and none comes twice. A server that closes by
itself answers no ping after its Close frame, but reads on up to the one that answers it.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Final, Literal

import msgspec
from websockets.asyncio.client import connect
from websockets.client import ClientProtocol
from websockets.exceptions import InvalidHandshake, InvalidStatus, InvalidURI
from websockets.frames import Frame, Opcode
from websockets.http11 import Request, Response
from websockets.protocol import State

from mdxdash.hub.connection import AgentConnection
from mdxdash.hub.redacting_logger import RedactingLogger
from mdxdash.hub.relay.guard import HAZARDS, GuardedStream, Relayed, RelayedStream
from mdxdash.hub.relay.upstream import UnacknowledgedMessage, UpstreamConnection
from mdxdash.hub.relay.upstream_address import upstream_url
from mdxdash.settings.hub_section import HubSettings
from mdxdash.settings.redaction import redact_address

FIRST_PAUSE: Final = 0.1
LONGEST_PAUSE: Final = 5.0
"""Seconds between two attempts to reach the server: doubled with each that fails."""

UNACKNOWLEDGED_MOST: Final = 16
"""Messages on their way to a server at once. What a killed server had
taken in, and had not acted upon, is lost as it would be without mdxdash; and what it acted upon,
but could not say so any more, comes again: neither can be more than this."""

RECEIPT_WITHIN: Final = 1.0
"""Seconds after which a server that answers no ping is taken for one that never does, and gets
everything at once."""

STEADY_AFTER: Final = 5.0
"""Seconds after which a connection to the server counts as one that holds."""

ANSWER_SHARE: Final = 0.6
"""Of the time for the agent's handshake: how long the server may take for its own."""

SERVER_FRAME_BYTES: Final = 2**20
"""The largest message that is taken from the server; an agent bears 8,191 bytes."""

_FAILURES: Final = (OSError, EOFError, TimeoutError, InvalidHandshake, InvalidURI)
"""Of dialling; an invalid address is one that the server redirects to."""

_OWN_HEADERS: Final = frozenset({"host", "upgrade", "connection"})

Note = Callable[[Literal["connected", "disconnected", "fault"], str], None]


class Relay:
    """The pass-through of one agent.

    `open` it during the agent's handshake, `begin` when the agent is there, `keep` it going, and
    `close` it when the agent has gone.
    """

    def __init__(self, settings: HubSettings, tail: str, request: Request) -> None:
        self._address = upstream_url(settings, tail)
        self.url = redact_address(self._address)
        """The server's address, as it may be shown."""
        self._settings = settings
        self._headers = [
            (name, value)
            for name, value in request.headers.raw_items()
            if name.lower() not in _OWN_HEADERS and not name.lower().startswith("sec-websocket-")
        ]
        self._server: UpstreamConnection | None = None
        self._agent: AgentConnection | None = None
        self._stream = GuardedStream() if settings.relay_guard else RelayedStream()
        self._closed = False
        # From the agent.
        self._number = 0
        self._waiting: deque[UnacknowledgedMessage] = deque()
        self._unacknowledged: deque[UnacknowledgedMessage] = deque()
        self._bytes = 0
        self._left_out = 0
        self._acknowledges = False
        self._waits_for_receipts = True
        # From the server.
        self._early: list[Frame] = []
        self._opcode = Opcode.TEXT
        self._lost = asyncio.Event()
        self._lost_reason = ""
        self._opened_at = 0.0

    @property
    def connected(self) -> bool:
        """Whether the server is there."""
        return self._server is not None

    @property
    def mid_message(self) -> bool:
        """Whether the agent has half of what the server says: nothing may come between."""
        return self._stream.mid_message

    @property
    def waiting(self) -> int:
        """Messages of the agent that wait for the server."""
        return len(self._waiting)

    async def open(self) -> Response | None:
        """Dials the server for the first time. Its answer if it refuses; None if it accepts, and
        also if it is not there: it may come later."""
        try:
            await self._dial(self._settings.handshake_timeout * ANSWER_SHARE)
        except InvalidStatus as refused:
            return refused.response
        except _FAILURES as error:
            self._lose(_words(error))
        return None

    def begin(self, agent: AgentConnection, passed: Callable[[Relayed], None], note: Note) -> None:
        """The agent is there: what the server has said already goes on to it. `passed` is told
        each frame from the server, `note` what becomes of the connection to it."""
        self._agent, self._passed, self._note = agent, passed, note
        agent.on_resume = self._resume_server
        if self._server is not None:
            note("connected", f"server {self.url}")
        else:
            note("fault", f"server {self.url}: {self._lost_reason}; trying again")
        early, self._early = self._early, []
        for frame in early:
            self.from_server(frame)
        if self._server is not None:
            self._server.transport.resume_reading()
        else:
            self._end_what_is_half_said(agent)

    async def keep(self) -> None:
        """Dials the server again whenever it is lost, for ever."""
        pause = FIRST_PAUSE
        while True:
            await self._lost.wait()
            if time.monotonic() - self._opened_at > STEADY_AFTER:
                pause = FIRST_PAUSE
            began = time.monotonic()
            told = self._lost_reason
            while self._server is None:
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
                try:
                    await self._dial(LONGEST_PAUSE)
                except _FAILURES as error:
                    if (reason := _words(error)) != told:
                        told = reason
                        self._note("fault", f"server {self.url}: {reason}; trying again")
            self._tell_return(time.monotonic() - began)
            self.deliver()

    def close(self) -> None:
        """The agent has gone: so does the connection to the server, as the agent's own would."""
        self._closed = True
        if self._server is not None:
            self._server.transport.close()

    def from_agent(self, message: bytes, *, text: bool) -> None:
        """A message of the agent goes on to the server, or is kept for it."""
        self._make_room(len(message))
        if self._bytes + len(message) > self._settings.relay_bytes:
            self._leave_out()
            return
        self._number += 1
        self._bytes += len(message)
        self._waiting.append(UnacknowledgedMessage(self._number, message, text))
        self.deliver()

    def deliver(self) -> None:
        """Sends what waits for the server, as long as it takes it."""
        server = self._server
        while (
            self._waiting
            and server is not None
            and not server.paused
            and server.protocol.state is State.OPEN
            and (
                len(self._unacknowledged) < UNACKNOWLEDGED_MOST
                or not (self._acknowledges or self._waits_for_receipts)
                # While the agent takes nothing, the server is not read, nor are its receipts.
                or (self._agent is not None and self._agent.paused)
            )
        ):
            kept = self._waiting.popleft()
            self._unacknowledged.append(kept)
            server.write(kept)

    def acknowledge(self, number: int) -> None:
        """The server has taken in all messages up to this one."""
        self._acknowledges = True
        self._settle(number)
        self.deliver()

    def _settle(self, number: int) -> None:
        while self._unacknowledged and self._unacknowledged[0].number <= number:
            self._bytes -= len(self._unacknowledged.popleft().data)

    def from_server(self, frame: Frame) -> None:
        """A frame of the server goes on to the agent."""
        agent = self._agent
        if agent is None:
            self._early.append(frame)
            return
        if agent.protocol.state is not State.OPEN:
            return
        if frame.opcode is not Opcode.CONT:
            self._opcode = frame.opcode
        passed = self._stream.feed(bytes(frame.data))
        whole = frame.opcode is not Opcode.CONT and frame.fin
        guarded = isinstance(self._stream, GuardedStream)
        if not whole:
            told = f"R110 {HAZARDS['R110']}" + (" (sent whole)" if guarded else "")
            passed = msgspec.structs.replace(passed, warnings=(*passed.warnings, told))
        for data in passed.frames:
            out = Frame(self._opcode, data) if guarded else Frame(frame.opcode, data, frame.fin)
            agent.send_frame(out)
        if agent.paused and self._server is not None:
            self._server.transport.pause_reading()
        self._passed(passed)

    def server_lost(self, server: UpstreamConnection, error: Exception | None) -> None:
        """The connection to the server is over; what it did not acknowledge waits again."""
        if server is not self._server:
            return
        reason = server.end_reason(error)
        if error is None and server.read_to_the_end:
            self._settle(self._number)
        self._take_back()
        if self._agent is not None and not self._closed:
            self._end_what_is_half_said(self._agent)
            self._note("disconnected", f"server {self.url}: {reason}; trying again")
        self._lose(reason)

    def _end_what_is_half_said(self, agent: AgentConnection) -> None:
        """The rest died with the server."""
        agent.finish_message(self._stream.flush(), text=self._opcode is Opcode.TEXT)

    def _lose(self, reason: str) -> None:
        self._server = None
        self._lost_reason = reason
        self._lost.set()

    async def _dial(self, timeout: float) -> None:
        async with asyncio.timeout(timeout):
            server = await connect(
                self._address,
                additional_headers=self._headers,
                user_agent_header=None,
                compression=None,
                proxy=None,
                open_timeout=None,
                ping_interval=None,
                max_size=SERVER_FRAME_BYTES,
                logger=RedactingLogger(self._settings),
                create_connection=self._connection,  # type: ignore[arg-type]  # any callable will do
            )
        assert isinstance(server, UpstreamConnection)
        if self._closed or server.protocol.state is not State.OPEN:
            server.transport.abort()
            raise ConnectionResetError(server.end_reason(None))
        self._server = server
        self._opened_at = time.monotonic()
        self._acknowledges, self._waits_for_receipts = False, True
        server.loop.call_later(RECEIPT_WITHIN, self._wait_no_longer, server)
        self._lost.clear()
        if self._agent is None or self._agent.paused:
            server.transport.pause_reading()

    def _wait_no_longer(self, server: UpstreamConnection) -> None:
        if server is self._server:
            self._waits_for_receipts = False
            self.deliver()

    def _connection(self, protocol: ClientProtocol, **options: Any) -> UpstreamConnection:
        return UpstreamConnection(protocol, self, **options)

    def _resume_server(self) -> None:
        if self._server is not None:
            self._server.transport.resume_reading()

    def _take_back(self) -> None:
        """What was sent and not acknowledged is to be sent again: the server has not got it. One
        that has never acknowledged anything is taken at its word that it got all."""
        steady = time.monotonic() - self._opened_at > STEADY_AFTER
        if steady and not self._acknowledges:
            self._bytes -= sum(len(kept.data) for kept in self._unacknowledged)
        else:
            self._waiting.extendleft(reversed(self._unacknowledged))
        self._unacknowledged.clear()

    def _make_room(self, size: int) -> None:
        """Forgets what was sent longest ago, acknowledged or not, before anything is left out."""
        sent = self._unacknowledged
        while sent and self._bytes + size > self._settings.relay_bytes:
            self._bytes -= len(sent.popleft().data)

    def _leave_out(self) -> None:
        if not self._left_out:
            limit = self._settings.relay_bytes
            self._note("fault", f"{limit:,} bytes wait for the server; no more are kept")
        self._left_out += 1

    def _tell_return(self, seconds: float) -> None:
        text = f"server {self.url}, back after {seconds:.1f} s"
        if self._waiting:
            text += f", {len(self._waiting):,} messages were kept for it"
        if self._left_out:
            text += f", {self._left_out:,} were not"
        self._left_out = 0
        self._note("connected", text)


def _words(error: Exception) -> str:
    if isinstance(error, InvalidStatus):
        answer = error.response
        return f"refused with {answer.status_code} {answer.reason_phrase}"
    if isinstance(error, InvalidURI):
        return f"redirects to an address that is none: {error.msg}"
    if isinstance(error, ConnectionRefusedError) or "Multiple exceptions" in str(error):
        return "nothing listens there"
    if isinstance(error, TimeoutError):
        return "no answer"
    return str(error) or type(error).__name__
