"""Programs under measure: with pipes, or in a pseudo-terminal."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mdxdash.hub.address import free_port
from tests.support.homes import home_environment
from tests.support.terminal import Terminal

BARE_SERVER = """
import asyncio, sys
from contextlib import suppress
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed
async def handler(ws):
    count = 0
    with suppress(ConnectionClosed):  # which websockets would log, into a pipe that nobody reads
        async for message in ws:
            count += 1
            if {prints}: print(message)
async def main():
    async with serve(handler, "127.0.0.1", int(sys.argv[1]), compression=None):
        print("listening", flush=True)
        await asyncio.Future()
asyncio.run(main())
"""
"""A server that counts frames; with `prints`, the published sample that prints each message."""


_END_WITHIN = 10.0
"""Seconds that a program gets for its end."""


def environment(folder: str) -> dict[str, str]:
    programs = home_environment(Path(folder)) | {"TERM": "xterm-256color"}
    # What pip installs is compiled once; a checkout is only if Python may keep what it compiled.
    programs.pop("PYTHONDONTWRITEBYTECODE", None)
    return programs


@contextmanager
def piped(*command: str, **variables: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A program, with variables of its environment, and its first line; what it prints further is
    thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [sys.executable, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL if "serve" in command else subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(folder) | variables,
        )
        stream = process.stderr if "serve" in command else process.stdout
        assert stream is not None
        try:
            yield process, stream.readline().decode()
        finally:
            end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """Ends a program. Asked first: in the place of a hub that is killed its keeper starts another
    one."""
    process.terminate()
    try:
        process.wait(_END_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def terminal(*command: str) -> Iterator[Terminal]:
    """A Python program in a terminal and a folder of its own, killed when it is left."""
    with tempfile.TemporaryDirectory() as folder:
        with Terminal([sys.executable, *command], Path(folder), environment(folder)) as program:
            yield program


@contextmanager
def dashboard() -> Iterator[tuple[Terminal, str]]:
    """The dashboard in a terminal, waiting for agents, recording."""
    port = free_port("127.0.0.1")
    with terminal("-m", "mdxdash", "--port", str(port)) as program:
        program.until_painted(b"Waiting for an agent")
        yield program, f"ws://127.0.0.1:{port}/chat"


@contextmanager
def sample() -> Iterator[tuple[Terminal, str]]:
    """The published sample in an equal terminal."""
    port = free_port("127.0.0.1")
    with terminal("-c", BARE_SERVER.format(prints=True), str(port)) as program:
        program.until_painted(b"listening")
        yield program, f"ws://127.0.0.1:{port}/chat"
