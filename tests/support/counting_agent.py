"""An agent that counts what it sends and remembers what it gets, so that nothing can be lost,
doubled or reordered unnoticed."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from tests.support.hub_clients import agent_at
from tests.support.waiting import GUARD


class CountingAgent:
    """Sends `COUNT|0`, `COUNT|1` …, and sends back what it gets, as an agent does."""

    def __init__(self, connection: ClientConnection, interval: float, between: str) -> None:
        self.sent = 0
        self.commands: list[str] = []
        """The lines that it got."""
        self.lost = False
        """Whether its connection has ended."""
        self._connection = connection
        self._interval = interval
        self._between = between
        self._quiet = False

    async def until(self, commands: int) -> None:
        """Waits until it has got so many lines."""
        async with asyncio.timeout(GUARD):
            while len(self.commands) < commands:
                await asyncio.sleep(0.005)

    async def until_told(self, command: str) -> None:
        """Waits until it has got this line."""
        async with asyncio.timeout(GUARD):
            while command not in self.commands:
                await asyncio.sleep(0.005)

    async def fall_quiet(self) -> None:
        """Ends counting, once what was begun is sent."""
        self._quiet = True
        await asyncio.sleep(2 * self._interval)

    async def stop_reading(self, seconds: float) -> None:
        """Reads nothing for a time."""
        transport = self._connection.transport
        transport.pause_reading()
        await asyncio.sleep(seconds)
        transport.resume_reading()

    async def talk(self) -> None:
        with suppress(ConnectionClosed):
            while not self._quiet:
                await self._connection.send(f"COUNT|{self.sent}\n")
                self.sent += 1
                if self._between:
                    await self._connection.send(self._between)
                await asyncio.sleep(self._interval)

    async def listen(self) -> None:
        with suppress(ConnectionClosed):
            async for frame in self._connection:
                assert isinstance(frame, str)
                self.commands += frame.splitlines()
                await self._connection.send(frame)
        self.lost = True


@asynccontextmanager
async def counting_agent(
    url: str, interval: float = 0.002, between: str = ""
) -> AsyncIterator[CountingAgent]:
    """An agent that counts, one number each `interval` seconds. `between` is sent between them."""
    async with agent_at(url) as connection:
        agent = CountingAgent(connection, interval, between)
        tasks = [asyncio.create_task(agent.talk()), asyncio.create_task(agent.listen())]
        try:
            yield agent
        finally:
            for task in tasks:
                task.cancel()


def recorded_events(file: Path) -> list[dict[str, Any]]:
    """The events of a recording, which must be one file with one header and no gap."""
    lines = [json.loads(line) for line in file.read_bytes().splitlines()]
    assert [("format" in line, "gap" in line) for line in lines if "seq" not in line] == [
        (True, False)
    ]
    events = [line for line in lines if "seq" in line]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    return events
