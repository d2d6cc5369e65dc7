"""Keeping time under load: a macro's beats, and what other macros are triggered by."""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from websockets.asyncio.client import connect

from mdxdash.api import Hub
from tests.bench.report import Row
from tests.bench.screen import flooded
from tests.support.dashboards import running_dashboard
from tests.support.macro_texts import read


def rows(seconds: int) -> Iterator[Row]:
    """Two rows."""
    yield asyncio.run(beats(seconds))
    yield asyncio.run(triggers(seconds))


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
