"""Dashboards in processes of their own: what they cost the hub, how soon they show something."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from tests.bench.programs import end, environment
from tests.bench.report import Row, side_by_side
from tests.support.flood import flood
from tests.support.terminal import Terminal

COUNT: Final = 100_000
MILLION: Final = 1_000_000
CATCH_UP: Final = 4.0
"""Seconds after a flood in which the dashboards read the rest of it."""


class Served:
    """A `serve` in a folder of its own, and the dashboards that are attached to it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._environment = environment(str(folder)) | {"TERM": "xterm-256color"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mdxdash", "serve", "--port", "0", "--format", "jsonl"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=self._environment,
        )
        assert self.process.stderr is not None
        first = self.process.stderr.readline().decode()
        self.url = first.split()[-1].replace("localhost", "127.0.0.1")

    def attach(self) -> Terminal:
        """A dashboard that is starting."""
        command = [sys.executable, "-m", "mdxdash", "attach"]
        return Terminal(command, self._folder, self._environment)

    def rate(self) -> float:
        """Messages a second that it takes in."""
        time.sleep(CATCH_UP)
        return COUNT / flood(self.url, COUNT)


@contextmanager
def served() -> Iterator[Served]:
    with tempfile.TemporaryDirectory(prefix="m") as folder:
        found = Served(Path(folder))
        try:
            yield found
        finally:
            end(found.process)


def resident(pid: int) -> float:
    """MiB that a process takes now."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    (line,) = (line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def rows() -> Iterator[Row]:
    """Two rows."""
    with ExitStack() as stack:
        alone, watched = (stack.enter_context(served()) for _ in range(2))
        for _ in range(2):
            stack.enter_context(watched.attach()).until_painted(b"following")
        ours, reference, ratio = side_by_side(watched.rate, alone.rate, 7)
    yield Row(
        "messages/s into `serve` with two dashboards attached",
        f"{ours:,.0f}/s",
        f"{reference:,.0f}/s without",
        ratio,
        0.8,
        at_least=True,
    )
    with served() as hub:
        for _ in range(MILLION // COUNT):
            flood(hub.url, COUNT)
        times, screen = [], 0.0
        for _ in range(5):
            time.sleep(1)
            with hub.attach() as program:
                times.append(program.until_painted(b"following") - program.started)
                time.sleep(1)
                screen = resident(program.pid)
        held = resident(hub.process.pid)
    median = sorted(times)[len(times) // 2]
    yield Row(
        "start of `attach` to first rows, 1,000,000 events behind",
        f"{median * 1000:.0f} ms; hub {held:.0f} MiB, screen {screen:.0f} MiB",
        "—",
        median,
        1.0,
        at_least=False,
        unit="s",
    )
