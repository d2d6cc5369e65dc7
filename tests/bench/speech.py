"""Sound under load: what an agent in another process plays of it, and how far ahead it comes."""

import asyncio
import hashlib
import json
import random
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from mdxdash.hub.agent import HubAgent
from mdxdash.hub.server import HubServer
from mdxdash.hub.targets import exactly
from mdxdash.simulator import Simulator
from mdxdash.simulator.audio_player import AudioPlayer
from mdxdash.simulator.input_parser import Audio
from mdxdash.speech.engine import SpeechEngine
from mdxdash.speech.sources.sound import Samples
from mdxdash.speech.stream import SpeechStream
from mdxdash.wire.message import Message
from tests.bench.report import Row
from tests.bench.screen import flooded
from tests.support.heard import noise, sounds
from tests.support.hub_clients import running_hub

ROOT = Path(__file__).parent.parent.parent

COMMANDS = 200
"""Commands a second to the agent that speaks."""

EVENTS = 5_000
"""Events a second of another agent."""

LATEST = 0.15
"""Seconds by which blocks are late at most, where they are made late at random."""

_FIRST_BLOCKS = 10
"""Blocks with which the lead is built up."""


def rows(seconds: int) -> Iterator[Row]:
    """Six rows."""
    load = f"{seconds} s of speech, {COMMANDS} commands/s, {EVENTS:,} events/s"
    yield from asyncio.run(spoken(seconds, load))
    yield from asyncio.run(spoken(seconds, f"{load}, blocks up to 150 ms late", LATEST))


async def spoken(seconds: int, what: str, latest: float = 0.0) -> list[Row]:
    """Gaps and harms, the least lead, and the echoes' median."""
    pcm = noise(seconds)
    async with running_hub() as hub:
        arguments = ("-m", "tests.bench.speech", hub.url)
        listener = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        while not hub.targets(exactly("chat")):
            await asyncio.sleep(0.01)
        [agent] = hub.targets(exactly("chat"))
        load = flooded(f"{hub.url}-flood", seconds + 4, EVENTS)
        while not hub.log.counts["FLOOD"]:
            await asyncio.sleep(0.01)
        engine = SpeechEngine(hub, hub.log)
        utterance = engine.speak("chat", Samples(pcm), model="0")
        if latest and (stream := engine.stream("chat")) is not None:
            stream.next_at = late_by(stream, latest)  # type: ignore[method-assign]
        commands = asyncio.create_task(command(hub, agent))
        await engine.wait_until_over(utterance)
        await engine.wait_until_idle()
        commands.cancel()
        heard = await report(listener)
        load.kill()
        await asyncio.to_thread(load.wait)
        trips = list(agent.counts.round_trips)
    same = heard["sound"] == hashlib.sha256(sounds(pcm)).hexdigest()
    faults = len(heard["gaps"]) + len(heard["harms"]) + (not same)
    median = statistics.median(trips) * 1000
    return [
        Row(
            f"{what}: gaps, harms and differences",
            f"{len(heard['leads']):,} blocks, {utterance.late} late",
            "the source, bit for bit",
            faults,
            0,
            at_least=False,
            unit="",
        ),
        Row(
            f"{what}: least lead",
            f"median {statistics.median(heard['leads']) * 1000:.0f} ms",
            "—",
            min(heard["leads"]) * 1000,
            100,
            at_least=True,
            unit="ms",
        ),
        Row(
            f"{what}: echoes' median",
            f"{len(trips):,} echoes",
            "—",
            median,
            100,
            at_least=False,
            unit="ms",
        ),
    ]


def late_by(stream: SpeechStream, latest: float) -> Callable[[], float]:
    """Makes each block late by up to `latest` seconds: another delay for each time that is due."""
    due_of = stream.next_at
    delays: dict[float, float] = {}

    def next_at() -> float:
        due = due_of()
        if due not in delays:
            delays.clear()
            delays[due] = random.uniform(0, latest)
        return due + delays[due]

    return next_at


async def command(hub: HubServer, agent: HubAgent) -> None:
    number = 0
    while True:
        hub.send(Message("VALUE_SET", f"load|{number}"), exactly(agent.name))
        number += 1
        await asyncio.sleep(1 / COMMANDS)


async def report(listener: asyncio.subprocess.Process) -> dict[str, Any]:
    """Lets the listener end, and returns what it heard."""
    out, _ = await listener.communicate(b"\n")
    return dict(json.loads(out))


async def listen(url: str) -> None:
    """The agent in its own process: plays until a line comes on standard input."""
    player, leads = AudioPlayer(), []
    loop = asyncio.get_running_loop()

    def take(event: object) -> None:
        now = loop.time()
        if isinstance(event, Audio):
            leads.append(player.end - now)
        player.take(event, now)

    playing = asyncio.create_task(Simulator(url, on_event=take).run())
    await asyncio.to_thread(sys.stdin.readline)
    playing.cancel()
    with suppress(asyncio.CancelledError):
        await playing
    pcm = sounds(player.pcm)
    heard = {
        "gaps": [gap.seconds for gap in player.gaps],
        "harms": player.harms,
        "leads": leads[_FIRST_BLOCKS:],
        "sound": hashlib.sha256(pcm).hexdigest(),
    }
    print(json.dumps(heard))


if __name__ == "__main__":
    asyncio.run(listen(sys.argv[1]))
