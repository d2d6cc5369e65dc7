"""Connects to the tap of a hub on another machine, over a WebSocket: a line a frame."""

import asyncio
import ssl
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import SplitResult, urlsplit

from websockets.exceptions import (
    ConnectionClosed,
    InvalidHandshake,
    InvalidMessage,
    InvalidStatus,
)

from mdxdash.events.encoding import EVENT_START
from mdxdash.language.translation import N_
from mdxdash.remote.attached.line_channel import LONGEST_LINE, LineChannel, Opener
from mdxdash.remote.protocol import TAP_PATH

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

_OPEN_WITHIN: Final = 10.0
"""Seconds for the connection and its handshake."""

_CLOSE_WITHIN: Final = 0.5


class NotAdmitted(OSError):
    """The hub refused the handshake, as it does for a wrong secret."""


def is_tap_address(text: str) -> bool:
    """Returns whether a text is meant as an address, `ws://…` or `wss://…`, and not as a name."""
    return "://" in text


def tap_address(text: str, secret: str | None) -> str:
    """Returns the whole address of a hub's tap: without a path, `/tap` is added; behind `/tap` the
    secret. It must not be shown. Raises `ValueError` for what is no such address."""
    parts = urlsplit(text)
    try:
        port = parts.port
    except ValueError:
        port = -1
    if parts.scheme not in ("ws", "wss") or not parts.hostname or port == -1:
        raise ValueError(N_("expected an address such as ws://robot:9001/tap"))
    if parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError(N_("expected an address without a name, `?` and `#`"))
    path = parts.path.rstrip("/") or TAP_PATH
    if secret is not None and path == TAP_PATH:
        path = f"{TAP_PATH}/{secret}"
    return SplitResult(parts.scheme, parts.netloc, path, "", "").geturl()


def has_secret(text: str) -> bool:
    """Returns whether an address holds more than `/tap`: a secret, as its last segment."""
    return urlsplit(text).path.rstrip("/") not in ("", TAP_PATH)


def shown_host(text: str) -> str:
    """Returns host and port of an address, to be shown."""
    return urlsplit(text).netloc.rpartition("@")[2]


def tap_opener(address: str, tls: ssl.SSLContext | None = None) -> Opener:
    """Returns what connects to a whole address of `tap_address`. `tls` is for `wss://`; by default
    the authorities that the system trusts are."""
    tls_options: dict[str, Any] = {"ssl": tls or True} if urlsplit(address).scheme == "wss" else {}

    async def open_channel() -> LineChannel:
        from websockets.asyncio.client import connect  # noqa: PLC0415  10 ms that few starts need

        try:
            connection = await connect(
                address,
                **tls_options,
                compression=None,
                proxy=None,
                user_agent_header=None,
                max_size=LONGEST_LINE,
                open_timeout=_OPEN_WITHIN,
                close_timeout=_CLOSE_WITHIN,
                # The hub does not wait for a screen that reads slowly, so a ping may take long.
                ping_timeout=None,
            )
        except InvalidStatus as error:
            status = error.response.status_code
            if status == HTTPStatus.NOT_FOUND:
                raise NotAdmitted(
                    N_("it has no tap at this path, or another secret (`--tap` opens one there)")
                ) from None
            phrase = error.response.reason_phrase
            raise NotAdmitted(
                N_("it refused the connection: {status} {phrase}").format(
                    status=status, phrase=phrase
                )
            ) from None
        except (InvalidHandshake, InvalidMessage, EOFError) as error:
            raise OSError(
                N_("what listens there is no hub of mdxdash ({error})").format(error=error)
            ) from None
        return _WebSocketChannel(connection)

    return open_channel


class _WebSocketChannel:
    """Implements `LineChannel`."""

    token = ""

    def __init__(self, connection: "ClientConnection") -> None:
        self._connection = connection
        self._welcomed = False
        self._to_send: asyncio.Queue[bytes] = asyncio.Queue()
        self._waiting = 0
        self._sending = asyncio.create_task(self._send())

    async def read(self) -> list[bytes]:
        while True:
            try:
                data = await self._connection.recv(decode=False)
            except ConnectionClosed:
                return []
            line = bytes(data).removesuffix(b"\n")
            # Until the hub knows that this is no program, it sends events as to every program.
            self._welcomed = self._welcomed or not line.startswith(EVENT_START)
            if self._welcomed:
                return [line]

    @property
    def waiting(self) -> int:
        return self._waiting

    def write(self, line: bytes) -> None:
        self._waiting += len(line)
        self._to_send.put_nowait(line)

    async def close(self) -> None:
        self._sending.cancel()
        await asyncio.wait([self._sending])
        await self._connection.close()

    async def _send(self) -> None:
        with suppress(ConnectionClosed):
            while True:
                line = await self._to_send.get()
                await self._connection.send(line, text=True)
                self._waiting -= len(line)
