"""Which user is at the other end of a Unix socket."""

import os
import socket
import struct
import sys
from typing import Final, Protocol

_UCRED: Final = struct.Struct("3i")
"""Process, user and group, each an int (unix(7), SO_PEERCRED)."""


class _Connection(Protocol):
    """A socket, or what asyncio gives of one."""

    @property
    def family(self) -> int: ...

    def getsockopt(self, level: int, optname: int, buflen: int, /) -> bytes: ...


def peer_uid(connection: _Connection) -> int | None:
    """Returns the user's number; None where the system does not tell it, as on macOS, or for a
    socket of another kind. There the mode of the socket and its folder, or the token, decide."""
    if sys.platform != "linux" or connection.family != socket.AF_UNIX:
        return None
    data = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _UCRED.size)
    return int(_UCRED.unpack(data)[1])


def is_own(uid: int | None) -> bool:
    """Returns whether a peer may be let in: it is this process's user, or is not known."""
    return uid is None or sys.platform == "win32" or uid == os.geteuid()
