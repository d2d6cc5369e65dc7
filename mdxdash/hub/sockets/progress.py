"""How far each connection has been read, in memory that outlives the process.

Another process that gets the sockets compares the count with what the kernel has given out. Where
they are equal it goes on with the undecoded rest; else it searches for the next frame.
"""

import mmap
import os
import socket
import struct
import sys
from typing import Final, Self

import msgspec

from mdxdash.language.translation import N_

SLOT_BYTES: Final = 16_384
"""Bytes of one connection; only pages that are written take memory."""

SLOTS: Final = 1024
"""Connections that are kept, at most."""

_HEAD: Final = struct.Struct("=QQQI")
"""The version (odd while it is written), the connection's number, the count of bytes read, and the
length of the rest."""

_MODEL_BYTES: Final = 256
"""At the end of a slot: the length of a model's alias, and the alias."""

_REST_BYTES: Final = SLOT_BYTES - _HEAD.size - _MODEL_BYTES
_UNKNOWN: Final = 2**32 - 1
"""Instead of the length: the rest is not in the memory."""

_BYTES_RECEIVED_OFFSET: Final = 128
"""Of `tcpi_bytes_received` in `struct tcp_info` (linux/tcp.h)."""


class ReadSoFar(msgspec.Struct, frozen=True):
    """How far a connection was read."""

    count: int
    """Their number, from the first one of the request on."""
    rest: bytes
    """Those at the end that were not decoded."""


class Progress:
    """The shared memory."""

    def __init__(self, descriptor: int) -> None:
        """Owns the descriptor of the memory from now on."""
        self.descriptor = descriptor
        self._memory = mmap.mmap(descriptor, SLOTS * SLOT_BYTES)

    @classmethod
    def new(cls) -> Self:
        """Makes the memory. Raises `OSError`, also where there is none of this kind."""
        if sys.platform != "linux":
            raise OSError(N_("this system has no such memory"))
        descriptor = os.memfd_create("mdxdash")
        os.ftruncate(descriptor, SLOTS * SLOT_BYTES)
        return cls(descriptor)

    def write(self, number: int, count: int, rest: bytes | None) -> None:
        """Notes how far the connection of that number was read; `rest` is None where more is
        begun than undecoded bytes."""
        start = number % SLOTS * SLOT_BYTES
        memory, pack = self._memory, _HEAD.pack_into
        version = int.from_bytes(memory[start : start + 8], sys.byteorder) | 1
        if rest is None or len(rest) > _REST_BYTES:
            pack(memory, start, version, number, count, _UNKNOWN)
        else:
            pack(memory, start, version, number, count, len(rest))
            memory[start + _HEAD.size : start + _HEAD.size + len(rest)] = rest
        memory[start : start + 8] = (version + 1).to_bytes(8, sys.byteorder)

    def read(self, number: int) -> ReadSoFar | None:
        """Returns how far the connection was read; None where that is not known."""
        start = number % SLOTS * SLOT_BYTES
        version, found, count, length = _HEAD.unpack_from(self._memory, start)
        if version % 2 or found != number or length > _REST_BYTES:
            return None
        rest = self._memory[start + _HEAD.size : start + _HEAD.size + length]
        return ReadSoFar(count, rest)

    def write_model(self, number: int, model: str | None) -> None:
        """Notes the model to which that connection was last told to play sound, so that the end
        of the sound can be told by another process; None where the end was told."""
        end = (number % SLOTS + 1) * SLOT_BYTES
        alias = b"" if model is None else model.encode("utf-8", "replace")[: _MODEL_BYTES - 1]
        self._memory[end - _MODEL_BYTES + 1 : end - _MODEL_BYTES + 1 + len(alias)] = alias
        self._memory[end - _MODEL_BYTES] = len(alias)

    def read_model(self, number: int) -> str | None:
        """Returns the model of `write_model`."""
        end = (number % SLOTS + 1) * SLOT_BYTES
        start = end - _MODEL_BYTES + 1
        alias = self._memory[start : start + self._memory[start - 1]]
        return alias.decode("utf-8", "ignore") or None

    def close(self) -> None:
        """Gives the memory up here."""
        self._memory.close()
        os.close(self.descriptor)


if sys.platform == "linux":
    import fcntl
    import termios

    def bytes_given_out(connected: socket.socket) -> int:
        """Returns how many bytes of a TCP connection were read by processes so far."""
        size = _BYTES_RECEIVED_OFFSET + 8
        info = connected.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, size)
        received = int.from_bytes(info[_BYTES_RECEIVED_OFFSET:size], sys.byteorder)
        waiting = fcntl.ioctl(connected.fileno(), termios.FIONREAD, bytes(4))
        return received - int.from_bytes(waiting, sys.byteorder)

else:

    def bytes_given_out(connected: socket.socket) -> int:
        """Elsewhere the kernel is not asked."""
        raise OSError(N_("this system does not tell it"))
