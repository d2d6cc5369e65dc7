"""The made certificate and key."""

import asyncio
from pathlib import Path

from mdxdash.simulator import Simulator
from tests.support.hub_clients import running_hub
from tests.support.tls import written_pair
from tests.support.waiting import logged


async def test_the_simulator_connects_with_the_made_pair(tmp_path: Path):
    cert, key = written_pair(tmp_path)
    async with running_hub(tls_cert=cert, tls_key=key) as hub:
        assert hub.url.startswith("wss://")
        agent = asyncio.create_task(Simulator(hub.dial_url).run())
        await logged(hub.log, lambda event: event.kind == "connected")
        agent.cancel()
        await asyncio.wait([agent])
