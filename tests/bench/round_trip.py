"""The round trip of a command to an idle agent, beside that of a bare server."""

import asyncio
import importlib.util
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack
from threading import Thread
from types import TracebackType
from typing import Final, Protocol, Self, TypeVar

from websockets.asyncio.server import ServerConnection, serve

from mdxdash.events.log import EventLog
from mdxdash.hub.server import HubServer
from mdxdash.settings.tables.hub_section import HubSettings
from mdxdash.wire.message import Message
from tests.bench.report import Row

COUNT: Final = 1000
"""Trips of each."""

IDLE: Final = 0.0125
"""Seconds of rest before each: between two frames to one agent the hub leaves 20 ms."""

ECHO_CLIENT: Final = """
import asyncio, sys
from websockets.asyncio.client import connect
async def main():
    async with connect(sys.argv[1], compression=None) as server:
        async for line in server:
            await server.send(line)
asyncio.run(main())
"""

T = TypeVar("T")
Loop = Callable[[], asyncio.AbstractEventLoop]


def rows() -> Iterator[Row]:
    """A row on asyncio's loop, and one on uvloop's where it is installed, as `serve` takes it. The
    bare server is on asyncio's in both."""
    yield row("round trip of one command, idle", asyncio.new_event_loop)
    if importlib.util.find_spec("uvloop") is not None:
        import uvloop

        yield row("round trip of one command, idle, with the extra `fast`", uvloop.new_event_loop)


def row(what: str, loop: Loop) -> Row:
    """By turns: neighbours in time have the same machine, and a second later it is another one."""
    with InThread(loop, Hub()) as hub, InThread(asyncio.new_event_loop, Bare()) as bare:
        pairs = [(hub.trip(), bare.trip()) for _ in range(COUNT)]
    ours, reference = (statistics.median(each) * 1000 for each in zip(*pairs, strict=True))
    return Row(
        what,
        f"{ours:.2f} ms",
        f"bare server {reference:.2f} ms",
        statistics.median(a / b for a, b in pairs),
        1.1,
        at_least=False,
    )


class Side(Protocol):
    """A server with a client that sends back what it gets."""

    async def open(self, stack: AsyncExitStack) -> str:
        """Listens until the stack is closed. Returns the URL."""

    async def wait(self) -> None:
        """Waits for the client."""

    async def trip(self) -> float:
        """Returns the seconds of one round trip."""


class Hub:
    """mdxdash's hub, with all that it does for a command, but the recording."""

    async def open(self, stack: AsyncExitStack) -> str:
        self._log = EventLog()
        self._came = asyncio.Event()
        self._hub = await stack.enter_async_context(HubServer(HubSettings(port=0), self._log))
        self._log.subscribe(lambda event: self._came.set() if event.kind == "connected" else None)
        return self._hub.url

    async def wait(self) -> None:
        await self._came.wait()

    async def trip(self) -> float:
        back = asyncio.Event()
        leave = self._log.subscribe(lambda event: back.set() if event.echo else None)
        began = time.perf_counter()
        self._hub.send(Message("TEST_MESSAGE"))
        await back.wait()
        took = time.perf_counter() - began
        leave()
        return took


class Bare:
    """What one writes with the websockets library."""

    async def open(self, stack: AsyncExitStack) -> str:
        self._reached: asyncio.Future[ServerConnection] = asyncio.get_running_loop().create_future()
        server = await stack.enter_async_context(
            serve(self._serve, "127.0.0.1", 0, compression=None)
        )
        return f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/"

    async def _serve(self, connection: ServerConnection) -> None:
        self._reached.set_result(connection)
        await connection.wait_closed()

    async def wait(self) -> None:
        self._connection = await self._reached

    async def trip(self) -> float:
        began = time.perf_counter()
        await self._connection.send("TEST_MESSAGE\n")
        await self._connection.recv()
        return time.perf_counter() - began


class InThread:
    """One side on a loop of its own."""

    def __init__(self, loop: Loop, side: Side) -> None:
        self._loop = loop()
        self._side = side
        self._stack = AsyncExitStack()
        self._thread = Thread(target=self._loop.run_forever)

    def __enter__(self) -> Self:
        self._thread.start()
        url = self._do(self._side.open(self._stack))
        self._client = subprocess.Popen([sys.executable, "-c", ECHO_CLIENT, url])
        self._do(self._side.wait())
        return self

    def trip(self) -> float:
        return self._do(self._rested_trip())

    async def _rested_trip(self) -> float:
        await asyncio.sleep(IDLE)
        return await self._side.trip()

    def _do(self, work: Coroutine[object, object, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.kill()
        self._client.wait()
        self._do(self._stack.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
