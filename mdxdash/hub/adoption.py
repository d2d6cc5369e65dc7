"""Takes over the sockets of a hub in another process, and builds the connections on them."""

import asyncio
import socket
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec
from websockets.asyncio.server import Server
from websockets.protocol import State
from websockets.server import ServerProtocol

from mdxdash.hub.admission import Admission
from mdxdash.hub.connection import AgentConnection
from mdxdash.hub.redacting_logger import RedactingLogger
from mdxdash.hub.snapshot import AgentSnapshot, HubSnapshot
from mdxdash.hub.sockets.connection_snapshot import ConnectionSnapshot

SETTLE_WITHIN: Final = 2.0
"""Seconds that handshakes and half-written frames get to end before a hub is handed over."""

SILENT_WITHIN: Final = 3.0
"""Seconds within which an agent that is told so has stopped speaking."""

SETTLE_INTERVAL: Final = 0.005


class CannotHandOver(Exception):
    """The agents stay in this process; the text is the reason."""


class Adoption(msgspec.Struct, frozen=True):
    """A hub of another process, and its sockets in the order that `HubSnapshot` describes."""

    hub: HubSnapshot
    sockets: tuple[socket.socket, ...]

    @property
    def listeners(self) -> Sequence[socket.socket]:
        """The listening sockets."""
        return self.sockets[: self.hub.listeners]

    @property
    def connections(self) -> Iterator[tuple[AgentSnapshot, ConnectionSnapshot, socket.socket]]:
        """The connected agents, each with its connection and its socket."""
        connected = [agent for agent in self.hub.agents if agent.connection is not None]
        for agent, each in zip(connected, self.sockets[self.hub.listeners :], strict=True):
            assert agent.connection is not None
            yield agent, agent.connection, each


async def adopted_connection(
    known: ConnectionSnapshot, adopted: socket.socket, server: Server, admission: Admission
) -> AgentConnection:
    """Builds the connection on its socket. Nothing is read or written until its reading is
    released."""
    settings = admission.settings
    protocol = ServerProtocol(
        state=State.OPEN, max_size=settings.frame_bytes, logger=RedactingLogger(settings)
    )
    connection = AgentConnection(
        protocol, server, admission, known, ping_interval=None, close_timeout=None
    )
    adopted.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.connect_accepted_socket(lambda: connection, adopted)
    admission.add_admitted(connection, known.path)
    return connection
