"""Simulated hubs: `python -m tests.bench.fleet_hubs URL FIRST HUBS AGENTS PER_SECOND INTERVAL`.

Each is the real bridge with a connection of its own, but they share a process, and what they
publish does not come from a hub.
"""

import asyncio
import random
import sys
import time

import msgspec

from mdxdash.events.encoding import json_line
from mdxdash.events.event import Event
from mdxdash.remote.fleet.broker_address import BrokerAddress
from mdxdash.remote.fleet.publishing.bridge import Bridge
from mdxdash.remote.protocol import Agents
from tests.support.scripted_hub import agent_state, welcome

EVENT_DELAY = 0.01
"""Seconds that events wait for others in a hub."""


class SimulatedHub:
    """Implements `LineChannel`: says what a hub with some agents says."""

    token = ""
    waiting = 0

    def __init__(self, agents: int, per_second: float) -> None:
        self._agents = agents
        self._per_second = per_second
        self._seq = 0
        self._began = 0.0

    async def read(self) -> list[bytes]:
        if not self._began:
            self._began = time.time() + random.random()
            states = Agents(tuple(agent_state(f"chat-{n}") for n in range(self._agents)))
            first = welcome(first_sent=1, next_seq=1, session="simulated")
            return [msgspec.json.encode(first), msgspec.json.encode(states)]
        while True:
            now = time.time()
            due = int((now - self._began) * self._agents * self._per_second)
            if due > self._seq:
                break
            next_at = self._began + (self._seq + 1) / (self._agents * self._per_second)
            await asyncio.sleep(max(EVENT_DELAY, next_at - now))
        first_seq, self._seq = self._seq + 1, due
        return [
            json_line(
                Event(
                    seq,
                    now,
                    "received",
                    f"chat-{random.randrange(self._agents)}",
                    "RECOG_EVENT_STOP",
                    "こんにちは" * 4,
                )
            ).rstrip()
            for seq in range(first_seq, due + 1)
        ]

    def write(self, line: bytes) -> None:
        """What the bridge asks for is not answered."""

    async def close(self) -> None:
        """It has nothing to close."""


async def main() -> None:
    url, first, hubs, agents, per_second, interval = sys.argv[1:]
    address = BrokerAddress.of(url)

    async def hub(number: int) -> None:
        async def open_hub() -> SimulatedHub:
            return SimulatedHub(int(agents), float(per_second))

        await asyncio.sleep(number % 100 / 20)  # not all at the same moment
        bridge = Bridge(open_hub, address, f"room-{number}", 2**24, round_interval=float(interval))
        await bridge.run(asyncio.Event().wait())  # type: ignore[arg-type]

    async with asyncio.TaskGroup() as group:
        for number in range(int(first), int(first) + int(hubs)):
            group.create_task(hub(number))


asyncio.run(main())
