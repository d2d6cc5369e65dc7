"""Real agents for macros: a hub on a free port with a stand-in that plays a small content."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from mdxdash.api import Agent, Hub
from mdxdash.macros.model import Macro
from mdxdash.simulator import AgentStopped, Content, Simulator
from tests.support.waiting import GUARD


@asynccontextmanager
async def simulated(hub: Hub, *, speed: float = 1.0, log: bool = False) -> AsyncIterator[Simulator]:
    """A stand-in that dials the hub; `speed` is how fast it lives."""
    simulator = Simulator(hub.url, behavior=Content(speed=speed), log=log)
    task = asyncio.create_task(simulator.run())
    try:
        yield simulator
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, AgentStopped):
            await task


@asynccontextmanager
async def agent_at_work(
    macros: str | Path | Sequence[Macro] = (), *, speed: float = 20.0, log: bool = False
) -> AsyncIterator[Agent]:
    """An agent whose content has said its first messages."""
    async with (
        Hub(port=0, macros=macros) as hub,
        simulated(hub, speed=speed, log=log),
        asyncio.timeout(GUARD),
    ):
        agent = await hub.agent()
        # The model must be there first: what it says while it loads is no answer to the test.
        await agent.expect("type:MOTION_EVENT_ADD args:0|base")
        yield agent
