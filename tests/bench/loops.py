"""`serve` on the event loop of the extra `fast`, beside `serve` on asyncio's."""

import socket
import statistics
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from tests.bench.programs import piped
from tests.bench.report import Row, side_by_side
from tests.support.flood import HANDSHAKE, PING, flood, frames

COUNT: Final = 100_000
AGENTS: Final = 32
ALONE: Final = 3_000
TIMES: Final = 7


class Served:
    """A `serve` that records and prints JSON Lines."""

    def __init__(self, process: subprocess.Popen[bytes], first_line: str) -> None:
        self.pid = process.pid
        self.url = first_line.rsplit(maxsplit=1)[-1].replace("localhost", "127.0.0.1")

    def one(self) -> float:
        """Messages a second of one agent."""
        return COUNT / flood(self.url, COUNT)

    def many(self) -> float:
        """Messages a second of many agents together."""
        each = COUNT // AGENTS
        with ThreadPoolExecutor(AGENTS) as agents:
            began = time.perf_counter()
            for done in [agents.submit(flood, self.url, each) for _ in range(AGENTS)]:
                done.result()
            return AGENTS * each / (time.perf_counter() - began)

    def cost(self) -> float:
        """Processor time of the loop for an event that comes alone, in microseconds."""
        with self._agent() as agent:
            message = frames(1)
            before = self._loop_time()
            for _ in range(ALONE):
                agent.sendall(message)
                time.sleep(0.0005)
            _answer(agent)
            return (self._loop_time() - before) / ALONE * 1e6

    def round_trip(self) -> float:
        """Milliseconds from a ping to its pong."""
        with self._agent() as agent:
            times = []
            for _ in range(300):
                began = time.perf_counter()
                _answer(agent)
                times.append(time.perf_counter() - began)
                time.sleep(0.002)
            return statistics.median(times) * 1000

    def _agent(self) -> socket.socket:
        parts = urlsplit(self.url)
        agent = socket.create_connection((parts.hostname or "", parts.port or 0))
        agent.sendall(HANDSHAKE.format(path=parts.path).encode())
        agent.recv(4096)
        return agent

    def _loop_time(self) -> float:
        """Seconds that the main thread has run; the journal's and the printer's do not count."""
        return int(Path(f"/proc/{self.pid}/schedstat").read_text("ascii").split()[0]) / 1e9


def _answer(agent: socket.socket) -> None:
    """Returns when all that was sent before has been taken in."""
    agent.sendall(PING)
    while b"DONE" not in agent.recv(65_536):
        pass


def rows() -> Iterator[Row]:
    """Four rows."""
    with ExitStack() as stack:
        command = ("-m", "mdxdash", "serve", "--port", "0", "--format", "jsonl")
        fast = Served(*stack.enter_context(piped(*command)))
        usual = Served(*stack.enter_context(piped(*command, MDXDASH_LOOP="asyncio")))
        ours, theirs, ratio = side_by_side(fast.one, usual.one, TIMES)
        yield _row("messages/s, recording, by the extra `fast`", ours, theirs, ratio)
        ours, theirs, ratio = side_by_side(fast.many, usual.many, TIMES)
        yield _row(f"the same of {AGENTS} agents together", ours, theirs, ratio)
        ours, theirs, ratio = side_by_side(fast.cost, usual.cost, TIMES)
        what = "processor time of the loop for an event that comes alone"
        shown = (f"{ours:.0f} µs", f"asyncio {theirs:.0f} µs")
        yield Row(what, *shown, ratio, 1.05, at_least=False)
        ours, theirs, ratio = side_by_side(fast.round_trip, usual.round_trip, TIMES)
        shown = (f"{ours:.3f} ms", f"asyncio {theirs:.3f} ms")
        yield Row("ping to pong, idle", *shown, ratio, 1.05, at_least=False)


def _row(what: str, ours: float, theirs: float, ratio: float) -> Row:
    return Row(what, f"{ours:,.0f}/s", f"asyncio {theirs:,.0f}/s", ratio, 0.95, at_least=True)
