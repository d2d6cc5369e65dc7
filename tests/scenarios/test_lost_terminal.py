"""The dashboard's terminal sends noise, or goes: no agent loses its connection by it."""

import os
import random
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from websockets.sync.client import connect

from mdxdash.hub.address import free_port
from tests.support.background import stopped_at_last, welcomes
from tests.support.terminal import Terminal, mdxdash_terminal
from tests.support.waiting import until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")


NOISE_KILOBYTES = int(os.environ.get("MDXDASH_NOISE", "20"))
"""Bytes that no terminal should send; 200 take some 15 s."""


@contextmanager
def attended(home: Path) -> Iterator[tuple[Terminal, str]]:
    """A dashboard in a terminal, and where agents dial it. What it leaves in the background ends
    with the test."""
    port = free_port("127.0.0.1")
    with stopped_at_last(home), mdxdash_terminal(home, "--port", str(port)) as terminal:
        terminal.until("ws://localhost")
        terminal.until("Compose")
        yield terminal, f"ws://localhost:{port}/chat"


def takes_connections(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
        return True
    return False


def recorded(home: Path) -> str:
    return "".join(file.read_text(encoding="utf-8") for file in home.rglob("*.jsonl"))


def test_noise_ends_nothing(tmp_path: Path) -> None:
    noise = random.Random(10)
    broken = [
        b"\x1b[M\xff\xff\xff",
        b"\x1b[<1;2",
        b"\x1b]0;",
        b"\x1b[200~",
        b"\x1b[201~",
        b"caf\xe9\r",
    ]
    with attended(tmp_path) as (terminal, url), connect(url) as agent:
        terminal.until("1 agent")
        for _ in range(NOISE_KILOBYTES):
            terminal.type_bytes(bytes(noise.randrange(0x80, 0x100) for _ in range(1000)))
            terminal.type_bytes(noise.choice(broken))
        terminal.type_bytes(b"\x1b[201~")
        agent.send("AFTER|the noise\n")
        until(lambda: "the noise" in recorded(tmp_path))
        assert terminal.is_running()


def test_no_single_byte_ends_anything(tmp_path: Path) -> None:
    with attended(tmp_path) as (terminal, url), connect(url) as agent:
        terminal.until("1 agent")
        for value in range(256):
            terminal.type_bytes(bytes([value]))
            terminal.type_bytes(b"\x1b")
            time.sleep(0.005)
        agent.send("AFTER|all bytes\n")
        until(lambda: "all bytes" in recorded(tmp_path))
        assert terminal.is_running()


def test_a_closed_terminal_leaves_the_agent_and_the_recording_alone(tmp_path: Path) -> None:
    with attended(tmp_path) as (terminal, url), connect(url) as agent:
        terminal.until("1 agent")
        terminal.close()
        for index in range(20):
            agent.send(f"AFTER|{index}\n")
            time.sleep(0.05)
        until(lambda: "AFTER" in recorded(tmp_path) and '"19"' in recorded(tmp_path))
        assert terminal.end() == 0
        with connect(url) as second:
            second.send("SECOND|here\n")
            until(lambda: "SECOND" in recorded(tmp_path))
        assert recorded(tmp_path).count('"kind":"connected"') == 2


def test_without_agents_a_closed_terminal_ends_it(tmp_path: Path) -> None:
    with attended(tmp_path) as (terminal, _):
        terminal.close()
        assert terminal.end() == 0


@pytest.mark.parametrize("size", [(0, 0), (65_535, 65_535), (1, 1)])
def test_a_terminal_of_no_size_or_of_any_takes_keys_and_signals(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    port = free_port("127.0.0.1")
    dashboard = mdxdash_terminal(tmp_path, "--port", str(port), size=size)
    with stopped_at_last(tmp_path), dashboard as terminal:
        until(lambda: takes_connections(port))
        with connect(f"ws://localhost:{port}/chat") as agent:
            agent.send("AFTER|the first picture\n")
            until(lambda: "first picture" in recorded(tmp_path))
        os.kill(terminal.pid, signal.SIGTERM)
        assert terminal.end() == 0


@pytest.mark.parametrize("first", [signal.SIGHUP, signal.SIGTERM])
def test_signals(tmp_path: Path, first: signal.Signals) -> None:
    """SIGHUP ends the screen alone and leaves the hub in the background, SIGTERM ends the hub."""
    with attended(tmp_path) as (terminal, url), connect(url) as agent:
        terminal.until("1 agent")
        os.kill(terminal.pid, first)
        if first == signal.SIGHUP:
            agent.send("AFTER|hangup\n")
            until(lambda: "hangup" in recorded(tmp_path))
        else:
            terminal.until("mdxdash: ended by SIGTERM")
        assert terminal.end() == 0
        assert len(welcomes(tmp_path)) == (first == signal.SIGHUP)


def test_one_interrupt_asks_and_a_second_ends(tmp_path: Path) -> None:
    with attended(tmp_path) as (terminal, url), connect(url):
        terminal.until("1 agent")
        os.kill(terminal.pid, signal.SIGINT)
        terminal.until("does not survive")
        os.kill(terminal.pid, signal.SIGINT)
        assert terminal.end() == 0
