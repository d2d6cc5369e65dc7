"""The WebSocket connection as an agent needs it: frames as bytes, and no close code, ever.

A close frame's payload stays in the agent's buffer and is glued to the first line after its
reconnect, so whatever makes websockets send one, an empty one leaves. Seen from here an agent
never answers a close frame, so the end of a connection is a TCP close.

Here too are the limits that keep one connection from costing the others anything.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any, Final, Protocol

from websockets.asyncio.server import Server, ServerConnection
from websockets.exceptions import PayloadTooBig
from websockets.frames import DATA_OPCODES, Frame, Opcode
from websockets.protocol import Event as ProtocolEvent
from websockets.protocol import State
from websockets.server import ServerProtocol

from mdxdash.hub.admission import Admission

READ_BYTES: Final = 16_384
"""Bytes that are taken from a socket in one go: at 256 KiB, asyncio's own, a flood of the
smallest frames would hold all others up for a third of a second."""

EARLY_MESSAGES: Final = 1000
"""Messages that may come before anybody takes them."""

_HANG_UP_AFTER: Final = 1.0
"""Seconds that a connection which is over may take to read what was written to it."""

_CLOSE_HEAD: Final = 0x80 | Opcode.CLOSE
_EMPTY_CLOSE: Final = bytes([_CLOSE_HEAD, 0])


class MessageRelay(Protocol):
    """Relays one agent's messages to the upstream, and the upstream's to the agent."""

    @property
    def in_the_middle(self) -> bool:
        """Whether the agent has only a part of a line or audio block of the upstream."""

    def from_agent(self, message: bytes, *, text: bool) -> None:
        """Takes a message of the agent; `text` is false for a binary one."""

    def close(self) -> None:
        """The agent's connection has ended."""


