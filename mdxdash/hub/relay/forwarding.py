"""Relays every frame between one agent and the upstream, the user's own server, in order.

The agent stays connected while the upstream is away. Its messages are kept meanwhile, up to a
bound, and sent when the upstream is back. A ping follows what is sent, and its pong shows that the
upstream has received that, so that after a loss none is missing and none is sent twice. An
upstream that closes the connection itself answers no ping after its Close frame, but reads on until
the Close frame that answers it (RFC 6455, section 5.5.1).
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
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
from mdxdash.hub.relay.guard import GuardedStream, Relayed, RelayedStream
from mdxdash.hub.relay.hazards import AGENT_BUFFER_BYTES, HAZARDS
from mdxdash.hub.relay.message_queue import KeptMessage, MessageQueue
from mdxdash.hub.relay.receipt_window import ReceiptWindow
from mdxdash.hub.relay.upstream import UpstreamConnection
from mdxdash.hub.relay.upstream_address import upstream_url
from mdxdash.language.translation import N_
from mdxdash.settings.redaction import redact_address
from mdxdash.settings.tables.hub_section import HubSettings

FIRST_PAUSE: Final = 0.1
LONGEST_PAUSE: Final = 5.0
"""Seconds between two attempts to connect to the upstream: doubled with each that fails."""

RECEIPT_WITHIN: Final = 1.0
"""Seconds after which an upstream that has sent no pong is taken for one that never does: its
messages are sent without waiting for acknowledgements."""

HOLD_WITHIN: Final = 0.5
"""Seconds that the upstream has to acknowledge what is on its way to it before the agent is handed
over to another process. What it has not acknowledged then, the other process sends again. Less than
`adoption.SETTLE_WITHIN`, after which nothing is handed over."""

STEADY_AFTER: Final = 5.0
"""Seconds after which a connection to the upstream counts as steady: the next attempt comes after
the first pause again, and messages that were never acknowledged count as received."""

RESPONSE_SHARE: Final = 0.6
"""The part of the agent's handshake time-out that the upstream's handshake may take."""

SERVER_FRAME_BYTES: Final = 2**20
"""The largest message that is accepted from the upstream. More than 8,191 bytes cost an agent the
connection (R109), but the relay passes on what the upstream sends."""

_FAILURES: Final = (OSError, EOFError, TimeoutError, InvalidHandshake, InvalidURI)
"""What connecting raises; InvalidURI for an address that the upstream redirects to."""

_OWN_HEADERS: Final = frozenset({"host", "upgrade", "connection"})

PIECE_BYTES: Final = 4096
"""Bytes of a message that a guard judges at a time: some milliseconds of work."""

UNFINISHED_LINE_AFTER: Final = 0.5
"""Seconds after which a message without its newline is taken for one that was forgotten."""

Log = Callable[[Literal["connected", "disconnected", "fault"], str], None]


class Relay:
    """The relay of one agent.

    `connect` during the agent's handshake, `start` when that has succeeded, `run` as a task while
    the agent is connected, and `close` when its connection has ended.
    """

    def __init__(self, settings: HubSettings, suffix: str, request: Request) -> None:
        """`suffix` follows the agents' path in the agent's `request`, whose headers are relayed."""
        self._address = upstream_url(settings, suffix)
        self.url = redact_address(self._address)
        """The upstream's address, without its password."""
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
        self._queue = MessageQueue(settings.relay_bytes)
        self._window = ReceiptWindow()
        self._acknowledges = False
        self._waits_for_receipts = True
        self._held_at: float | None = None
        # From the server.
        self._early: list[Frame] = []
        self._pieces: deque[tuple[Frame, bool]] = deque()
        self._finish_due = False
        self._frame_at = 0.0
        self._unfinished_logged = False
        self._opcode = Opcode.TEXT
        self._lost = asyncio.Event()
        self._lost_reason = ""
        self._opened_at = 0.0

    @property
    def connected(self) -> bool:
        """Whether the upstream is connected."""
        return self._server is not None

    @property
    def mid_message(self) -> bool:
        """Whether the agent has only a part of a line or audio block of the upstream."""
        return self._stream.mid_message

    @property
    def is_settled(self) -> bool:
        """Whether no large message of the upstream is being judged piece by piece, and, for
        `HOLD_WITHIN` after `hold`, whether the upstream has acknowledged all that was sent."""
        if self._pieces:
            return False
        if self._held_at is None or not (self._queue.unacknowledged and self._awaits_receipts):
            return True
        return time.monotonic() - self._held_at > HOLD_WITHIN

    @property
    def waiting(self) -> int:
        """The number of the agent's messages that wait to be sent to the upstream."""
        return len(self._queue)

    async def connect(self) -> Response | None:
        """Connects to the upstream for the first time. Returns its response if it refuses; None if
        it accepts, and also if it cannot be reached, since it may be started later."""
        try:
            await self._dial(self._settings.handshake_timeout * RESPONSE_SHARE)
        except InvalidStatus as refused:
            return refused.response
        except _FAILURES as error:
            self._mark_lost(_describe(error))
        return None

    def start(self, agent: AgentConnection, relayed: Callable[[Relayed], None], log: Log) -> None:
        """Relays to the agent from now on, first what the upstream has sent already. `relayed` is
        called with each frame from the upstream, `log` with what happens to its connection."""
        self._agent, self._relayed, self._log = agent, relayed, log
        agent.on_resume = self._resume_server
        if self._server is not None:
            log("connected", N_("server {url}").format(url=self.url))
        else:
            log(
                "fault",
                N_("server {url}: {reason}; trying again").format(
                    url=self.url, reason=self._lost_reason
                ),
            )
        early, self._early = self._early, []
        for frame in early:
            self.from_server(frame)
        if self._server is not None:
            self._server.resume_reading()
        else:
            self._finish_message(agent)

    async def run(self) -> None:
        """Connects again whenever the upstream is lost, until it is cancelled."""
        pause = FIRST_PAUSE
        while True:
            await self._lost.wait()
            if time.monotonic() - self._opened_at > STEADY_AFTER:
                pause = FIRST_PAUSE
            began = time.monotonic()
            logged = self._lost_reason
            while self._server is None:
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
                try:
                    await self._dial(LONGEST_PAUSE)
                except _FAILURES as error:
                    if (reason := _describe(error)) != logged:
                        logged = reason
                        self._log(
                            "fault",
                            N_("server {url}: {reason}; trying again").format(
                                url=self.url, reason=reason
                            ),
                        )
            self._log_return(time.monotonic() - began)
            self.deliver()

    def hold(self) -> None:
        """Sends nothing more to the upstream until `release`: another process is to go on, and
        should not send again what is on its way."""
        self._held_at = time.monotonic()

    def release(self) -> None:
        """Sends again: no other process goes on."""
        self._held_at = None
        self.deliver()

    def suspend(self) -> tuple[KeptMessage, ...]:
        """Leaves the upstream, since another process is to go on; `run` dials it again if none
        does. Returns the agent's messages for it."""
        if (server := self._server) is not None:
            self.server_lost(server, None)
            server.transport.close()
        return self._queue.snapshot()

    def restore(self, kept: Iterable[KeptMessage]) -> None:
        """Takes over the agent's messages for the upstream from another process, which has left
        it."""
        for message in kept:
            self._queue.put(message.data, text=message.text)
        self._mark_lost(N_("the hub is in another process now"))

    def close(self) -> None:
        """Closes the connection to the upstream without a close frame, as an agent's ends."""
        self._closed = True
        if self._server is not None:
            self._server.transport.close()

    def from_agent(self, messages: Sequence[bytes], *, text: bool) -> None:
        """Sends messages of the agent to the upstream, or keeps them; `text` is false for binary
        ones."""
        dropped = self._queue.dropped
        for message in messages:
            self._queue.put(message, text=text)
        self.deliver()
        if not dropped and self._queue.dropped:
            limit = self._settings.relay_bytes
            self._log(
                "fault",
                N_("{limit:,} bytes wait for the server; no more are kept").format(limit=limit),
            )

    def deliver(self) -> None:
        """Sends waiting messages to the upstream, as long as it takes them."""
        server, queue = self._server, self._queue
        while (
            queue
            and server is not None
            and self._held_at is None
            and not server.paused
            and server.protocol.state is State.OPEN
        ):
            window = self._window.size(time.monotonic())
            room = self._room(window)
            if room <= 0:
                return
            # Not all at once, so that the next ones go out while these are acknowledged.
            server.write(queue.take(min(room, window // 4)))

    def _room(self, window: int) -> int:
        """Returns how many messages may be sent now; `window` is how many may be on their way."""
        # While the agent does not read, the upstream is not read, nor are its pongs.
        if not self._awaits_receipts or (self._agent is not None and self._agent.paused):
            return window
        return window - self._queue.unacknowledged

    @property
    def _awaits_receipts(self) -> bool:
        """Whether the upstream is taken for one that answers pings."""
        return self._acknowledges or self._waits_for_receipts

    def acknowledge(self, number: int) -> None:
        """Takes all messages up to this number as received by the upstream."""
        self._acknowledges = True
        self._window.acknowledge(self._queue.acknowledge(number), time.monotonic())
        self.deliver()

    def from_server(self, frame: Frame) -> None:
        """Relays a data frame of the upstream to the agent."""
        agent = self._agent
        if agent is None:
            self._early.append(frame)
            return
        if not agent.is_open:
            return
        if self._pieces:
            self._pieces.append(
                (frame, frame.opcode is Opcode.CONT)
            )  # it came in the same read as a large one
            return
        if frame.opcode is not Opcode.CONT:
            self._opcode = frame.opcode
        self._frame_at = time.monotonic()
        self._unfinished_logged = False
        if isinstance(self._stream, GuardedStream) and len(frame.data) > PIECE_BYTES:
            self._relay_in_pieces(frame)
        else:
            self._relay(frame, agent, frame.opcode is Opcode.CONT)

    def _relay_in_pieces(self, frame: Frame) -> None:
        """Judges a large message piece by piece, with other work in between."""
        data = bytes(frame.data)
        if len(data) > AGENT_BUFFER_BYTES:
            self._relayed(Relayed((), (), (f"R109 {HAZARDS['R109']} (split)",)))
        for at in range(0, len(data), PIECE_BYTES):
            piece = Frame(frame.opcode, data[at : at + PIECE_BYTES], frame.fin)
            self._pieces.append((piece, at > 0 or frame.opcode is Opcode.CONT))
        self._next_piece()

    def _next_piece(self) -> None:
        agent, server = self._agent, self._server
        assert agent is not None
        if agent.is_open:
            piece, continues = self._pieces.popleft()
            self._relay(piece, agent, continues)
        else:
            self._pieces.clear()
        if self._pieces:
            if server is not None:
                server.pause_reading()
            asyncio.get_running_loop().call_soon(self._next_piece)
        elif self._finish_due:
            self._finish_due = False
            self._finish_message(agent)
        elif not agent.paused:
            self._resume_server()

    def watch(self, now: float) -> None:
        """Looks for a message without its newline; `now` is of `time.monotonic`. To be called
        several times a second while the agent is connected."""
        waits = now - self._frame_at > UNFINISHED_LINE_AFTER
        line = self._stream.unfinished_line
        agent = self._agent
        if agent is None or not line or not waits or self._unfinished_logged or self._pieces:
            return
        if not agent.is_open:
            return
        self._unfinished_logged = True
        if isinstance(self._stream, GuardedStream):
            relayed = self._stream.finish_line()
            for data in relayed.frames:
                agent.send_message(data, text=True)
        else:
            relayed = Relayed((), (), (f"R114 {HAZARDS['R114']}",))
        shown = (
            N_('{warnings} It begins with "{line}".').format(
                warnings=relayed.warnings[0], line=line
            ),
            *relayed.warnings[1:],
        )
        self._relayed(msgspec.structs.replace(relayed, warnings=shown))

    def _relay(self, frame: Frame, agent: AgentConnection, continues: bool) -> None:
        relayed = self._stream.feed(bytes(frame.data), continues=continues)
        whole = frame.opcode is not Opcode.CONT and frame.fin
        guarded = isinstance(self._stream, GuardedStream)
        if not whole:
            logged = f"R110 {HAZARDS['R110']}" + (N_(" (sent whole)") if guarded else "")
            relayed = msgspec.structs.replace(relayed, warnings=(*relayed.warnings, logged))
        for data in relayed.frames:
            out = Frame(self._opcode, data) if guarded else Frame(frame.opcode, data, frame.fin)
            agent.send_frame(out)
        if agent.paused and self._server is not None:
            self._server.pause_reading()
        self._relayed(relayed)

    def server_lost(self, server: UpstreamConnection, error: Exception | None) -> None:
        """The connection to the upstream has ended: what it did not acknowledge waits again."""
        if server is not self._server:
            return
        reason = server.end_reason(error)
        if error is None and server.read_to_the_end:
            self._queue.acknowledge_all()
        self._requeue_unacknowledged()
        if self._agent is not None and not self._closed:
            if self._pieces:
                self._finish_due = True
            else:
                self._finish_message(self._agent)
            self._log(
                "disconnected",
                N_("server {url}: {reason}; trying again").format(url=self.url, reason=reason),
            )
        self._mark_lost(reason)

    def _finish_message(self, agent: AgentConnection) -> None:
        """Ends, for the agent, what the upstream has sent only a part of."""
        rest = self._stream.flush()
        if rest is None:
            rest = b""
            self._log(
                "fault",
                N_(
                    "the server left a part of a line or audio block that nothing can end without "
                    "harm: nothing was added, and commands wait until it is ended"
                ),
            )
        agent.finish_message(rest, text=self._opcode is Opcode.TEXT)

    def _mark_lost(self, reason: str) -> None:
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
        self._window = ReceiptWindow()
        self._acknowledges, self._waits_for_receipts = False, True
        server.loop.call_later(RECEIPT_WITHIN, self._stop_waiting_for_receipts, server)
        self._lost.clear()
        if self._agent is None or self._agent.paused:
            server.pause_reading()

    def _stop_waiting_for_receipts(self, server: UpstreamConnection) -> None:
        if server is self._server:
            self._waits_for_receipts = False
            self.deliver()

    def _connection(self, protocol: ClientProtocol, **options: Any) -> UpstreamConnection:
        return UpstreamConnection(protocol, self, **options)

    def _resume_server(self) -> None:
        if self._server is not None:
            self._server.resume_reading()

    def _requeue_unacknowledged(self) -> None:
        """Puts what was sent and not acknowledged back in front of what waits. On a steady
        connection that has never acknowledged anything, all of it counts as received."""
        steady = time.monotonic() - self._opened_at > STEADY_AFTER
        if steady and not self._acknowledges:
            self._queue.acknowledge_all()
        self._queue.requeue()

    def _log_return(self, seconds: float) -> None:
        text = N_("server {url}, back after {seconds:.1f} s").format(url=self.url, seconds=seconds)
        if self._queue:
            text += N_(", {count:,} messages were kept for it").format(count=len(self._queue))
        if self._queue.dropped:
            text += N_(", {dropped:,} were not").format(dropped=self._queue.dropped)
        self._queue.dropped = 0
        self._log("connected", text)


def _describe(error: Exception) -> str:
    if isinstance(error, InvalidStatus):
        response = error.response
        return N_("refused with {status} {phrase}").format(
            status=response.status_code, phrase=response.reason_phrase
        )
    if isinstance(error, InvalidURI):
        return N_("redirects to an invalid address: {msg}").format(msg=error.msg)
    if isinstance(error, ConnectionRefusedError) or "Multiple exceptions" in str(error):
        return N_("nothing listens there")
    if isinstance(error, TimeoutError):
        return N_("no response in time")
    return str(error) or type(error).__name__
