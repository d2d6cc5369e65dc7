"""The file that a journal writes: blocks of lines are appended whole or not at all.

It notices when the file was removed or replaced, and cuts off a line that a crash or a full disk
left half written.
"""

import errno
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from mdxdash.recordings.file_format import HEADER_START
from mdxdash.recordings.file_lock import claim, is_claimed

_TAIL: Final = 65_536
"""Bytes read at a time while the last whole line is searched from the end."""

_FLAGS: Final = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)


class JournalFile:
    """One file of lines, closed at first. Every method may block, and raises `OSError`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.end = 0
        """The file's length in bytes, up to the last whole block."""
        self._descriptor: int | None = None
        self._identity: tuple[int, int] | None = None

    @property
    def is_open(self) -> bool:
        return self._descriptor is not None

    def open(self) -> bool:
        """Opens or creates the file, with its folders, and claims it.

        Returns whether the file continues what this object wrote before; false for a file that is
        new or was replaced. A half-written last line is cut off. Raises `FileExistsError` when the
        file is no recording, `BlockingIOError` when another process is writing it.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if self.path.exists() and not self.path.is_file():
            raise OSError(errno.EINVAL, "not a file that can be appended to")
        if is_claimed(self.path):
            raise BlockingIOError(errno.EAGAIN, "another mdxdash is writing this file")
        descriptor = os.open(self.path, _FLAGS, 0o600)
        try:
            claim(descriptor)
            status = os.fstat(descriptor)
            identity = (status.st_dev, status.st_ino)
            same = identity == self._identity and status.st_size >= self.end
            end = self.end if same else _whole_end(descriptor, status.st_size)
            if end < status.st_size:
                os.ftruncate(descriptor, end)
        except BaseException:
            os.close(descriptor)
            raise
        self._descriptor, self._identity, self.end = descriptor, identity, end
        return same

    def append(self, lines: bytes) -> None:
        """Writes all lines. After an error none of them is in the file, and the file is closed."""
        assert self._descriptor is not None, "open the file first"
        left = memoryview(lines)
        try:
            while left:
                left = left[os.write(self._descriptor, left) :]
        except OSError:
            self._undo_write()
            raise
        self.end += len(lines)

    def check(self) -> None:
        """Checks that what was written is still under this path; otherwise closes the file and
        raises `FileNotFoundError`."""
        assert self._descriptor is not None, "open the file first"
        try:
            status = self.path.stat()
            if (status.st_dev, status.st_ino) == self._identity and status.st_size >= self.end:
                return
        except OSError as error:
            self.close()
            raise FileNotFoundError(errno.ENOENT, "the file was removed") from error
        self.close()
        raise FileNotFoundError(errno.ENOENT, "the file was replaced or emptied")

    def close(self) -> None:
        """Closes the file, if it is open, and releases the claim."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def remove_empty(self) -> None:
        """Removes the closed file if nothing was ever written to it."""
        if self._identity is not None and self.path.exists() and not self.path.stat().st_size:
            self.path.unlink()

    def _undo_write(self) -> None:
        descriptor = self._descriptor
        assert descriptor is not None
        # If even this fails, `open` does it later, since `end` is the length that the file had.
        with suppress(OSError):
            os.ftruncate(descriptor, self.end)
        self.close()


def _whole_end(descriptor: int, size: int) -> int:
    """Returns where the last whole line ends. Raises `FileExistsError` when it is no recording."""
    if size == 0:
        return 0
    start = _read(descriptor, 0, len(HEADER_START))
    if not HEADER_START.startswith(start):
        raise FileExistsError(
            errno.EEXIST, "the file is no recording of mdxdash, so nothing is added to it"
        )
    end = size
    while end > 0:
        begin = max(0, end - _TAIL)
        newline = _read(descriptor, begin, end - begin).rfind(b"\n")
        if newline >= 0:
            return begin + newline + 1
        end = begin
    return 0


def _read(descriptor: int, offset: int, count: int) -> bytes:
    os.lseek(descriptor, offset, os.SEEK_SET)
    return os.read(descriptor, count)
