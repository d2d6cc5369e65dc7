"""The round trip of a command to an idle agent, beside that of a bare server."""

import importlib.util
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from tests.bench.report import Row

PAIRS: Final = 7
"""Pairs of processes: the memory of each lies elsewhere, which alone makes two equal ones differ by
a few per cent."""

COUNT: Final = 200
"""Trips of each process."""

MEMORY: Final = {
    "MALLOC_TRIM_THRESHOLD_": "134217728",
    "MALLOC_TOP_PAD_": "16777216",
    "MALLOC_MMAP_THRESHOLD_": "67108864",
}
"""Has glibc keep what it has got from the kernel, for both servers and their clients. Else it gives
asyncio's read of 256 KiB back each time or never, as the heap happens to be, and the bare server
takes 370 or 480 microseconds (measured)."""


def rows() -> Iterator[Row]:
    """A row on asyncio's loop, and one on uvloop's where it is installed, as `serve` takes it. The
    bare server is on asyncio's in both."""
    yield row("round trip of one command, idle", "asyncio")
    if importlib.util.find_spec("uvloop") is not None:
        yield row("round trip of one command, idle, with the extra `fast`", "uvloop")


def row(what: str, loop: str) -> Row:
    """The median of what the pairs of processes show."""
    found = [medians(loop) for _ in range(PAIRS)]
    ours, reference, ratio = (statistics.median(each) for each in zip(*found, strict=True))
    return Row(
        what,
        f"{ours * 1000:.2f} ms",
        f"bare server on asyncio {reference * 1000:.2f} ms",
        ratio,
        1.1,
        at_least=False,
    )


def medians(loop: str) -> tuple[float, float, float]:
    """Returns the seconds of a trip to the hub and to the bare server, and their ratio. By turns:
    neighbours in time have the same machine, and a second later it is another one. Each in a
    process of its own, as in life."""
    with side("hub", loop) as hub, side("bare", "asyncio") as bare:
        trips = [(trip(hub), trip(bare)) for _ in range(COUNT)]
    ours, reference = (statistics.median(each) for each in zip(*trips, strict=True))
    return ours, reference, statistics.median(a / b for a, b in trips)


@contextmanager
def side(server: str, loop: str) -> Iterator[subprocess.Popen[str]]:
    """A server with its client, on a loop (see `round_trip_side`), until it is left."""
    command = [sys.executable, "-m", "tests.bench.round_trip_side", server, loop]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
        env=os.environ | MEMORY,
    ) as process:
        yield process  # whose standard input ends when this is left, and so does it


def trip(process: subprocess.Popen[str]) -> float:
    """Returns the seconds of one round trip there."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\n")
    return float(process.stdout.readline())
