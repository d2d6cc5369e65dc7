"""Writes frames to an agent's socket so that the kernel never holds a part of one.

An agent drops a connection whose frame arrives in two parts 50 ms apart (PROTOCOL.md, To the
agent). What the kernel has taken cannot be taken back, and what is in asyncio's buffer is lost with
the process. So a frame is given to the kernel only when it has room for the whole of it, and waits
here otherwise, where another process can take it over.
"""

import asyncio
import socket
import sys
from collections import deque
from collections.abc import Callable, Iterable
from typing import Final

UNSENT_MOST: Final = 65_536
"""Bytes that the kernel may hold for an agent which does not take them before frames wait here."""

SEND_BUFFER: Final = 2**18
"""The smallest send buffer of the kernel, in bytes: it holds `UNSENT_MOST` and the largest frame
behind that."""

LOOK_INTERVAL: Final = 0.01
"""Seconds between two looks whether there is room again. No system reports that."""


class FrameWriter:
    """Writes the frames of one connection, in order. The end of the stream is the frame `b""`."""

    def __init__(
        self,
        transport: asyncio.Transport,
        loop: asyncio.AbstractEventLoop,
        on_wait: Callable[[], None],
        on_room: Callable[[], None],
        waiting: Iterable[bytes] = (),
    ) -> None:
        """`on_wait` is called when frames begin to wait, `on_room` when the last one has left.
        `waiting` are frames that waited in another process; `wait_for_room` begins with them."""
        self._transport = transport
        self._loop = loop
        self._on_wait = on_wait
        self._on_room = on_room
        self._waiting = deque(waiting)
        # Counted, since a flood of pongs makes the deque long.
        self._waiting_bytes = sum(map(len, self._waiting))
        self._unsent_most = UNSENT_MOST + 1
        """The kernel holds no more bytes than this: what it had when it was asked, and what it got
        since. Asking is a system call, of which one before each frame is felt."""
        self._has_tls = transport.get_extra_info("sslcontext") is not None
        self._timer: asyncio.TimerHandle | None = None
        self._socket: socket.socket | None = transport.get_extra_info("socket")
        if self._socket is not None:
            _widen(self._socket)

    @property
    def waiting(self) -> tuple[bytes, ...]:
        """The frames that wait here, oldest first."""
        return tuple(self._waiting)

    @property
    def unread_bytes(self) -> int:
        """Bytes that were written and that the kernel has not taken."""
        return self._waiting_bytes + self._transport.get_write_buffer_size()

    @property
    def is_between_frames(self) -> bool:
        """Whether the kernel has every frame that it has begun with, whole."""
        return self._transport.get_write_buffer_size() == 0

    @property
    def has_room(self) -> bool:
        """Whether a frame that is written now goes to the kernel."""
        return (
            not self._waiting
            and not self._transport.get_write_buffer_size()  # a part of a frame
            and (self._unsent_most <= UNSENT_MOST or self._ask_for_room())
        )

    def _ask_for_room(self) -> bool:
        """Asks the kernel."""
        self._unsent_most = 0 if self._socket is None else _unsent_bytes(self._socket)
        return self._unsent_most <= UNSENT_MOST

    def write(self, frame: bytes) -> None:
        """Writes a whole frame, or lets it wait."""
        if self.has_room:
            self.give(frame)
        else:
            self._waiting.append(frame)
            self._waiting_bytes += len(frame)
            self.wait_for_room()

    def give(self, frame: bytes) -> None:
        """Gives a frame to the transport, whether or not the kernel has room for it."""
        transport = self._transport
        if frame:
            # TLS makes more of it, how much is not told.
            self._unsent_most += UNSENT_MOST + 1 if self._has_tls else len(frame)
            transport.write(frame)
        elif transport.can_write_eof():
            transport.write_eof()
        elif not transport.is_closing():  # TLS has no half of a connection to close
            transport.close()

    def wait_for_room(self) -> None:
        """Calls `on_wait` now, and `on_room` later, if a frame that is written now would wait."""
        if self._timer is None and not self.has_room:
            self._on_wait()
            self._timer = self._loop.call_later(LOOK_INTERVAL, self._look)

    def write_all(self) -> None:
        """Gives everything to asyncio, since the connection ends."""
        while self._waiting:
            self.give(self._next())

    def close(self) -> None:
        """Ends the waiting: the connection is lost."""
        if self._timer is not None:
            self._timer.cancel()

    def _look(self) -> None:
        while (
            self._waiting
            and self.is_between_frames
            and (self._unsent_most <= UNSENT_MOST or self._ask_for_room())
        ):
            self.give(self._next())
        if self.has_room:
            self._timer = None
            self._on_room()
        else:
            self._timer = self._loop.call_later(LOOK_INTERVAL, self._look)

    def _next(self) -> bytes:
        frame = self._waiting.popleft()
        self._waiting_bytes -= len(frame)
        return frame


def _widen(connected: socket.socket) -> None:
    if connected.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) < SEND_BUFFER:
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)


if sys.platform == "linux":
    import fcntl
    import termios

    def _unsent_bytes(connected: socket.socket) -> int:
        """Returns the bytes in the kernel that the other end has not acknowledged (SIOCOUTQ)."""
        try:
            answer = fcntl.ioctl(connected.fileno(), termios.TIOCOUTQ, bytes(4))
        except (OSError, ValueError):  # it has just been closed; then its number is -1
            return 0
        return int.from_bytes(answer, sys.byteorder)

else:

    def _unsent_bytes(connected: socket.socket) -> int:
        """Elsewhere it is not asked for; asyncio's buffer shows when the kernel's is full."""
        return 0
