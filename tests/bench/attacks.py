"""How long one thing occupies the event loop of `serve` while somebody tries to freeze it, and how
long another agent waits meanwhile.

`python -m tests.bench.attacks` prints a row for each attack. Each attacker is a process of its own.
Needs signals: Linux, macOS.
"""

import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from mdxdash.hub.address import free_port
from tests.bench.programs import end, environment, piped
from tests.bench.report import HEAD, Row

SECONDS: Final = 5.0
PING_INTERVAL: Final = 0.005

TIMED_SERVE: Final = """
import asyncio, signal, sys, time
longest, whole, run = 0.0, "", asyncio.events.Handle._run
def timed(handle):
    global longest, whole
    began = time.perf_counter()
    run(handle)
    took = time.perf_counter() - began
    if took > longest:
        longest, whole = took, repr(handle)
def reset(*_):
    global longest
    longest = 0.0
def report(*_):
    sys.stderr.write(f"longest {longest} {whole[:300]}\\n")
    sys.stderr.flush()
asyncio.events.Handle._run = timed
signal.signal(signal.SIGUSR1, reset)
signal.signal(signal.SIGUSR2, report)
from mdxdash.cli import main
sys.argv = ["mdxdash", *sys.argv[1:]]
main()
"""
"""`serve` with a clock on each callback of its event loop."""


class Serve:
    """A running `serve` under attack."""

    def __init__(self, process: subprocess.Popen[bytes], url: str) -> None:
        self.process = process
        self.url = url

    def longest(self) -> tuple[float, str]:
        """Seconds of the longest callback since the attack began, and which it was."""
        assert self.process.stderr is not None
        self.process.send_signal(signal.SIGUSR2)
        while not (line := self.process.stderr.readline().decode()).startswith("longest "):
            assert line, "serve has ended"
        _, seconds, which = line.split(" ", 2)
        return float(seconds), which.strip()


