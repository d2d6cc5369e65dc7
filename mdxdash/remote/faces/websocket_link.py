"""The connection of a face over the tap's WebSocket: a line a frame."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final

from mdxdash.hub.connection import AgentConnection
from mdxdash.remote.faces.link import LAST_WRITE
from mdxdash.wire.framing import text_frame

_GIVEN_BYTES: Final = 32_768
"""Bytes that asyncio may hold, roughly. The hub ends a connection that sends something while much
more waits for it (`unread_bytes`, 64 KiB at least), so the rest waits here."""

_HOLDER: Final = "face"


class WebSocketLink:
    """Implements `Link`."""

    def __init__(self, connection: AgentConnection) -> None:
        self.on_read: Callable[[], None] = lambda: None
        """Called when the face has read what was written."""
        self._connection = connection
        self._frames: deque[bytes] = deque()
        self._bytes = 0
        self._closing = False
        connection.transport.set_write_buffer_limits(high=_GIVEN_BYTES, low=_GIVEN_BYTES // 4)
        connection.on_resume = self._go_on

    @property
    def waiting(self) -> int:
        return self._bytes + self._connection.transport.get_write_buffer_size()

    def write(self, lines: bytes) -> None:
        if self._closing:
            return
        for line in lines.split(b"\n")[:-1]:
            frame = text_frame(line)
            self._frames.append(frame)
            self._bytes += len(frame)
        self._give()

    def hold(self) -> None:
        self._connection.hold_reading(_HOLDER)

    def release(self) -> None:
        if not self._connection.transport.is_closing():
            self._connection.release_reading(_HOLDER)

    def close(self) -> None:
        self._closing = True
        if not self._frames:
            self._connection.transport.close()
        # One that does not read would stay for ever.
        asyncio.get_running_loop().call_later(LAST_WRITE, self._connection.transport.abort)

    def _go_on(self) -> None:
        self._give()
        if self._closing and not self._frames:
            self._connection.transport.close()
        elif not self._frames and not self._closing:
            self.on_read()

    def _give(self) -> None:
        transport = self._connection.transport
        while self._frames and transport.get_write_buffer_size() < _GIVEN_BYTES:
            if transport.is_closing():
                self._frames.clear()
                self._bytes = 0
                return
            size = 0
            piece = []
            while self._frames and size < _GIVEN_BYTES:
                piece.append(self._frames.popleft())
                size += len(piece[-1])
            self._bytes -= size
            transport.write(b"".join(piece))
