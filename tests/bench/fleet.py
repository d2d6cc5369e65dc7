"""What a broker costs a hub, and how many hubs one broker bears: `python -m tests.bench fleet`.

Needs RabbitMQ. The hubs beside the first two are simulated: the real process beside a hub, without
the hub, and many of them in one.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

from tests.bench.programs import environment
from tests.bench.report import Row, side_by_side
from tests.support.flood import flood
from tests.support.rabbitmq import SERVER, RabbitMq, rabbitmq

COUNT: Final = 100_000
CATCH_UP: Final = 6.0
"""Seconds after a flood in which the broker gets the rest of it."""

HUBS: Final = 200
AGENTS: Final = 5
SECONDS: Final = 20
PROCESSES: Final = 2


class Served:
    """A `serve` in a folder of its own, with or without a broker."""

    def __init__(self, folder: Path, broker: str | None) -> None:
        variables = {} if broker is None else {"MDXDASH_FLEET_URL": broker}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mdxdash", "serve", "--port", "0", "--format", "jsonl"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment(str(folder)) | variables,
        )
        assert self.process.stderr is not None
        first = self.process.stderr.readline().decode()
        self.url = first.split()[-1].replace("localhost", "127.0.0.1")

    def rate(self) -> float:
        """Messages a second that it takes in."""
        time.sleep(CATCH_UP)
        return COUNT / flood(self.url, COUNT)


@contextmanager
def served(broker: str | None) -> Iterator[Served]:
    with tempfile.TemporaryDirectory(prefix="m") as folder:
        found = Served(Path(folder), broker)
        try:
            yield found
        finally:
            found.process.terminate()
            found.process.wait()


def rows() -> Iterator[Row]:
    """Three rows; none without RabbitMQ."""
    if SERVER is None:
        print("fleet: needs RabbitMQ (on Debian `apt install rabbitmq-server`)")
        return
    with rabbitmq() as node:
        with ExitStack() as stack:
            alone = stack.enter_context(served(None))
            publishing = stack.enter_context(served(node.url))
            ours, reference, ratio = side_by_side(publishing.rate, alone.rate, 7)
        yield Row(
            "messages/s into `serve --fleet`",
            f"{ours:,.0f}/s",
            f"{reference:,.0f}/s without",
            ratio,
            0.9,
            at_least=True,
        )
        for per_agent, interval in ((1, 0.02), (5, 1.0)):
            yield simulated(node, per_agent, interval)


def simulated(node: RabbitMq, per_agent: int, interval: float) -> Row:
    """Many hubs at a given number of events a second and agent, watched by one dashboard."""
    wanted = HUBS * AGENTS * per_agent
    command = [sys.executable, "-m", "tests.bench.fleet_hubs", node.url]
    watcher = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.fleet_watcher", node.url, str(HUBS), str(SECONDS)],
        stdout=subprocess.PIPE,
        text=True,
    )
    each = HUBS // PROCESSES
    hubs = [
        subprocess.Popen(
            [*command, str(each * n), str(each), str(AGENTS), str(per_agent), str(interval)],
            start_new_session=True,
        )
        for n in range(PROCESSES)
    ]
    before = cpu_seconds(node.process_group)
    output, _ = watcher.communicate(timeout=20 * SECONDS)
    load = cpu_seconds(node.process_group) - before
    published = sum(cpu_seconds(process.pid) for process in hubs)
    for process in hubs:
        process.kill()
        process.wait()
    found: dict[str, Any] = json.loads(output)
    latency = statistics.median(found["latencies"])
    p99 = statistics.quantiles(found["latencies"], n=100)[98]
    rate, messages, size = (
        found[key] / found["seconds"] for key in ("events", "messages", "bytes")
    )
    each_message = found["cpu"] / found["messages"] * 1e6
    measured = (
        f"{rate:,.0f} events/s in {messages:,.0f} messages/s, {size / 2**20:.1f} MiB/s",
        f"median {latency * 1000:.0f} ms, 99 % {p99 * 1000:.0f} ms",
        f"{found['missing']:,} missing",
        f"in {found['took']:.0f} s the broker took {load:.0f} s of a core, the hubs' processes "
        f"{published:.0f} s",
        f"the dashboard {each_message:.0f} µs a message",
    )
    return Row(
        f"{HUBS} hubs, {AGENTS} agents each, {per_agent}/s an agent, in {interval * 1000:.0f} ms",
        "; ".join(measured),
        f"{wanted:,}/s published",
        rate / wanted,
        0.95,
        at_least=True,
    )


def cpu_seconds(group: int) -> float:
    """Seconds of a core that a group of processes has taken so far."""
    total = 0.0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if fields[2] == str(group):
            total += (int(fields[11]) + int(fields[12])) / 100
    return total
