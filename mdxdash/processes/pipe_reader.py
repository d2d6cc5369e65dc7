"""Reads the output of a process in a thread, and ends that also where the output does not end.

A child that left the process's group keeps a pipe open for as long as it likes, and nothing ends a
read of a pipe from outside. On Windows a job ends all children, and with them the read.
"""

import os
import sys
import time
from collections.abc import Callable
from typing import BinaryIO, Final

_LOOK_EVERY: Final = 0.05
"""Seconds between two looks whether it is to end."""

_REST_WITHIN: Final = 0.5
"""Seconds of silence after the end of the process that count as the end of its output."""


class PipeReader:
    """Our end of a pipe. `read` blocks; other methods are for any thread."""

    def __init__(self, pipe: BinaryIO, has_ended: Callable[[], bool]) -> None:
        """
        Args:
            pipe: Unbuffered.
            has_ended: Whether the process has ended.
        """
        self._pipe = pipe
        self._has_ended = has_ended
        self._is_stopped = False

    def read(self, size: int) -> bytes:
        """Returns what is there, up to `size` bytes, as soon as something is; empty at the end."""
        if self._is_stopped:
            return b""
        if sys.platform == "win32":
            return self._pipe.read(size) or b""
        import select  # noqa: PLC0415  its `poll` is none of Windows

        waiting = select.poll()
        waiting.register(self._pipe.fileno(), select.POLLIN)
        silent_since = 0.0
        while not self._is_stopped:
            if waiting.poll(_LOOK_EVERY * 1000):
                return os.read(self._pipe.fileno(), size)
            if not self._has_ended():
                continue
            silent_since = silent_since or time.monotonic()
            if time.monotonic() - silent_since >= _REST_WITHIN:
                break
        return b""

    def stop(self) -> None:
        """Ends a `read` that waits, and makes all others empty."""
        self._is_stopped = True

    def close(self) -> None:
        """Closes it. Nobody may be reading."""
        self._is_stopped = True
        self._pipe.close()
