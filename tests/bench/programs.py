"""Programs under measure: with pipes, or in a pseudo-terminal of 160 × 45 that is read at once."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from mdxdash.hub.address import free_port

BARE_SERVER = """
import asyncio, sys
from websockets.asyncio.server import serve
async def handler(ws):
    count = 0
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


def environment(folder: str) -> dict[str, str]:
    names = ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")
    programs = {**os.environ, **dict.fromkeys(names, folder), "TERM": "xterm-256color"}
    # What pip installs is compiled once; a checkout is only if Python may keep what it compiled.
    programs.pop("PYTHONDONTWRITEBYTECODE", None)
    return programs


@contextmanager
def piped(*command: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A program and its first line; what it prints further is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [sys.executable, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL if "serve" in command else subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(folder),
        )
        stream = process.stderr if "serve" in command else process.stdout
        assert stream is not None
        try:
            yield process, stream.readline().decode()
        finally:
            process.kill()
            process.wait()


class Terminal:
    """A program in a pseudo-terminal; a thread reads what it paints, with the time of each read."""

    def __init__(self, *command: str) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.began = time.perf_counter()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 45, 160, 0, 0))
            os.chdir(self._folder.name)
            os.execve(sys.executable, [sys.executable, *command], environment(self._folder.name))
        self.painted: list[tuple[float, bytes]] = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        try:
            while data := os.read(self._fd, 65_536):
                self.painted.append((time.perf_counter(), data))
        except OSError:
            return

    def press(self, keys: bytes) -> None:
        os.write(self._fd, keys)

    def until(self, wanted: bytes, since: int = 0, guard: float = 60.0) -> float:
        """When a text was painted, among the reads from `since` on."""
        deadline = time.perf_counter() + guard
        looked = since
        tail = b""  # a text may stand across two reads
        while time.perf_counter() < deadline:
            for at, data in self.painted[looked:]:
                if wanted in tail + data:
                    return at
                tail = (tail + data)[1 - len(wanted) :]
                looked += 1
            select.select([], [], [], 0.002)
        raise TimeoutError(f"{wanted!r} was not painted within {guard:g} s")

    def close(self) -> None:
        os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)
        self._folder.cleanup()


@contextmanager
def terminal(*command: str) -> Iterator[Terminal]:
    """A program in a terminal, killed when it is left."""
    program = Terminal(*command)
    try:
        yield program
    finally:
        program.close()


@contextmanager
def dashboard() -> Iterator[tuple[Terminal, str]]:
    """The dashboard in a terminal, waiting for agents, recording."""
    port = free_port("127.0.0.1")
    with terminal("-m", "mdxdash", "--port", str(port)) as program:
        program.until(b"Waiting for an agent")
        yield program, f"ws://127.0.0.1:{port}/chat"


@contextmanager
def sample() -> Iterator[tuple[Terminal, str]]:
    """The published sample in an equal terminal."""
    port = free_port("127.0.0.1")
    with terminal("-c", BARE_SERVER.format(prints=True), str(port)) as program:
        program.until(b"listening")
        yield program, f"ws://127.0.0.1:{port}/chat"
