"""The WebSocket connection to the upstream, at the level of frames.

A ping follows the messages of each write. Its pong acknowledges them: an endpoint processes frames
in order (RFC 6455, sections 5.5.2 and 5.5.3).
"""

import asyncio
from collections.abc import Sequence
from typing import Any, Final, Protocol

from websockets.asyncio.client import ClientConnection
from websockets.client import ClientProtocol
from websockets.frames import DATA_OPCODES, Frame, Opcode
from websockets.protocol import Event as ProtocolEvent

from mdxdash.hub.relay.message_queue import UnacknowledgedMessage
from mdxdash.hub.sockets.bounded_reads import SMALLEST_READ, bound_reads
from mdxdash.hub.sockets.masking import apply_mask
from mdxdash.language.translation import N_
from mdxdash.wire.frame_serialization import masked_frames

_PING: Final = b"mdxdash"

_HEADS: Final = {True: 0x80 | Opcode.TEXT, False: 0x80 | Opcode.BINARY}
"""The first byte of a whole message, by whether it is text."""


class UpstreamListener(Protocol):
    """What an `UpstreamConnection` reports to."""

    def from_server(self, frame: Frame) -> None:
        """A data frame has come."""

    def acknowledge(self, number: int) -> None:
        """The upstream has received all messages up to this number."""

    def deliver(self) -> None:
        """The upstream reads again."""

    def server_lost(self, server: "UpstreamConnection", error: Exception | None) -> None:
        """The connection has ended."""


class UpstreamConnection(ClientConnection):
    """A connection to the upstream that reports data frames and acknowledgements to a listener."""

    def __init__(self, protocol: ClientProtocol, relay: UpstreamListener, **options: Any) -> None:
        super().__init__(protocol, **options)
        self._relay = relay
        self._paused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The upstream has accepted the TCP connection."""
        # The least, since a message to an agent costs twenty times as much as one from it. Behind
        # TLS (`wss://`) nothing bounds it: asyncio gives up to 256 KiB in one go there.
        bound_reads(transport, self, self._end_turn, self._begin_turn)(SMALLEST_READ)
        super().connection_made(transport)

    def pause_reading(self) -> None:
        """Reads nothing until `resume_reading`."""
        self._paused = True
        self.transport.pause_reading()

    def resume_reading(self) -> None:
        """Goes on reading."""
        self._paused = False
        self.transport.resume_reading()

    def _end_turn(self) -> None:
        self.transport.pause_reading()

    def _begin_turn(self) -> None:
        if not self._paused:
            self.transport.resume_reading()

    def process_event(self, event: ProtocolEvent) -> None:
        """Handles the handshake's response, then each frame."""
        if not isinstance(event, Frame):
            super().process_event(event)
        elif event.opcode in DATA_OPCODES:
            self._relay.from_server(event)
        elif event.opcode is Opcode.PONG:
            self._acknowledge(bytes(event.data))

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection has ended."""
        super().connection_lost(exc)
        self._relay.server_lost(self, exc)

    def resume_writing(self) -> None:
        """The upstream reads again."""
        super().resume_writing()
        self._relay.deliver()

    def write(self, kept: Sequence[UnacknowledgedMessage]) -> None:
        """Sends messages and the ping that asks for their acknowledgement, in one write."""
        self.protocol.send_ping(_PING + kept[-1].number.to_bytes(8))
        messages = masked_frames([(_HEADS[each.text], each.data) for each in kept], apply_mask)
        self.transport.write(b"".join((messages, *self.protocol.data_to_send())))

    @property
    def read_to_the_end(self) -> bool:
        """Whether the upstream closed the connection itself and has read all that was sent to it;
        valid once the connection has ended without an error. A server closes TCP when it has read
        the Close frame that answers its own (RFC 6455, section 7.1.1), and that was sent last."""
        return self.protocol.close_rcvd_then_sent is True

    def _acknowledge(self, pong: bytes) -> None:
        if pong.startswith(_PING):
            self._relay.acknowledge(int.from_bytes(pong[len(_PING) :]))

    def end_reason(self, error: Exception | None) -> str:
        """Returns why the connection has ended, for the log; `error` is the transport's, if any."""
        close = self.protocol.close_rcvd
        if close is not None:
            return N_("closed by the server with code {code}").format(code=close.code)
        return str(error) if error is not None else N_("closed by the server")
