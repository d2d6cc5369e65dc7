"""What the relay adds to the way from an agent to the user's own server and back, and how much
goes through it."""

import asyncio
import statistics
import time
from collections.abc import Iterator

from websockets.asyncio.client import ClientConnection, connect

from mdxdash.hub.address import free_port
from tests.bench.programs import piped
from tests.bench.report import Row, side_by_side
from tests.support.flood import flood

ANSWERING_SERVER = """
import asyncio, sys
from websockets.asyncio.server import serve
async def handler(ws):
    async for message in ws:
        await ws.send("SYNTH_START|0|mei_voice_normal|" + message)
async def main():
    async with serve(handler, "127.0.0.1", int(sys.argv[1]), compression=None):
        print("listening", flush=True)
        await asyncio.Future()
asyncio.run(main())
"""
COUNT = 100_000
COUNTING_SERVER = f"""
import asyncio, sys
from websockets.asyncio.server import serve
async def handler(ws):
    count = 0
    async for message in ws:
        count += 1
        if count == {COUNT}:
            await ws.send("ALL|CAME")
async def main():
    async with serve(handler, "127.0.0.1", int(sys.argv[1]), compression=None):
        print("listening", flush=True)
        await asyncio.Future()
asyncio.run(main())
"""
PAUSE = 0.002
"""Seconds between two messages: each finds everybody idle, as in a dialogue."""


def rows(seconds: int) -> Iterator[Row]:
    """Two rows: `serve` with a recording between, beside none."""
    yield throughput()
    port = free_port("127.0.0.1")
    server = f"ws://127.0.0.1:{port}/chat"
    with (
        piped("-c", ANSWERING_SERVER, str(port)),
        piped("-m", "mdxdash", "serve", "--port", "0", "--relay", server) as (_, first),
    ):
        hub = first.split()[-1].replace("localhost", "127.0.0.1")
        through, alone = asyncio.run(trips(hub, server, seconds))
    yield Row(
        "median round trip to one's own server, through the relay, recording",
        f"{through * 1000:.2f} ms",
        f"{alone * 1000:.2f} ms without (ratio {through / alone:.2f})",
        (through - alone) * 1000,
        1.0,
        at_least=False,
        unit="ms more",
    )


def throughput() -> Row:
    """Messages a second until the user's own server has them all."""
    port = free_port("127.0.0.1")
    server = f"ws://127.0.0.1:{port}/chat"
    with (
        piped("-c", COUNTING_SERVER, str(port)),
        piped("-m", "mdxdash", *f"serve --port 0 --format jsonl --relay {server}".split()) as (
            _,
            first,
        ),
    ):
        hub = first.split()[-1].replace("localhost", "127.0.0.1")
        through, alone, ratio = side_by_side(
            lambda: COUNT / flood(hub, COUNT, last=b"ALL|CAME"),
            lambda: COUNT / flood(server, COUNT, last=b"ALL|CAME"),
            7,
        )
    return Row(
        "messages/s to one's own server through the relay, recording",
        f"{through:,.0f}/s",
        f"{alone:,.0f}/s direct",
        ratio,
        0.8,
        at_least=True,
    )


async def trips(hub: str, server: str, seconds: int) -> tuple[float, float]:
    """The medians through the hub and without it. Each message on the one way is followed by one
    on the other, so that a machine which is busy now and then is busy for both."""
    async with (
        connect(hub, compression=None, close_timeout=0.2) as through,
        connect(server, compression=None, close_timeout=0.2) as alone,
    ):
        times: dict[ClientConnection, list[float]] = {through: [], alone: []}
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            number = len(times[alone])
            for way in (through, alone) if number % 2 else (alone, through):
                times[way].append(await trip(way, f"RECOG_EVENT_STOP|{number} こんにちは\n"))
                await asyncio.sleep(PAUSE)
    return statistics.median(times[through]), statistics.median(times[alone])


async def trip(way: ClientConnection, line: str) -> float:
    """Seconds until a message is answered."""
    began = time.perf_counter()
    await way.send(line)
    answer = await way.recv()
    took = time.perf_counter() - began
    assert isinstance(answer, str) and answer.endswith(line)
    return took
