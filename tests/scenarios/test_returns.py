"""Ends and returns, in every order: the first message after a reconnect arrives clean."""

import asyncio
import itertools
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from mdxdash.hub.address import free_port
from mdxdash.simulator import Simulator
from mdxdash.simulator.input_parser import Issued
from tests.support.waiting import GUARD

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="ends a program by signals")


class Line:
    """A network between agent and hub that can be cut."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._writers: list[asyncio.StreamWriter] = []

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there_reader, there = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError:
            writer.close()
            return
        self._writers += [writer, there]
        await asyncio.gather(pump(reader, there), pump(there_reader, writer))

    def cut(self) -> None:
        """Both ends find the connection reset."""
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65_536):
            writer.write(data)
    except OSError:
        pass  # cut
    finally:
        writer.close()


@asynccontextmanager
async def network(port: int) -> AsyncIterator[tuple[Line, int]]:
    line = Line(port)
    async with await asyncio.start_server(line.carry, "127.0.0.1", 0) as server:
        yield line, server.sockets[0].getsockname()[1]


async def start_hub(port: int) -> asyncio.subprocess.Process:
    hub = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "mdxdash", "serve", "--port", str(port)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert hub.stderr is not None
    assert b"listening" in await asyncio.wait_for(hub.stderr.readline(), GUARD)
    return hub


async def until_connected(hub: asyncio.subprocess.Process) -> None:
    assert hub.stdout is not None
    while b" \xe2\x97\x8f " not in await asyncio.wait_for(hub.stdout.readline(), GUARD):
        pass


@pytest.mark.parametrize("order", list(itertools.permutations(["quit", "kill", "cut"])))
async def test_the_first_message_after_a_reconnect_arrives_clean(
    order: tuple[str, ...], tmp_path, monkeypatch
):
    monkeypatch.setenv("HOME", str(tmp_path))
    port = free_port("127.0.0.1")
    taken: asyncio.Queue[bytes] = asyncio.Queue()

    def listen(happening: object) -> None:
        if isinstance(happening, Issued):
            taken.put_nowait(happening.line)

    async with network(port) as (line, agents_port):
        hub = await start_hub(port)
        url = f"ws://127.0.0.1:{agents_port}/chat"
        agent = asyncio.create_task(Simulator(url, retries=1000, on_event=listen).run())
        for number, action in enumerate(order):
            await until_connected(hub)
            assert hub.stdin is not None
            hub.stdin.write(f"BEFORE|{number}\n".encode())
            assert await asyncio.wait_for(taken.get(), GUARD) == f"BEFORE|{number}".encode()
            if action == "cut":
                line.cut()
            else:
                (hub.terminate if action == "quit" else hub.kill)()
                await hub.wait()
                hub = await start_hub(port)
        await until_connected(hub)
        assert hub.stdin is not None
        hub.stdin.write(b"FIRST|1\n")
        assert await asyncio.wait_for(taken.get(), GUARD) == b"FIRST|1"
        agent.cancel()
        hub.kill()
        await hub.wait()
