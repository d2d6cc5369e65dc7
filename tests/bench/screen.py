"""The dashboard under 20,000 events a second: keys, and blocks of the event loop."""

import asyncio
import gc
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from subprocess import DEVNULL, Popen
from typing import Final

from tests.bench.programs import dashboard, terminal
from tests.bench.report import Row, side_by_side
from tests.support.dashboards import running_dashboard

TIMES: Final = 7
PER_SECOND = 20_000
ROOT = Path(__file__).parent.parent.parent

EMPTY_APP = """
from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self): yield Static("first paint")
Empty().run()
"""


def rows(seconds: int) -> Iterator[Row]:
    """Three rows; the load of each lasts `seconds`."""
    yield keys(seconds)
    yield block(seconds)
    yield start()


def flooded(url: str, seconds: int, per_second: int = PER_SECOND) -> Popen[bytes]:
    command = ["-m", "tests.support.flood", url, str(per_second * seconds), str(per_second)]
    return Popen([sys.executable, *command], cwd=ROOT, stdout=DEVNULL)


def keys(seconds: int) -> Row:
    """From a key press to its effect in the terminal: the median of `TIMES` dashboards."""
    found = [key_delays(seconds) for _ in range(TIMES)]
    p95s = [statistics.quantiles(delays, n=20)[-1] * 1000 for delays in found]
    median = statistics.median(delay for delays in found for delay in delays)
    return Row(
        "key press to repaint, 20,000 events/s",
        f"median {median * 1000:.0f} ms of {sum(map(len, found)):,} keys, {spread(p95s)} (p95)",
        "—",
        statistics.median(p95s),
        20,
        at_least=False,
        unit="ms (p95)",
    )


def spread(values: list[float]) -> str:
    return f"{min(values):.0f} to {max(values):.0f} ms in {len(values)} runs"


def key_delays(seconds: int) -> list[float]:
    """Returns the seconds of 200 keys: hold and follow, in the stream's title."""
    with dashboard() as (program, url):
        load = flooded(url, seconds)
        program.until_painted(b"FLOOD")
        delays: list[float] = []
        while load.poll() is None and len(delays) < 200:
            wanted = b"held" if len(delays) % 2 == 0 else b"following"
            since, pressed = len(program.painted), time.perf_counter()
            program.press(" ")
            delays.append(program.until_painted(wanted, since) - pressed)
            time.sleep(0.05)
        load.kill()
        load.wait()
    return delays


def block(seconds: int) -> Row:
    """The longest time that nothing else had its turn: the median of `TIMES` runs."""
    found = [asyncio.run(lags(seconds)) for _ in range(TIMES)]
    longest = [max(each) * 1000 for each in found]
    all_lags = sorted(lag for each in found for lag in each)
    return Row(
        f"longest block of the event loop, {seconds} s of it",
        f"99.9 % under {all_lags[int(len(all_lags) * 0.999)] * 1000:.0f} ms, {spread(longest)}",
        "—",
        statistics.median(longest),
        15,
        at_least=False,
        unit="ms",
    )


async def lags(seconds: int) -> list[float]:
    """Returns the seconds by which each of the timers was late, one every 5 ms."""
    # As the command does; the dashboard collects garbage again when all is loaded.
    gc.collect()
    gc.disable()
    with tempfile.TemporaryDirectory() as folder:
        async with running_dashboard(Path(folder)) as running:
            load = flooded(running.hub.url, seconds)
            await running.until(lambda: running.log.counts["FLOOD"] > 0)
            late = []
            while load.poll() is None:
                began = time.perf_counter()
                await asyncio.sleep(0.005)
                late.append(time.perf_counter() - began - 0.005)
    return late


def start() -> Row:
    """From the start of the process to the first paint."""

    def ours() -> float:
        with terminal("-m", "mdxdash", "--port", "0") as program:
            return program.until_painted(b"Waiting for an agent") - program.started

    def empty() -> float:
        with terminal("-c", EMPTY_APP) as program:
            return program.until_painted(b"first paint") - program.started

    ours()  # compiles what was changed since the last start
    mine, reference, ratio = side_by_side(ours, empty, TIMES)
    return Row(
        "start to first paint",
        f"{mine * 1000:.0f} ms",
        f"empty Textual app {reference * 1000:.0f} ms",
        ratio,
        1.3,
        at_least=False,
    )
