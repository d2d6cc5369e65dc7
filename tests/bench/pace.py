"""Keeping time: a macro's beats under load, and the round trip of a command when idle."""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve

from mdxdash.api import Hub
from mdxdash.events.log import EventLog
from mdxdash.hub.server import HubServer
from mdxdash.settings.tables.hub_section import HubSettings
from mdxdash.wire.message import Message
from tests.bench.report import Row
from tests.bench.screen import flooded
from tests.support.dashboards import running_dashboard
from tests.support.macro_texts import read

ECHO_CLIENT = """
import asyncio, sys
from websockets.asyncio.client import connect
async def main():
    async with connect(sys.argv[1], compression=None) as server:
        async for line in server:
            await server.send(line)
asyncio.run(main())
"""

IDLE = 0.0125
"""Seconds of rest before each: between two frames to one agent the hub leaves 20 ms."""


def rows(seconds: int) -> Iterator[Row]:
    """Three rows."""
    yield asyncio.run(beats(seconds))
    yield asyncio.run(triggers(seconds))
    yield round_trip()


async def beats(seconds: int) -> Row:
    """Each beat of the Test message, every 2 s, beside the grid from the first."""
    with tempfile.TemporaryDirectory() as folder:
        async with running_dashboard(Path(folder)) as running:
            load = flooded(running.hub.url, seconds)
            await running.until(lambda: running.log.counts["FLOOD"] > 0)
            times: list[float] = []
            running.log.subscribe(
                lambda event: times.append(event.time) if event.kind == "sent" else None
            )
            await running.press("1")
            await asyncio.to_thread(load.wait)
    off = [abs(at - times[0] - 2.0 * beat) * 1000 for beat, at in enumerate(times)]
    return Row(
        f"a macro every 2 s for {seconds} s, 20,000 events/s",
        f"{len(times)} beats, median {statistics.median(off):.1f} ms off",
        "ideal times",
        max(off),
        20,
        at_least=False,
        unit="ms off",
    )


async def triggers(seconds: int) -> Row:
    """A beat and 50 questions under 5,000 events/s: each answered once, and the longest time that
    nothing else had its turn."""
    macros = read(
        '[[macro]]\nname = "Beat"\nevery = "2s"\nsend = "BEAT"\n'
        '[[macro]]\nname = "Answer"\non = "type:ASK"\nsend = "ANSWER|{args}"\n'
        'target = "chat-asks"\n'
    )
    async with (
        Hub(port=0, macros=macros) as hub,
        # It does not read what it gets; without a limit its library goes on with pings.
        connect(f"{hub.url}-asks", max_queue=None) as asker,
    ):
        load = flooded(hub.url, seconds, 5_000)
        while not hub.log.counts["FLOOD"]:
            await asyncio.sleep(0.01)
        hub.runner.trigger(macros[0])
        lags, asked = [], 0
        began = time.perf_counter()
        while load.poll() is None:
            if asked < 50 and time.perf_counter() - began > asked * seconds / 60:
                await asker.send(f"ASK|{asked}\n")
                asked += 1
            at = time.perf_counter()
            await asyncio.sleep(0.005)
            lags.append(time.perf_counter() - at - 0.005)
        answers = [each.args for each in hub.log if each.kind == "sent" and each.type == "ANSWER"]
        right = answers == [str(number) for number in range(50)]
        fired = hub.runner.tally(macros[1]).fired
    longest = max(lags) * 1000 if right else float("inf")
    return Row(
        f"longest block, a beat and 50 triggers under 5,000 events/s, {seconds} s",
        f"{len(set(answers))} of 50 answered, {fired} fired",
        "—",
        longest,
        50,
        at_least=False,
        unit="ms",
    )


def round_trip(count: int = 1000) -> Row:
    """A command and its echo from the same client, through the hub and through a bare server, by
    turns: neighbours in time have the same machine, which an idle one does not give for long."""

    async def client(url: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(sys.executable, "-c", ECHO_CLIENT, url)

    async def trips() -> tuple[list[float], list[float]]:
        log = EventLog()
        reached: asyncio.Future[ServerConnection] = asyncio.get_running_loop().create_future()
        over = asyncio.Event()

        async def handler(connection: ServerConnection) -> None:
            reached.set_result(connection)
            await over.wait()

        async def through_hub() -> float:
            back = asyncio.Event()
            leave = log.subscribe(lambda event: back.set() if event.echo else None)
            began = time.perf_counter()
            hub.send(Message("TEST_MESSAGE"))
            await back.wait()
            took = time.perf_counter() - began
            leave()
            return took

        async def through_bare(connection: ServerConnection) -> float:
            began = time.perf_counter()
            await connection.send("TEST_MESSAGE\n")
            await connection.recv()
            return time.perf_counter() - began

        async with (
            HubServer(HubSettings(port=0), log) as hub,
            serve(handler, "127.0.0.1", 0, compression=None) as server,
        ):
            came = asyncio.Event()
            log.subscribe(lambda event: came.set() if event.kind == "connected" else None)
            port = server.sockets[0].getsockname()[1]
            clients = [await client(hub.url), await client(f"ws://127.0.0.1:{port}/")]
            await came.wait()
            connection = await reached
            ours, bare = [], []
            for _ in range(count):
                ours.append(await through_hub())
                await asyncio.sleep(IDLE)
                bare.append(await through_bare(connection))
                await asyncio.sleep(IDLE)
            over.set()
            for each in clients:
                each.kill()
                await each.wait()
        return ours, bare

    ours, bare = asyncio.run(trips())
    ratio = statistics.median(a / b for a, b in zip(ours, bare, strict=True))
    return Row(
        "round trip of one command, idle",
        f"{statistics.median(ours) * 1000:.2f} ms",
        f"bare server {statistics.median(bare) * 1000:.2f} ms",
        ratio,
        1.1,
        at_least=False,
    )
