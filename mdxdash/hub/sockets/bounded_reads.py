"""Bounds what a connection is given in one go, so that a flood at one delays the others little.

asyncio's transports have a limit for that. Those of uvloop and winloop, which are of no class of
asyncio, read up to 256 KiB, and up to 32 times in a row (`uv__read` of libuv) before another
connection has its turn.
"""

import asyncio
from collections.abc import Callable
from typing import Final, cast

READ_BYTES: Final = 16_384
"""Bytes read from a socket in one go. With asyncio's own 256 KiB, a flood of the smallest frames
would block the event loop for a third of a second (measured)."""


def bound_reads(
    transport: asyncio.BaseTransport,
    protocol: asyncio.Protocol,
    hold: Callable[[], None],
    release: Callable[[], None],
) -> None:
    """Has a protocol get at most `READ_BYTES` in one go. To be called in its `connection_made`.

    * `hold`: stops reading until `release` is called, a moment later.
    """
    if hasattr(transport, "max_size"):  # not on Windows, where asyncio takes 64 KiB
        transport.max_size = READ_BYTES
    elif not isinstance(transport, asyncio.Transport):
        cast(asyncio.Transport, transport).set_protocol(_InTurns(protocol, hold, release))


class _InTurns(asyncio.BufferedProtocol):
    """Reads for a protocol, once in each turn of the event loop."""

    def __init__(
        self, protocol: asyncio.Protocol, hold: Callable[[], None], release: Callable[[], None]
    ) -> None:
        self._protocol = protocol
        self._hold = hold
        self._release = release
        self._buffer = bytearray(READ_BYTES)

    def get_buffer(self, sizehint: int) -> bytearray:
        """Returns where the next bytes go."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Hands over what was read."""
        if nbytes == READ_BYTES:  # there may be more, which libuv would read at once
            self._hold()
            asyncio.get_running_loop().call_soon(self._release)
        self._protocol.data_received(bytes(memoryview(self._buffer)[:nbytes]))

    def eof_received(self) -> bool | None:
        """Tells that the other side has ended its direction."""
        return self._protocol.eof_received()

    def pause_writing(self) -> None:
        """Tells that the transport's buffer is full."""
        self._protocol.pause_writing()

    def resume_writing(self) -> None:
        """Tells that it is not any more."""
        self._protocol.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tells that the connection has ended."""
        self._protocol.connection_lost(exc)
