"""Opens files that other people may have put there: regular files only, and of bounded size.

Opening a named pipe waits until somebody writes into it, and a device such as `/dev/zero` never
ends. Both raise an error at once. `os.devnull` counts as an empty file, since it is named where a
file must be given and none is meant.
"""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO, Final

from mdxdash.language.translation import N_

_FLAGS: Final = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    # Neither waits for the other end of a pipe, nor takes over a terminal.
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
)

_KINDS: Final = {
    stat.S_IFIFO: N_("a named pipe"),
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFDIR: "a folder",
}


def open_regular(path: Path) -> BinaryIO:
    """Opens a regular file for reading. Does not block. Raises `OSError`, also for what is no
    regular file."""
    descriptor = os.open(path, _FLAGS)
    try:
        check_regular(descriptor)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def read_regular(path: Path, max_bytes: int) -> bytes:
    """Reads a regular file whole. Raises `OSError`, also when it has more than `max_bytes`."""
    with open_regular(path) as file:
        content = file.read(max_bytes + 1)
    if len(content) > max_bytes:
        raise OSError(
            errno.EFBIG,
            N_("it has more than {limit:,} bytes").format(limit=max_bytes),
            str(path),
        )
    return content


def check_regular(descriptor: int) -> None:
    """Raises `OSError` when an open file is neither a regular file nor `os.devnull`."""
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode) and not _is_null(status):
        raise OSError(
            errno.EINVAL,
            N_("it is {mode}, not a regular file").format(mode=kind_of(status.st_mode)),
        )


def kind_of(mode: int) -> str:
    """Returns what a file is by its mode (`os.stat_result.st_mode`): `a named pipe`."""
    return _KINDS.get(stat.S_IFMT(mode), "a special file")


def make_private_folder(path: Path) -> None:
    """Makes a folder and the missing ones above it, which only this user can enter. Those that
    exist stay as they are. Raises `OSError`."""
    missing = [each for each in (path, *path.parents) if not each.exists()]
    for folder in reversed(missing):
        folder.mkdir(mode=0o700, exist_ok=True)
    path.mkdir(exist_ok=True)  # raises where a file has the folder's name


def is_special(path: Path) -> bool:
    """Returns whether something is there that is neither a regular file nor `os.devnull`, such as
    a folder, a pipe or a device. False where nothing is there."""
    try:
        status = path.stat()
    except OSError:
        return False
    return not stat.S_ISREG(status.st_mode) and not _is_null(status)


def _is_null(status: os.stat_result) -> bool:
    if not stat.S_ISCHR(status.st_mode):
        return False
    try:
        return os.path.samestat(status, os.stat(os.devnull))  # noqa: PTH116  samestat needs it
    except OSError:
        return False
