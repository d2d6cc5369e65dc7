"""What the hub's tests share: a hub on a free port, and raw clients."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from websockets.asyncio.client import ClientConnection, connect

from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.hub.server import HubServer
from mdxdash.remote.tap import add_tap
from mdxdash.settings.tables.hub_section import HubSettings
from tests.support.waiting import GUARD, logged


@asynccontextmanager
async def running_hub(**settings: object) -> AsyncIterator[HubServer]:
    """A hub on a free port, with a log of its own."""
    hub = HubServer(HubSettings(port=0, **settings), EventLog())  # type: ignore[arg-type]
    add_tap(hub)
    async with hub:
        yield hub


@asynccontextmanager
async def agent_at(url: str) -> AsyncIterator[ClientConnection]:
    """A connection to a URL as an agent opens it; it answers nothing by itself."""
    async with connect(
        url,
        additional_headers={"X-App-Type": "MMDAgent"},
        compression=None,
        user_agent_header=None,
        close_timeout=0.2,
    ) as connection:
        yield connection


@asynccontextmanager
async def raw_agent(hub: HubServer, path: str | None = None) -> AsyncIterator[ClientConnection]:
    """As `agent_at`, for a hub; it is connected for the hub too."""
    url = hub.url if path is None else f"ws://localhost:{hub.port}{path}"
    async with agent_at(url) as connection:
        await logged(hub.log, lambda event: event.kind == "connected")
        yield connection


async def received(log: EventLog, count: int) -> list[Event]:
    """The first `count` events that came from agents."""
    seen = [event for event in log if event.kind in ("received", "log")]
    if len(seen) < count:
        arrived = asyncio.Event()

        def look(event: Event) -> None:
            if event.kind in ("received", "log"):
                seen.append(event)
                if len(seen) >= count:
                    arrived.set()

        leave = log.subscribe(look)
        await asyncio.wait_for(arrived.wait(), GUARD)
        leave()
    return seen[:count]


async def open_silent_agent(hub: HubServer) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """An agent at the level of bytes, with its handshake done."""
    reader, writer = await asyncio.open_connection("127.0.0.1", hub.port)
    writer.write(
        b"GET /chat HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
        b"X-App-Type: MMDAgent\r\n\r\n"
    )
    head = await reader.readuntil(b"\r\n\r\n")
    assert b" 101 " in head
    await logged(hub.log, lambda event: event.kind == "connected")
    return reader, writer
