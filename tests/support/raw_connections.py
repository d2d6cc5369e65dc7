"""Connections to a hub at the level of bytes, and hubs that are attacked with them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from websockets.asyncio.client import ClientConnection
from websockets.frames import Frame, Opcode

from mdxdash.hub.server import HubServer
from mdxdash.wire.message import parse_message
from tests.support.hub_clients import raw_agent, running_hub
from tests.support.waiting import GUARD, logged

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def attacked_hub(**settings: object) -> AsyncIterator[tuple[HubServer, ClientConnection]]:
    """A hub with an honest agent, which must be connected, and heard, when the attack is over."""
    async with running_hub(**settings) as hub, raw_agent(hub, "/chat-honest") as honest:
        yield hub, honest
        hub.send(parse_message("ARE_YOU_THERE"), "chat-honest")
        async with asyncio.timeout(GUARD):
            assert await honest.recv(decode=False) == b"ARE_YOU_THERE\n"
        await honest.send("HERE\n")
        await logged(hub.log, lambda event: event.type == "HERE")
        troubles = {"fault", "disconnected"}
        assert not [e for e in hub.log if e.agent == "chat-honest" and e.kind in troubles]


async def dialled(hub: HubServer) -> Streams:
    """A TCP connection, over which nothing has been sent."""
    return await asyncio.open_connection("127.0.0.1", hub.port)


async def opened(hub: HubServer) -> Streams:
    """A connection with its opening handshake done."""
    reader, writer = await dialled(hub)
    writer.write(request())
    assert b" 101 " in await reader.readuntil(b"\r\n\r\n")
    return reader, writer


def request(path: str = "/chat", more: str = "") -> bytes:
    """The bytes of an opening handshake; `more` is further header lines."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
        f"Sec-WebSocket-Version: 13\r\n{more}\r\n"
    ).encode()


def frame(payload: bytes, opcode: Opcode = Opcode.TEXT, *, fin: bool = True) -> bytes:
    """The bytes of a client's frame."""
    return Frame(opcode, payload, fin).serialize(mask=True)


async def is_cut(reader: asyncio.StreamReader) -> bool:
    """Waits until the hub ends the connection."""
    async with asyncio.timeout(GUARD):
        try:
            while await reader.read(65_536):
                pass
        except ConnectionError:
            pass
    return True
