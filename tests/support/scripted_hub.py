"""A hub's end of the protocol that a test speaks line by line."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from mdxdash.events.encoding import json_lines
from mdxdash.events.event import Event
from mdxdash.hub.interface import Handshake, Presence
from mdxdash.remote.attached.line_channel import LineChannel, StreamChannel
from mdxdash.remote.protocol import PROTOCOL, AgentState, Attach, Request, Welcome
from tests.support.waiting import GUARD


def welcome(**fields: Any) -> Welcome:
    """What a hub says first, with three events so far unless told otherwise."""
    given = {
        "protocol": PROTOCOL,
        "mdxdash": "1.0",
        "pid": 1,
        "name": "main",
        "url": "ws://localhost:9001/chat",
        "first_sent": 1,
        "first_seq": 1,
        "next_seq": 4,
    }
    return Welcome(**{**given, **fields})


def said(seq: int, args: str = "") -> Event:
    """An event that an agent's message became."""
    return Event(seq, 1e9 + seq, "received", "chat", "SAID", args or str(seq))


def agent_state(name: str = "chat", state: Presence = "connected", **fields: Any) -> AgentState:
    """What a hub tells of an agent."""
    handshake = Handshake("127.0.0.1:5", f"/{name}", ())
    return AgentState(name, handshake, state, 1.0, 2.0, queue_limit=10, **fields)


class FaceConnection:
    """The connection of one face, at the hub."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def request(self) -> Request:
        """The next line of the face."""
        line = await asyncio.wait_for(self._reader.readline(), GUARD)
        return msgspec.json.decode(line, type=Request)

    async def attached(self, first: Welcome) -> Attach:
        """Takes the first line of the face and answers it."""
        attach = await self.request()
        assert isinstance(attach, Attach)
        self.send(first)
        return attach

    def send(self, notice: msgspec.Struct) -> None:
        """Sends one line."""
        self._writer.write(msgspec.json.encode(notice) + b"\n")

    def send_events(self, events: Iterable[Event]) -> None:
        """Sends events, each a line."""
        self._writer.write(json_lines(list(events)))

    def send_bytes(self, data: bytes) -> None:
        """Sends bytes as they are."""
        self._writer.write(data)

    def end(self) -> None:
        """Ends the connection."""
        self._writer.close()


class ScriptedHub:
    """Listens on this machine; the test takes each connection and answers it."""

    def __init__(self, server: asyncio.Server) -> None:
        self._port = server.sockets[0].getsockname()[1]
        self.connections: asyncio.Queue[FaceConnection] = asyncio.Queue()

    async def open(self) -> LineChannel:
        """Connects to it, as faces do."""
        return StreamChannel(*await asyncio.open_connection("127.0.0.1", self._port))

    async def face(self) -> FaceConnection:
        """The next connection of a face."""
        return await asyncio.wait_for(self.connections.get(), GUARD)


@asynccontextmanager
async def scripted_hub() -> AsyncIterator[ScriptedHub]:
    """A hub that says what the test lets it say."""
    open_connections: list[FaceConnection] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_connections.append(FaceConnection(reader, writer))
        hub.connections.put_nowait(open_connections[-1])

    server = await asyncio.start_server(take, "127.0.0.1", 0, limit=2**24)
    hub = ScriptedHub(server)
    try:
        yield hub
    finally:
        for connection in open_connections:
            connection.end()
        server.close()
