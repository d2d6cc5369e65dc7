"""A web server for dashboards in this process, and the browsers' requests to it."""

import asyncio
import ssl
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from mdxdash.hub.address import free_port
from mdxdash.web.access import Access
from mdxdash.web.server import WebServer
from tests.support.tls import trusting

ECHO = """
import os, sys
print("pid", os.getpid(), flush=True)
while data := sys.stdin.buffer.raw.read(65536):
    if b'"quit"' in data:
        break
    sys.stdout.buffer.write(data)
    sys.stdout.flush()
"""
"""Instead of a dashboard: writes its process id, then what it reads."""


def python(source: str) -> list[str]:
    """The command of a tab that runs a source text."""
    return [sys.executable, "-c", source]


class Browser:
    """What a browser sends that has loaded the page."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self.session = session
        self.url = url

    async def status(self, path: str = "/", **headers: str) -> int:
        """The status of the answer to a request."""
        async with self.session.get(self.url + path, headers=headers) as response:
            await response.read()
            return response.status

    def tab(self, query: str = "", **headers: str) -> Any:
        """The WebSocket of a tab, to be entered."""
        headers = {"Origin": self.url} | headers
        return self.session.ws_connect(f"{self.url}/ws{query}", headers=headers)


@asynccontextmanager
async def browsing(
    source: str = ECHO, *, secret: str | None = None, tls: ssl.SSLContext | None = None
) -> AsyncIterator[tuple[WebServer, Browser]]:
    """A server whose tabs run a source text, and a browser beside it."""
    port = free_port("127.0.0.1")
    access = Access(names=["localhost"], port=port, secure=tls is not None, secret=secret)
    server = WebServer(python(source), access, "the title")
    async with server.listening(["127.0.0.1"], port, tls):
        connector = aiohttp.TCPConnector(ssl=trusting())
        async with aiohttp.ClientSession(connector=connector) as session:
            yield server, Browser(session, f"http{'s' if tls else ''}://localhost:{port}")


async def shown(tab: aiohttp.ClientWebSocketResponse, wanted: bytes) -> bytes:
    """What a tab shows, up to the first time it contains `wanted`."""
    text = b""
    async with asyncio.timeout(60):
        while wanted not in text:
            message = await tab.receive()
            assert message.type is aiohttp.WSMsgType.BINARY, message
            text += message.data
    return text


async def ended(tab: aiohttp.ClientWebSocketResponse) -> tuple[str | None, int | None]:
    """Why a tab ended, as the page shows it, and the close code."""
    reason = None
    async with asyncio.timeout(60):
        async for message in tab:
            if message.type is aiohttp.WSMsgType.TEXT:
                kind, reason = message.json()
                assert kind == "ended"
    return reason, tab.close_code
