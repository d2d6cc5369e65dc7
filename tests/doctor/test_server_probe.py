"""What is found at an address: mdxdash, another server, nothing."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.server import ServerConnection, serve

from mdxdash.api import Hub
from mdxdash.doctor import server_probe
from mdxdash.doctor.server_probe import ProbeResult, probe


@asynccontextmanager
async def answering(response: bytes) -> AsyncIterator[int]:
    """A server that sends these bytes for any request, and closes; its port."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(response)
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


async def test_mdxdash_is_recognised() -> None:
    async with Hub(port=0) as hub:
        port = int(hub.url.rsplit(":", 1)[1].partition("/")[0])
        assert await probe("localhost", port, "/", tls=False) == ProbeResult(
            True, "mdxdash answers"
        )


async def test_another_websocket_server_is_reached() -> None:
    async def end(connection: ServerConnection) -> None:
        pass

    async with serve(end, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        found = await probe("127.0.0.1", port, "/", tls=False)
    assert found == ProbeResult(True, "a WebSocket server answers that is not mdxdash")


@pytest.mark.parametrize(
    ("response", "text"),
    [
        (
            b"HTTP/1.1 404 Not Found\r\n\r\n",
            "a web server answers, but not as a WebSocket server: 404 Not Found",
        ),
        (b"", "something listens and hangs up: it may speak TLS"),
        (b"SSH-2.0-x\r\n", "something listens that is no web server"),
    ],
)
async def test_other_servers_are_described(response: bytes, text: str) -> None:
    async with answering(response) as port:
        assert await probe("127.0.0.1", port, "/", tls=False) == ProbeResult(False, text)


async def test_a_port_where_nothing_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        found = await probe("127.0.0.1", port, "/", tls=False)
    assert found == ProbeResult(
        False, f"nothing listens at port {port} of 127.0.0.1: start mdxdash"
    )


async def test_a_name_that_does_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise socket.gaierror("unknown")

    monkeypatch.setattr(server_probe.asyncio, "open_connection", fail)
    found = await probe("nowhere.invalid", 80, "/", tls=False)
    assert found == ProbeResult(False, "no machine is called nowhere.invalid")


async def test_a_server_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_probe, "_TIMEOUT", 0.01)

    async def wait(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_server(wait, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        found = await probe("127.0.0.1", port, "/", tls=False)
    assert found == ProbeResult(False, f"127.0.0.1 port {port} does not answer (a firewall?)")


async def test_a_server_without_tls() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        found = await probe("127.0.0.1", port, "/", tls=True)
    assert found == ProbeResult(False, f"what listens at port {port} of 127.0.0.1 speaks no TLS")
