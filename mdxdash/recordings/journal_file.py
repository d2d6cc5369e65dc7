"""The file that a journal writes: blocks of lines are appended whole or not at all.

It notices when the file was removed or replaced. Only bytes that mdxdash wrote itself are ever cut
off or removed: a line that a crash or a full disk left half written, and an empty file that was
created here. Whatever else stands at the end of the file gets a newline behind it, and the reader
reports it as a damaged line.
"""

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from mdxdash.events.encoding import EVENT_START
from mdxdash.language.translation import N_
from mdxdash.recordings.file_format import HEADER_START, VERSION, Header
from mdxdash.recordings.file_lock import claim, is_claimed
from mdxdash.settings.regular_file import make_private_folder

_TAIL: Final = 65_536
"""Bytes read at a time while the last whole line is searched from the end."""

_HEADER_MAX: Final = 65_536
"""No header has more bytes."""

_LINE_MAX: Final = 16 * 2**20
"""An unfinished line with more bytes is not examined, and so not cut off."""

_LINE_STARTS: Final = (EVENT_START, b'{"gap":', b'{"mark":')
"""How the lines behind the header begin."""

_FLAGS: Final = (
    os.O_RDWR
    | os.O_APPEND
    | getattr(os, "O_BINARY", 0)
    # A pipe that was put there in this moment is not waited for.
    | getattr(os, "O_NONBLOCK", 0)
)


class FileSnapshot(msgspec.Struct, frozen=True):
    """A closed `JournalFile`, as another process needs it to go on."""

    end: int
    identity: tuple[int, int] | None
    created: bool


class JournalFile:
    """One file of lines, closed at first. Every method may block, and raises `OSError`.

    With `reserved` true, the path is that of an empty file which was created for this journal.
    """

    def __init__(self, path: Path, *, reserved: bool = False) -> None:
        self.path = path
        self.end = 0
        """The file's length in bytes, up to the last whole block."""
        self._descriptor: int | None = None
        self._identity: tuple[int, int] | None = None
        self._created = reserved
        """Whether the file is one that was created here."""
        self._half_written = b""
        """The block of which `append` may have left a part behind `end`."""

    @property
    def is_open(self) -> bool:
        """Whether the file is open."""
        return self._descriptor is not None

    def snapshot(self) -> FileSnapshot:
        """Returns what another process needs to go on with the closed file."""
        return FileSnapshot(self.end, self._identity, self._created)

    def restore(self, left: FileSnapshot) -> None:
        """Goes on with a file of another process: `open` returns true if it is still the same."""
        self.end, self._identity, self._created = left.end, left.identity, left.created

    def open(self) -> bool:
        """Opens or creates the file, with its folders, and claims it.

        Returns whether the file continues what this object wrote before; false for a file that is
        new or was replaced. Raises `FileExistsError` when the file is no recording or one in a
        newer format, `BlockingIOError` when another process is writing it.
        """
        make_private_folder(self.path.parent)
        if self.path.exists() and not self.path.is_file():
            raise OSError(errno.EINVAL, N_("not a file that can be appended to"))
        if is_claimed(self.path):
            raise BlockingIOError(errno.EAGAIN, N_("another mdxdash is writing this file"))
        descriptor = self._open_or_create()
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise OSError(errno.EINVAL, N_("not a file that can be appended to"))
            claim(descriptor)
            identity = (status.st_dev, status.st_ino)
            same = identity == self._identity and status.st_size >= self.end
            if same and self._is_half_written(descriptor, status.st_size):
                os.ftruncate(descriptor, self.end)
                end = self.end
            else:
                end = _finish_last_line(descriptor, status.st_size)
        except BaseException:
            os.close(descriptor)
            raise
        self._descriptor, self._identity, self.end = descriptor, identity, end
        self._half_written = b""
        return same

    def append(self, lines: bytes) -> None:
        """Writes all lines. After an error the file is closed, and none of them stays in it: a part
        that was written is cut off now or, if that fails too, by the next `open`."""
        assert self._descriptor is not None, "open the file first"
        left = memoryview(lines)
        try:
            while left:
                left = left[os.write(self._descriptor, left) :]
        except OSError:
            self._half_written = lines
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
            raise FileNotFoundError(errno.ENOENT, N_("the file was removed")) from error
        self.close()
        raise FileNotFoundError(errno.ENOENT, N_("the file was replaced or emptied"))

    def close(self) -> None:
        """Closes the file, if it is open, and releases the claim."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def remove_empty(self) -> None:
        """Removes the closed file if it was created here and nothing is in it."""
        opened = self._identity is not None and self._created
        if opened and self.path.exists() and not self.path.stat().st_size:
            self.path.unlink()

    def _open_or_create(self) -> int:
        try:
            return os.open(self.path, _FLAGS)
        except FileNotFoundError:
            descriptor = os.open(self.path, _FLAGS | os.O_CREAT | os.O_EXCL, 0o600)
            self._created = True
            return descriptor

    def _is_half_written(self, descriptor: int, size: int) -> bool:
        """Returns whether nothing but a part of the block that could not be written whole stands
        behind `end`; then it is ours."""
        left = size - self.end
        if left > len(self._half_written):
            return False
        return self._half_written.startswith(_read(descriptor, self.end, left))

    def _undo_write(self) -> None:
        descriptor = self._descriptor
        assert descriptor is not None
        # If even this fails, `open` does it later, since `end` is the length that the file had.
        with suppress(OSError):
            os.ftruncate(descriptor, self.end)
        self.close()


def _finish_last_line(descriptor: int, size: int) -> int:
    """Makes the file end in a whole line, and returns its length.

    Raises `FileExistsError` when it is no recording of this format's version.
    """
    if size == 0:
        return 0
    _check_header(_read(descriptor, 0, _HEADER_MAX))
    end = _whole_end(descriptor, size)
    if end == size:
        return size
    if size - end <= _LINE_MAX and _is_torn(_read(descriptor, end, size - end)):
        os.ftruncate(descriptor, end)
        return end
    os.write(descriptor, b"\n")
    return size + 1


def _check_header(start: bytes) -> None:
    line, newline, _ = start.partition(b"\n")
    header = _decoded_header(line)
    if header is not None and header.version > VERSION:
        raise FileExistsError(
            errno.EEXIST,
            N_(
                "a newer mdxdash wrote it, in version {version} of the format, so nothing is "
                "added to it; name another file"
            ).format(version=header.version),
        )
    # A process that was killed may have left a part of its header, which then is the whole file.
    torn = not newline and len(line) < _HEADER_MAX
    if not line.startswith(HEADER_START) or (header is None and not torn):
        raise FileExistsError(
            errno.EEXIST, N_("the file is no recording of mdxdash, so nothing is added to it")
        )


def _decoded_header(line: bytes) -> Header | None:
    try:
        header = msgspec.json.decode(line, type=Header)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return header if header.format == "mdxdash" and header.version > 0 else None


def _is_torn(line: bytes) -> bool:
    """Returns whether an unfinished line is the beginning of one that a journal writes."""
    if not line.startswith(_LINE_STARTS):
        return False
    try:
        msgspec.json.decode(line)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return True
    return False  # complete but for its newline


def _whole_end(descriptor: int, size: int) -> int:
    """Returns where the last whole line ends."""
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
