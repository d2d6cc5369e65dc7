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

TOGETHER_BYTES: Final = 131_072
"""Bytes read from all agents in one turn of the event loop: some 3,000 messages, 10 ms."""

SMALLEST_READ: Final = 2048
"""Bytes that each agent gets, however many there are."""


def read_share(connections: int) -> int:
    """Returns the bytes that each of so many connections may have read in one go."""
    return max(SMALLEST_READ, min(READ_BYTES, TOGETHER_BYTES // max(1, connections)))


def bound_reads(
    transport: asyncio.BaseTransport,
    protocol: asyncio.Protocol,
    hold: Callable[[], None],
    release: Callable[[], None],
) -> Callable[[int], None]:
    """Has a protocol get at most `READ_BYTES` in one go. To be called in its `connection_made`.
    Returns what sets another number.

    * `hold`: stops reading until `release` is called, a moment later.
    """
    if hasattr(transport, "max_size"):
        transport.max_size = READ_BYTES
        return lambda size: setattr(transport, "max_size", size)
    if not isinstance(transport, asyncio.Transport):
        turns = _InTurns(protocol, hold, release)
        cast(asyncio.Transport, transport).set_protocol(turns)
        return turns.limit
    return lambda size: None  # on Windows, where asyncio takes 64 KiB, and behind TLS


class _InTurns(asyncio.BufferedProtocol):
    """Reads for a protocol, once in each turn of the event loop."""

    def __init__(
        self, protocol: asyncio.Protocol, hold: Callable[[], None], release: Callable[[], None]
    ) -> None:
        self._protocol = protocol
        self._hold = hold
        self._release = release
        self._buffer = memoryview(bytearray(READ_BYTES))

    def limit(self, size: int) -> None:
        """Reads at most `size` bytes in one go."""
        self._buffer = memoryview(bytearray(size))

    def get_buffer(self, sizehint: int) -> memoryview:
        """Returns where the next bytes go."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Hands over what was read."""
        if nbytes == len(self._buffer):  # there may be more, which libuv would read at once
            self._hold()
            asyncio.get_running_loop().call_soon(self._release)
        self._protocol.data_received(bytes(self._buffer[:nbytes]))

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
