"""64 agents that say all they have at once: how much of it is taken together, and how long one more
agent, which is quiet, waits for the hub meanwhile.
"""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

from mdxdash.hub.address import free_port
from tests.bench.programs import BARE_SERVER, piped
from tests.bench.report import Row, side_by_side
from tests.support.flood import HANDSHAKE, PING

AGENTS = 64
EACH = 3_000
SERVE = ("serve", "--port", "0", "--format", "jsonl")

FLOODS = f"""
import socket, sys, threading, time
from tests.support.flood import HANDSHAKE, PING, frames
host, port, path = sys.argv[1:4]
data = frames({EACH}) + PING
agents = [socket.create_connection((host, int(port))) for _ in range({AGENTS})]
for number, agent in enumerate(agents):
    agent.sendall(HANDSHAKE.format(path=f"{{path}}-{{number}}" if number else path).encode())
    assert b" 101 " in agent.recv(4096)
def flood(agent):
    agent.sendall(data)
    answer = b""
    while b"DONE" not in answer:
        part = agent.recv(65536)
        assert part, "the connection has ended"
        answer = answer[-4:] + part
threads = [threading.Thread(target=flood, args=(agent,)) for agent in agents]
print("connected", flush=True)
sys.stdin.readline()
began = time.perf_counter()
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(time.perf_counter() - began, flush=True)
"""
"""Prints the seconds that it took until the last agent's ping was answered."""


def rows() -> Iterator[Row]:
    """Two rows."""
    port = free_port("127.0.0.1")
    waits: list[float] = []
    with (
        piped("-c", BARE_SERVER.format(prints=False), str(port)),
        piped("-m", "mdxdash", *SERVE, MDXDASH_MAX_AGENTS="200") as (_, first),
    ):
        url = first.split()[-1].replace("localhost", "127.0.0.1")
        bare = f"ws://127.0.0.1:{port}/chat"
        ours, reference, ratio = side_by_side(lambda: rate(url, waits), lambda: rate(bare), 7)
    yield Row(
        f"{AGENTS} agents at once, together, recording",
        f"{ours:,.0f}/s",
        f"{reference:,.0f}/s",
        ratio,
        1.2,
        at_least=True,
    )
    waits.sort()
    yield Row(
        "what a quiet agent waits for its pong meanwhile, at most",
        f"median {waits[len(waits) // 2] * 1000:.1f} ms of {len(waits)}",
        "—",
        waits[-1] * 1000,
        50,
        at_least=False,
        unit="ms",
    )


def rate(url: str, waits: list[float] | None = None) -> float:
    """Messages a second; the seconds that a quiet agent's pings take are added to `waits`."""
    parts = urlsplit(url)
    where = [parts.hostname or "", str(parts.port), parts.path]
    floods = subprocess.Popen(
        [sys.executable, "-c", FLOODS, *where],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert floods.stdin is not None and floods.stdout is not None
    floods.stdout.readline()
    over = threading.Event()
    quiet = threading.Thread(target=ping, args=(url, over, waits if waits is not None else []))
    quiet.start()
    floods.stdin.write("go\n")
    floods.stdin.flush()
    seconds = float(floods.stdout.readline())
    over.set()
    quiet.join()
    floods.wait()
    return AGENTS * EACH / seconds


def ping(url: str, over: threading.Event, waits: list[float]) -> None:
    """Asks for a pong again and again, and notes how long it took."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname or "", parts.port or 80)) as agent:
        agent.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        agent.sendall(HANDSHAKE.format(path=f"{parts.path}-quiet").encode())
        answer = agent.recv(4096)
        assert b" 101 " in answer, answer
        while not over.wait(0.01):
            began = time.perf_counter()
            agent.sendall(PING)
            answer = b""
            while b"DONE" not in answer:
                part = agent.recv(4096)
                assert part, "the connection has ended"
                answer += part
            waits.append(time.perf_counter() - began)
