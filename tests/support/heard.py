"""What a simulated agent played of the sound that it got."""

import array
import asyncio
import math
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from mdxdash.hub.server import HubServer
from mdxdash.simulator import Simulator
from mdxdash.simulator.audio_player import AudioPlayer
from mdxdash.simulator.behavior import Behavior
from tests.support.waiting import GUARD, logged


def noise(seconds: float, seed: int = 1) -> bytes:
    """Sound of which no sample is silent: 16 kHz, 16 bit, mono."""
    source = random.Random(seed)
    count = round(seconds * 16_000)
    return array.array(
        "h", [source.choice((-1, 1)) * source.randint(1, 20000) for _ in range(count)]
    ).tobytes()


def tone(seconds: float, rate: int = 16_000, frequency: float = 440.0) -> list[float]:
    """A sine tone of half the full level."""
    return [
        0.5 * math.sin(2 * math.pi * frequency * n / rate) for n in range(round(seconds * rate))
    ]


def sounds(pcm: bytes) -> bytes:
    """Sound without the silence behind it."""
    return pcm.rstrip(b"\0") + b"\0" * (len(pcm.rstrip(b"\0")) % 2)


@asynccontextmanager
async def listening_agent(
    hub: HubServer, behavior: Behavior | None = None, path: str = ""
) -> AsyncIterator[AudioPlayer]:
    """A simulated agent that is connected to a hub, and what it plays."""
    player = AudioPlayer()
    loop = asyncio.get_running_loop()

    simulator = Simulator(
        path or hub.url,
        behavior=behavior,
        on_event=lambda event: player.take(event, loop.time()),
    )
    task = asyncio.create_task(simulator.run())
    try:
        await asyncio.wait_for(logged(hub.log, lambda event: event.kind == "connected"), GUARD)
        yield player
        assert not task.done(), "the simulated agent has stopped"
    finally:
        task.cancel()
        await asyncio.wait([task])
