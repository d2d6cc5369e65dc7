"""Takes over the sockets of a hub in another process, and builds the connections on them; and
prepares the agents of a hub that is taken over."""

import asyncio
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

import msgspec
from websockets.asyncio.server import Server
from websockets.protocol import State
from websockets.server import ServerProtocol

from mdxdash.hub.admission import Admission
from mdxdash.hub.agent import HubAgent
from mdxdash.hub.connection import ADOPTION, AgentConnection
from mdxdash.hub.redacting_logger import RedactingLogger
from mdxdash.hub.relay.message_queue import KeptMessage
from mdxdash.hub.snapshot import AgentSnapshot, HubSnapshot
from mdxdash.hub.sockets.connection_snapshot import ConnectionSnapshot
from mdxdash.language.translation import N_

if TYPE_CHECKING:  # at run time it loads websockets' client, which costs a start 10 ms
    from mdxdash.hub.relay.forwarding import Relay

SETTLE_WITHIN: Final = 2.0
"""Seconds that handshakes and half-written frames get to end before a hub is handed over."""

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
    adopting = loop.create_task(loop.connect_accepted_socket(lambda: connection, adopted))

    def hold_again() -> None:
        connection.transport.resume_reading()  # what is held is not held again in Python 3.11.2
        connection.hold_reading(ADOPTION)

    # uvloop, and asyncio of Python 3.11.2 (Debian 12), begin to read after `connection_made`, which
    # has held it. So it is held once more in the same turn of the loop, which reads at the end of a
    # turn: the task makes the call of `connection_made` for the next turn, and this one a call for
    # right after that.
    loop.call_soon(loop.call_soon, hold_again)
    await adopting
    admission.add_admitted(connection, known.path)
    return connection


def adopted_relay(
    kept: Sequence[KeptMessage], connection: AgentConnection, admission: Admission
) -> "Relay | None":
    """Returns the relay of an adopted connection, which dials the upstream anew; None without an
    upstream. `kept` are the agent's messages for it."""
    settings = admission.settings
    if settings.relay is None:
        return None
    from mdxdash.hub.relay.forwarding import Relay  # noqa: PLC0415  websockets' client, 10 ms to load

    assert connection.request is not None
    suffix = admission.path_suffix(connection.request.path) or ""
    relay = connection.relay = Relay(settings, suffix, connection.request)
    relay.restore(kept)
    return relay


async def settle_agents(
    connected: Callable[[], Sequence[HubAgent]], opening: Callable[[], int]
) -> None:
    """Holds the connected agents (`HubAgent.hold`), and returns when their state can be handed
    over, and no handshake is being done any more. `opening` returns the number of those. Raises
    `CannotHandOver`."""
    for agent in connected():
        agent.hold()
    deadline = time.monotonic() + SETTLE_WITHIN
    while not all(agent.is_settled for agent in connected()) or opening():
        if time.monotonic() > deadline:
            unsettled = [agent.name for agent in connected() if not agent.is_settled]
            if not unsettled:
                return  # a handshake that does not end costs no agent
            raise CannotHandOver(
                N_("{unsettled} has got only a part of a frame").format(
                    unsettled=", ".join(unsettled)
                )
            )
        await asyncio.sleep(SETTLE_INTERVAL)
