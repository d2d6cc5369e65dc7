"""A simulated agent that counts what it sends and remembers what it gets, so that nothing can be
lost, doubled or reordered unnoticed."""

import asyncio
import json
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from mdxdash.simulator import (
    Behavior,
    ClientEvent,
    Connected,
    Disconnected,
    Simulator,
    Wrote,
)
from mdxdash.simulator.behavior import Output
from mdxdash.simulator.input_parser import Crash, Issued
from tests.support.waiting import GUARD


class Counting(Behavior):
    """Sends `COUNT|0`, `COUNT|1` …, one each `interval` seconds, and `between` after each."""

    def __init__(self, interval: float, between: str) -> None:
        self.quiet = False
        self._interval = interval
        self._between = between
        self._number = 0
        self._due = math.inf

    def start(self, now: float) -> None:
        self._due = now

    def step(self, now: float) -> list[Output]:
        output: list[Output] = []
        while not self.quiet and self._due <= now:
            output.append(f"COUNT|{self._number}\n".encode())
            if self._between:
                output.append(self._between.encode())
            self._number += 1
            self._due += self._interval
        return output

    def next_time(self) -> float:
        return math.inf if self.quiet else self._due


class CountingAgent:
    """The real simulator with a behavior that counts: it reads, writes and sends back as
    MMDAgent-EX does, and loses its connection where that would."""

    def __init__(self, url: str, interval: float, between: str) -> None:
        self.sent = 0
        """How many numbers it has written."""
        self.commands: list[str] = []
        """The lines that it got."""
        self.connections = 0
        self.lost = False
        """Whether a connection of it has ended."""
        self._interval = interval
        self._behavior = Counting(interval, between)
        self.simulator = Simulator(url, behavior=self._behavior, on_event=self._take)

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
        self._behavior.quiet = True
        await asyncio.sleep(2 * self._interval + 0.1)

    async def stop_reading(self, seconds: float) -> None:
        """Reads nothing for a time."""
        self.simulator.pause_reading()
        await asyncio.sleep(seconds)
        self.simulator.resume_reading()

    def _take(self, event: ClientEvent) -> None:
        if isinstance(event, Wrote):
            self.sent += event.payload.startswith(b"COUNT|")
        elif isinstance(event, Issued):
            self.commands.append(event.line.decode())
        elif isinstance(event, Connected):
            self.connections += 1
        elif isinstance(event, Disconnected | Crash):
            self.lost = True


@asynccontextmanager
async def counting_agent(
    url: str, interval: float = 0.002, between: str = ""
) -> AsyncIterator[CountingAgent]:
    """An agent that counts, one number each `interval` seconds. `between` is sent between them."""
    agent = CountingAgent(url, interval, between)
    task = asyncio.create_task(agent.simulator.run())
    try:
        async with asyncio.timeout(GUARD):
            while not agent.connections and not task.done():
                await asyncio.sleep(0.005)
        yield agent
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)  # gives up where it is refused


def recorded_events(file: Path) -> list[dict[str, Any]]:
    """The events of a recording, which must be one file with one header and no gap."""
    lines = [json.loads(line) for line in file.read_bytes().splitlines()]
    assert [("format" in line, "gap" in line) for line in lines if "seq" not in line] == [
        (True, False)
    ]
    events = [line for line in lines if "seq" in line]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    return events
