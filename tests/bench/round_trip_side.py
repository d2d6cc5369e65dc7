"""`python -m tests.bench.round_trip_side hub|bare asyncio|uvloop`: a server, with an echo client.
For each line of the standard input it prints the seconds of a round trip. Part of `round_trip`."""

import asyncio
import importlib
import sys
import time
from contextlib import AsyncExitStack
from itertools import count
from typing import Final, Protocol

from websockets.asyncio.server import ServerConnection, serve

from mdxdash.events.log import EventLog
from mdxdash.hub.server import HubServer
from mdxdash.settings.tables.hub_section import HubSettings
from mdxdash.wire.message import parse_message

IDLE: Final = 0.0125
"""Seconds of rest before each trip, and again while the other side has its one: between two frames
to one agent the hub leaves 20 ms."""

ECHO_CLIENT: Final = """
import asyncio, sys
from websockets.asyncio.client import connect
async def main():
    async with connect(sys.argv[1], compression=None) as server:
        async for line in server:
            await server.send(line)
asyncio.run(main())
"""


class Side(Protocol):
    """A server for one client."""

    async def open(self, stack: AsyncExitStack) -> str:
        """Listens until the stack is closed. Returns the URL."""

    async def wait(self) -> None:
        """Waits for the client."""

    async def trip(self, text: str) -> float:
        """Returns the seconds of the round trip of a command."""


class Hub:
    """mdxdash's hub: its server with the log of its events, without the recording, macros and
    alerts of a session."""

    async def open(self, stack: AsyncExitStack) -> str:
        self._log = EventLog()
        self._came = asyncio.Event()
        self._hub = await stack.enter_async_context(HubServer(HubSettings(port=0), self._log))
        self._leave = self._log.subscribe(
            lambda event: self._came.set() if event.kind == "connected" else None
        )
        return self._hub.url

    async def wait(self) -> None:
        await self._came.wait()
        self._leave()  # it is no part of a trip

    async def trip(self, text: str) -> float:
        message = parse_message(text)
        back = asyncio.get_running_loop().create_future()
        leave = self._log.subscribe(lambda event: back.set_result(None) if event.echo else None)
        began = time.perf_counter()
        self._hub.send(message)
        await back
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

    async def trip(self, text: str) -> float:
        began = time.perf_counter()
        await self._connection.send(f"{text}\n")
        await self._connection.recv()
        return time.perf_counter() - began


async def answer(side: Side) -> None:
    """Answers the standard input until its end."""
    lines = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(lines)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    async with AsyncExitStack() as stack:
        url = await side.open(stack)
        client = await asyncio.create_subprocess_exec(sys.executable, "-c", ECHO_CLIENT, url)
        stack.callback(client.kill)
        await side.wait()
        for number in count():
            if not await lines.readline():
                break
            await asyncio.sleep(IDLE)
            # Another one each time, as in a dialogue.
            print(await side.trip(f"SYNTH_START|0|mei|こんにちは{number}"), flush=True)


if __name__ == "__main__":
    kinds: dict[str, type[Side]] = {"hub": Hub, "bare": Bare}
    loop = importlib.import_module(sys.argv[2]).new_event_loop
    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(answer(kinds[sys.argv[1]]()))
