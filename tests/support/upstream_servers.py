"""Servers as users have them behind the hub, in this process and as programs."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.http11 import Request, Response

from tests.support.waiting import GUARD

Handler = Callable[[ServerConnection], Awaitable[None]]
Judge = Callable[[ServerConnection, Request], Response | None]


async def listen_only(_: ServerConnection) -> None:
    """A server that says nothing."""


class UserServer:
    """A server that notes what comes, talks as `handler` does, and can be killed and restarted."""

    def __init__(self, handler: Handler, judge: Judge | None = None) -> None:
        self.got: list[str | bytes] = []
        self.requests: list[Request] = []
        self.port = 0
        self.came = asyncio.Event()
        self.seconds_a_message = 0.0
        """How long it takes over each."""
        self._handler = handler
        self._judge = judge
        self._server: Server | None = None
        self._killed: set[ServerConnection] = set()

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/chat"

    @property
    def connections(self) -> set[ServerConnection]:
        """Who is connected."""
        return self._server.connections if self._server is not None else set()

    async def start(self) -> None:
        """Listens, after a kill at the port that it had."""
        self._server = await serve(
            self._take, "127.0.0.1", self.port, process_request=self._judge, ping_interval=None
        )
        self.port = self._server.sockets[0].getsockname()[1]

    def stall(self) -> None:
        """Reads nothing any more: what comes stays in the network, and dies with the server."""
        for connection in self.connections:
            connection.transport.pause_reading()

    async def kill(self) -> None:
        """Ends as a killed process does: no close frame, and what was not read is lost."""
        assert self._server is not None
        self._killed |= self._server.connections
        self._server.close(close_connections=False)
        for connection in list(self._server.connections):
            connection.transport.abort()
        await self._server.wait_closed()

    async def leave(self) -> None:
        """Ends as a program does that is asked to: each connection is closed properly, and what
        comes before the other side's Close frame is still read."""
        assert self._server is not None
        self._server.close()
        await asyncio.sleep(0)
        for connection in self.connections:
            connection.transport.resume_reading()
        await self._server.wait_closed()

    async def until(self, count: int) -> None:
        """Waits until so many messages have come."""
        async with asyncio.timeout(GUARD):
            while len(self.got) < count:
                self.came.clear()
                await self.came.wait()

    async def _take(self, connection: ServerConnection) -> None:
        assert connection.request is not None
        self.requests.append(connection.request)
        talk = asyncio.create_task(self._talk(connection))
        async for message in connection:
            if connection in self._killed:
                break
            self.got.append(message)
            self.came.set()
            if self.seconds_a_message:
                await asyncio.sleep(self.seconds_a_message)
        talk.cancel()

    async def _talk(self, connection: ServerConnection) -> None:
        await self._handler(connection)


@asynccontextmanager
async def user_server(
    handler: Handler = listen_only, judge: Judge | None = None
) -> AsyncIterator[UserServer]:
    """A running server."""
    server = UserServer(handler, judge)
    await server.start()
    try:
        yield server
    finally:
        await server.kill()
