"""Serves the faces of a hub that connect to its control socket."""

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, cast

from mdxdash.remote.control_socket import ControlSocket
from mdxdash.remote.faces.link import LAST_WRITE, WAITING_BYTES
from mdxdash.remote.peer_user import is_own, peer_uid

if TYPE_CHECKING:  # loaded for the first face: no start waits for it
    from mdxdash.remote.faces.attached_faces import AttachedFaces
    from mdxdash.remote.faces.face import Face

_READ_BYTES: Final = 65_536
"""Bytes that a face sends before its requests are looked at, at most."""

_logger = logging.getLogger(__name__)


class ControlServer:
    """Accepts faces at a control socket, until it is closed."""

    def __init__(self, control: ControlSocket, faces: "Callable[[], AttachedFaces]") -> None:
        """Owns the socket from now on. `faces` returns those of the hub; it is called when the
        first one connects."""
        self.control = control
        self._faces = faces
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Begins to accept faces."""
        loop = asyncio.get_running_loop()
        self.control.listener.setblocking(False)
        self._server = await loop.create_server(self._connection, sock=self.control.listener)

    def let_go(self) -> None:
        """Accepts no more faces here: another process listens on the socket now."""
        if self._server is not None:
            self._server.close()

    def close(self) -> None:
        """Ends the socket, and accepts no more faces."""
        if self._server is not None:
            self._server.close()
        self.control.close()

    def _connection(self) -> "_SocketLink":
        return _SocketLink(self._faces(), self.control.address.token)


class _SocketLink(asyncio.BufferedProtocol):
    """A face's connection to the socket."""

    def __init__(self, faces: "AttachedFaces", token: str) -> None:
        self._faces = faces
        self._token = token
        self._transport: asyncio.Transport | None = None
        self._face: Face | None = None
        self._buffer = bytearray(_READ_BYTES)

    # As a link

    @property
    def waiting(self) -> int:
        return 0 if self._transport is None else self._transport.get_write_buffer_size()

    def write(self, lines: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(lines)

    def hold(self) -> None:
        if self._transport is not None:
            self._transport.pause_reading()

    def release(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()
            # One that does not read would stay for ever.
            asyncio.get_running_loop().call_later(LAST_WRITE, self._transport.abort)

    # As a protocol of asyncio

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport = cast(asyncio.Transport, transport)  # uvloop's is of no class of asyncio
        uid = peer_uid(transport.get_extra_info("socket"))
        if not is_own(uid):
            _logger.warning("a process of the user %s was refused at the control socket", uid)
            transport.abort()
            return
        self._transport = transport
        transport.set_write_buffer_limits(high=WAITING_BYTES, low=WAITING_BYTES // 4)
        self._face = self._faces.open(self, token=self._token)

    def get_buffer(self, sizehint: int) -> bytearray:
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        if self._face is not None:
            self._face.receive(bytes(memoryview(self._buffer)[:nbytes]))

    def resume_writing(self) -> None:
        if self._face is not None:
            self._face.resume()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._face is not None:
            self._faces.lose(self._face)
