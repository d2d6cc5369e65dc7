"""The connection to the user's own server, at the level of frames, each message with its receipt.

The receipt is a ping behind the message: whoever answers it has taken in what came before.
"""

import asyncio
from typing import Any, Final, Protocol

import msgspec
from websockets.asyncio.client import ClientConnection
from websockets.client import ClientProtocol
from websockets.frames import DATA_OPCODES, Frame, Opcode
from websockets.protocol import Event as ProtocolEvent

from mdxdash.hub.connection import READ_BYTES

_PING: Final = b"mdxdash"


class UnacknowledgedMessage(msgspec.Struct, frozen=True):
    """A message of the agent that the server has not acknowledged."""

    number: int
    data: bytes
    text: bool


class UpstreamListener(Protocol):
    """Who is behind a connection to the server."""

    def from_server(self, frame: Frame) -> None:
        """Takes the next frame of data."""

    def acknowledge(self, number: int) -> None:
        """The server has taken in all messages up to this one."""

    def deliver(self) -> None:
        """The server reads again."""

    def server_lost(self, server: "UpstreamConnection", error: Exception | None) -> None:
        """The connection is over."""


class UpstreamConnection(ClientConnection):
    """The connection to the user's server, at the level of frames."""

    def __init__(self, protocol: ClientProtocol, relay: UpstreamListener, **options: Any) -> None:
        super().__init__(protocol, **options)
        self._relay = relay

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The server has accepted the TCP connection."""
        if hasattr(transport, "max_size"):
            transport.max_size = READ_BYTES
        super().connection_made(transport)

    def process_event(self, event: ProtocolEvent) -> None:
        """Takes the handshake's answer, then each frame."""
        if not isinstance(event, Frame):
            super().process_event(event)
        elif event.opcode in DATA_OPCODES:
            self._relay.from_server(event)
        elif event.opcode is Opcode.PONG:
            self._acknowledge(bytes(event.data))

    def connection_lost(self, exc: Exception | None) -> None:
        """The server is gone."""
        super().connection_lost(exc)
        self._relay.server_lost(self, exc)

    def resume_writing(self) -> None:
        """The server reads again."""
        super().resume_writing()
        self._relay.deliver()

    def write(self, kept: UnacknowledgedMessage) -> None:
        """Sends a message, and behind it the ping that asks whether it is there, in one write:
        whoever has parsed the one has parsed the other."""
        protocol = self.protocol
        (protocol.send_text if kept.text else protocol.send_binary)(kept.data)
        protocol.send_ping(_PING + kept.number.to_bytes(8))
        self.transport.write(b"".join(protocol.data_to_send()))

    @property
    def read_to_the_end(self) -> bool:
        """Whether the server, having closed by itself, had all that was sent to it, once the
        connection is over without an error. A server ends the TCP connection when it has read the
        answer to its Close frame (RFC 6455, 7.1.1), and that was the last thing it was sent."""
        return self.protocol.close_rcvd_then_sent is True

    def _acknowledge(self, pong: bytes) -> None:
        if pong.startswith(_PING):
            self._relay.acknowledge(int.from_bytes(pong[len(_PING) :]))

    def end_reason(self, error: Exception | None) -> str:
        """Returns why the connection has ended, for the log; `error` is the transport's, if any."""
        close = self.protocol.close_rcvd
        if close is not None:
            return f"closed by the server with code {close.code}"
        return str(error) if error is not None else "closed by the server"
