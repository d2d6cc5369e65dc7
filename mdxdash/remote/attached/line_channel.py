"""Lines of bytes to and from a hub, whatever carries them."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, Protocol

from mdxdash.language.translation import N_
from mdxdash.remote.protocol import LINE_BYTES

_READ_BYTES: Final = 2**18
"""Bytes that are read at once: some thousand events, which take a few milliseconds to decode."""

LONGEST_LINE: Final = 64 * LINE_BYTES
"""Bytes of the longest line that is taken: the event of the largest frame that a hub can be set to
take, with each byte escaped, is shorter."""


class LineChannel(Protocol):
    """A connection that carries lines both ways."""

    @property
    def token(self) -> str:
        """What the hub wants to read in `Attach.token`; empty where it is not asked for."""

    @property
    def waiting(self) -> int:
        """Bytes that were written, and that the other side has not taken yet."""

    async def read(self) -> list[bytes]:
        """Returns the lines that have come, without their ends, waiting for the first; an empty
        list when the other side has ended the connection. Raises OSError."""

    def write(self, line: bytes) -> None:
        """Sends a line, which has no end yet. Never waits; what cannot be sent is dropped when the
        connection ends."""

    async def close(self) -> None:
        """Ends the connection."""


Opener = Callable[[], Awaitable[LineChannel]]
"""Connects to a hub. Raises OSError."""


class StreamChannel:
    """Lines over a stream of bytes: a Unix socket, or TCP on this machine."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, token: str = ""
    ) -> None:
        self.token = token
        self._reader = reader
        self._writer = writer
        self._rest = bytearray()
        """The beginning of a line whose end has not come."""

    @property
    def waiting(self) -> int:
        return self._writer.transport.get_write_buffer_size()

    async def read(self) -> list[bytes]:
        while data := await self._reader.read(_READ_BYTES):
            end = data.rfind(b"\n")
            if end < 0:
                self._rest += data
                if len(self._rest) > LONGEST_LINE:
                    raise OSError(
                        N_("a line has more than {limit:,} bytes").format(limit=LONGEST_LINE)
                    )
                continue
            whole = bytes(self._rest) + data[:end]
            self._rest[:] = data[end + 1 :]
            return whole.split(b"\n")
        return []

    def write(self, line: bytes) -> None:
        self._writer.write(line + b"\n")

    async def close(self) -> None:
        self._writer.close()
        with suppress(OSError):  # the other side was faster
            await self._writer.wait_closed()