@contextmanager
def serving(*options: str) -> Iterator[Serve]:
    with tempfile.TemporaryDirectory() as folder:
        if "--fifo" in options:
            os.mkfifo(Path(folder, "2026-11-23T04-31-05.jsonl"))
        process = subprocess.Popen(
            [
                *(sys.executable, "-c", TIMED_SERVE, "serve", "--port", "0"),
                *(option for option in options if option != "--fifo"),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment(folder) | {"MDXDASH_RECORDING_DIRECTORY": folder},
        )
        assert process.stderr is not None
        try:
            first = process.stderr.readline().decode()
            yield Serve(process, first.split()[-1].replace("localhost", "127.0.0.1"))
        finally:
            end(process)


def row(what: str, attack: str, *options: str) -> tuple[Row, str]:
    """One attack for SECONDS beside an honest agent that pings."""
    with serving(*options) as target:
        with connect(target.url, compression=None, ping_interval=None) as honest:
            # What commands send it has to be read, or no pong would be.
            threading.Thread(target=read_all, args=(honest,), daemon=True).start()
            time.sleep(0.5)
            target.process.send_signal(signal.SIGUSR1)
            attacker = subprocess.Popen(
                [sys.executable, "-m", "tests.bench.attacks", attack, target.url],
                stdout=target.process.stdin if attack in ON_STDIN else subprocess.DEVNULL,
            )
            trips: list[float] = []
            until = time.monotonic() + SECONDS
            while time.monotonic() < until:
                began = time.perf_counter()
                honest.ping().wait()
                trips.append(time.perf_counter() - began)
                time.sleep(PING_INTERVAL)
            assert attacker.poll() is None, "the attacker has ended"
            attacker.kill()
            attacker.wait()
            longest, which = target.longest()
            honest.socket.shutdown(socket.SHUT_RDWR)
    measured = (
        f"another agent's ping: median {statistics.median(trips) * 1000:.1f} ms, "
        f"longest {max(trips) * 1000:.0f} ms of {len(trips):,}"
    )
    return Row(what, measured, "—", longest * 1000, 50, at_least=False, unit="ms"), which


def read_all(connection: ClientConnection) -> None:
    """Reads and throws away, until the connection ends."""
    with suppress(ConnectionClosed):
        for _ in connection:
            pass


# The attackers


def nothing(url: str) -> None:
    """Only the honest agent."""
    time.sleep(60)


def flood_of(*frames: str) -> Callable[[str], None]:
    """Sends frames, again and again, as fast as they are taken."""

    def attack(url: str) -> None:
        with connect(url, compression=None, ping_interval=None) as agent:
            while True:
                for frame in frames:
                    agent.send(frame)

    return attack


def log_head(url: str) -> None:
    """The head of a log line, what almost ends it 13,000 times, then frames of one byte."""
    with connect(url, compression=None, ping_interval=None) as agent:
        while True:
            agent.send("[2026/11/22 19:48:26.306] [8303071] A: Status: " + "\n\n[" * 13_000)
            for _ in range(20_000):
                agent.send("x")


def endless_stdin(url: str) -> None:
    """Text on standard input that never has a newline."""
    while True:
        sys.stdout.write("x" * 65_536)


def stalled(url: str) -> None:
    """An agent that never reads, while commands go to all."""
    with socket.create_connection(urlsplit(url).netloc.split(":")) as agent:  # type: ignore[arg-type]
        agent.sendall(
            b"GET /chat HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==\r\n"
            b"Sec-WebSocket-Version: 13\r\n\r\n"
        )
        while True:
            print("TEST_MESSAGE|" + "x" * 1900, flush=True)
            time.sleep(0.001)


def reader(url: str) -> None:
    """An agent behind the relay that reads all that the user's server sends."""
    with connect(url, compression=None, ping_interval=None) as agent:
        read_all(agent)


ATTACKERS: Final = {
    "nothing": nothing,
    "long": flood_of("FLOOD|" + "a" * 2000 + "\n", "FLOOD|" + "ab" * 1000 + "\n"),
    "log-head": log_head,
    "newlines": flood_of("\n" * 60_000),
    "short-lines": flood_of("A\n" * 30_000),
    "brackets": flood_of("\n[" * 30_000),
    "endless-stdin": endless_stdin,
    "stalled": stalled,
    "reader": reader,
}
ON_STDIN: Final = ("endless-stdin", "stalled")

LARGE_FRAMES: Final = """
import asyncio, sys
from websockets.asyncio.server import serve
LINES = ("BUTTON_ADD|a|b|c|d|message X|ON\\n" * 40_000)[: 2**20 - 1] + "\\n"
async def handler(ws):
    while True:
        await ws.send(LINES)
async def main():
    async with serve(handler, "127.0.0.1", int(sys.argv[1]), compression=None, ping_interval=None):
        print("listening", flush=True)
        await asyncio.Future()
asyncio.run(main())
"""
"""A user's own server that sends frames of 1 MiB."""


def rows() -> Iterator[tuple[Row, str]]:
    """A row for each attack."""
    yield row("nobody attacks", "nothing")
    for pattern in (
        "/a.*b.*c.*d/",
        "/" + "a?" * 30 + "a" * 30 + "/",
        "/(?:a|a){25}b/",
        "/" + "a{1,9}" * 10 + "b/",
        "/(?:ab|a|b)+c/",
    ):
        yield row(f"a filter `{pattern[:24]}` over long events", "long", "--filter", pattern)
    yield row("log head, `\\n\\n[` 13,000 times, frames of a byte", "log-head")
    yield row("frames of 60 kB of newlines", "newlines")
    yield row("frames of 60 kB of lines of one byte", "short-lines")
    yield row("frames of 60 kB of `[` on lines", "brackets")
    yield row("standard input without a newline", "endless-stdin")
    yield row("an agent that never reads, commands to all", "stalled")
    yield row("a FIFO among the recordings", "nothing", "--fifo")
    port = free_port("127.0.0.1")
    with piped("-c", LARGE_FRAMES, str(port)):
        options = ("--relay", f"ws://127.0.0.1:{port}/chat", "--relay-guard")
        yield row("frames of 1 MiB of the user's server, guarded", "reader", *options)


def main() -> None:
    """Prints the table; with the name of an attacker and a URL, attacks."""
    if len(sys.argv) > 2:
        ATTACKERS[sys.argv[1]](sys.argv[2])
    print(HEAD)
    details = []
    for each, which in rows():
        print(each, flush=True)
        details.append(which)
    print("\nThe longest callbacks:", *details, sep="\n* ")


if __name__ == "__main__":
    main()