class AgentConnection(ServerConnection):
    """A server's connection to one agent.

    Messages are handed over where they are parsed, without websockets' queue and the task switch
    that `recv` costs: twice as many a second, and nothing can pile up, since whoever takes them
    is done with them at once.
    """

    def __init__(
        self, protocol: ServerProtocol, server: Server, door: Admission, **options: Any
    ) -> None:
        super().__init__(protocol, server, **options)
        self.unfinished_since: float | None = None
        """When the message began that is not all there; monotonic seconds."""
        self.cut_because: str | None = None
        """Why it was cut from here."""
        self.relay: MessageRelay | None = None
        """Takes every message of the agent, if there is an upstream."""
        self.on_resume: Callable[[], None] | None = None
        """Called when the agent reads again after it did not."""
        self._door = door
        self._request_bytes = 0
        self._take: Callable[[bytes], None] | None = None
        self._early: list[bytes] = []
        self._held_by: set[str] = set()
        self._fragments: list[bytes] = []
        self._in_message = False
        self._is_text = True
        self._finished = 0

    @property
    def frame_limit(self) -> int:
        """The largest message that is taken, in bytes."""
        return self._door.settings.frame_bytes

    def cut(self, reason: str) -> None:
        """Ends the connection at once, for what the other side did."""
        self.cut_because = reason
        self.transport.abort()

    def hold_reading(self, who: str) -> None:
        """Reads nothing until this one, and all others that hold it, let it go on."""
        self._held_by.add(who)
        self.transport.pause_reading()

    def go_on_reading(self, who: str) -> None:
        """This one no longer holds the reading."""
        self._held_by.discard(who)
        if not self._held_by:
            self.transport.resume_reading()

    def send_data(self) -> None:
        """Writes what the protocol wants to send, with close frames emptied."""
        # Each item is a whole serialized frame, the opening response, or the end of the stream.
        writes = self.protocol.writes
        for index, data in enumerate(writes):
            if data[:1] == _EMPTY_CLOSE[:1]:
                writes[index] = _EMPTY_CLOSE
        super().send_data()

    def pass_on(self, frame: Frame) -> None:
        """Sends a frame as it is, fragments included; between them nothing else may be sent."""
        send = {
            Opcode.TEXT: self.protocol.send_text,
            Opcode.BINARY: self.protocol.send_binary,
            Opcode.CONT: self.protocol.send_continuation,
        }[frame.opcode]
        send(frame.data, frame.fin)
        self.send_data()

    def end_message(self, rest: bytes, *, text: bool) -> None:
        """The rest of what was passed on will not come; `rest` ends it, if anything has to."""
        self.protocol.expect_continuation_frame = False
        if rest and self.protocol.state is State.OPEN:
            self.pass_on(Frame(Opcode.TEXT if text else Opcode.BINARY, rest))

    @property
    def in_the_middle(self) -> bool:
        """Whether the user's server is in the middle of a message, a line or a block."""
        halfway = self.relay is not None and self.relay.in_the_middle
        return halfway or self.protocol.expect_continuation_frame

    def resume_writing(self) -> None:
        """The agent reads again."""
        super().resume_writing()
        if self.on_resume is not None:
            self.on_resume()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client has connected."""
        if hasattr(transport, "max_size"):  # not on Windows, which takes 64 KiB
            transport.max_size = READ_BYTES
        super().connection_made(transport)
        self._door.arrive(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        super().connection_lost(exc)
        self._door.leave(self)
        if self.relay is not None:
            self.relay.close()

    def data_received(self, data: bytes) -> None:
        """Takes bytes in, as far as they keep within the limits."""
        limits = self._door.settings
        if self.request is None:
            self._request_bytes += len(data)
            if self._request_bytes > limits.request_bytes:
                self._door.turn_away(self, f"a request over {limits.request_bytes:,} bytes")
                self.transport.abort()
                return
        finished = self._finished
        super().data_received(data)
        if self.request is None and self.protocol.handshake_exc is not None:
            self._door.turn_away(self, f"no proper request: {self.protocol.handshake_exc}")
        if self.protocol.close_expected() and not self.transport.is_closing():
            # Its own end would be awaited, which who means harm never brings.
            self.transport.close()
            self.loop.call_later(_HANG_UP_AFTER, self.transport.abort)
        if not self._in_message and not self.protocol.reader.buffer:
            self.unfinished_since = None
        elif self.unfinished_since is None or self._finished != finished:
            self.unfinished_since = time.monotonic()
        # Pongs are written without anybody waiting for them to be read.
        if self.transport.get_write_buffer_size() > limits.unread_bytes:
            self.cut(f"over {limits.unread_bytes:,} bytes that it did not read")

    def process_event(self, event: ProtocolEvent) -> None:
        """Takes the request, then each frame; those of data do not go the way to `recv`."""
        if not isinstance(event, Frame):
            super().process_event(event)
            return
        if event.opcode not in DATA_OPCODES:
            super().process_event(event)
        elif event.fin and not self._in_message:
            self._is_text = event.opcode is Opcode.TEXT
            self._deliver(event.data)
        else:
            self._gather(event)
        # A ping in the middle of a message does not make the message younger.
        if not self._in_message:
            self._finished += 1

    def deliver_to(self, take: Callable[[bytes], None]) -> None:
        """Calls `take` with every message from now on, and with those that came before."""
        early, self._early = self._early, []
        for message in early:
            take(message)
        self._take = take

    def _gather(self, frame: Frame) -> None:
        # The protocol bounds the sum of the fragments, as it bounds a single frame.
        if not self._in_message:
            self._is_text = frame.opcode is Opcode.TEXT
        self._in_message = not frame.fin
        self._fragments.append(bytes(frame.data))
        if frame.fin:
            message = b"".join(self._fragments)
            self._fragments.clear()
            self._deliver(message)

    def _deliver(self, data: bytes | bytearray | memoryview) -> None:
        message = data if isinstance(data, bytes) else bytes(data)
        if self.relay is not None:
            self.relay.from_agent(message, text=self._is_text)
        if self._take is not None:
            self._take(message)
        elif len(self._early) < EARLY_MESSAGES:
            self._early.append(message)
        else:
            self.cut("it did not wait for the end of the handshake")

    async def end(self, timeout: float) -> None:
        """Ends the connection without a close frame, within `timeout` seconds: what was written
        is delivered if the agent still reads, else it is dropped."""
        self.transport.close()
        done, _ = await asyncio.wait([self.connection_lost_waiter], timeout=timeout)
        if not done:
            self.transport.abort()


def ending(connection: AgentConnection) -> tuple[str, bool]:
    """Why a connection is over, in words, and whether the other side broke the rules."""
    protocol = connection.protocol
    cause = protocol.close_exc.__cause__
    fault = protocol.parser_exc
    if connection.cut_because is not None:
        return f"{connection.cut_because}: the connection was cut", True
    if isinstance(fault, PayloadTooBig):
        return f"a frame over {connection.frame_limit // 1024} KiB: the connection was cut", True
    if fault is not None and not isinstance(fault, EOFError):
        return f"not WebSocket (RFC 6455), the connection was cut: {fault}", True
    if protocol.close_rcvd is not None:
        said = f" ({protocol.close_rcvd.reason})" if protocol.close_rcvd.reason else ""
        return f"closed by the agent with code {protocol.close_rcvd.code}{said}", False
    if isinstance(cause, OSError):
        return f"connection lost: {cause}", False
    return "connection lost without a close frame", False
