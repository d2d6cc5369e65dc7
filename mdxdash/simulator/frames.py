"""WebSocket frames as the agent sees them: one by one, fragments and close frames like the rest.

`websockets` joins fragments, answers close frames and checks UTF-8, none of which the agent
does; so the bytes after the handshake are read here.
"""

from enum import IntEnum

import msgspec


class Opcode(IntEnum):
    CONTINUATION = 0x0
    TEXT = 0x1
    BINARY = 0x2
    CLOSE = 0x8
    PING = 0x9
    PONG = 0xA


class Frame(msgspec.Struct, frozen=True):
    """A frame from the server, without its masking, which servers do not use."""

    opcode: int
    payload: bytes


class FrameReader:
    """Cuts the byte stream from the server into frames (RFC 6455, section 5.2)."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    @property
    def in_part(self) -> bytes:
        """The bytes of a frame that is not complete yet."""
        return bytes(self._buffer)

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that `data` completes, in order."""
        self._buffer += data
        frames: list[Frame] = []
        while (extent := self._first_extent()) is not None:
            start, end = extent
            frames.append(Frame(self._buffer[0] & 0x0F, bytes(self._buffer[start:end])))
            del self._buffer[:end]
        return frames

    def _first_extent(self) -> tuple[int, int] | None:
        """Where the first frame's payload starts and ends, once it is all there."""
        if len(self._buffer) < 2:
            return None
        length = self._buffer[1] & 0x7F
        start = 2 + {126: 2, 127: 8}.get(length, 0)
        if len(self._buffer) < start:
            return None
        if length > 125:
            length = int.from_bytes(self._buffer[2:start], "big")
        end = start + length
        return (start, end) if len(self._buffer) >= end else None
