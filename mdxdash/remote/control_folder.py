"""The folder of the control sockets: in the user's runtime directory, and nobody else's business.

Whoever could write into it could put a socket of his own in a hub's place, so the folder and all
folders above it are checked each time. On Windows the user's profile is private by itself.
"""

import os
import stat
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs

from mdxdash.language.translation import N_


class NoControlFolder(Exception):
    """The folder cannot be used; the text gives the reason."""


def control_folder() -> Path:
    """Returns the folder of this user's control sockets, whether it exists or not."""
    with warnings.catch_warnings():
        # A runtime directory that others can write to is passed over with a warning, which would
        # be in the middle of the screen.
        warnings.simplefilter("ignore")
        return platformdirs.user_runtime_path("mdxdash", appauthor=False)


def checked_folder(folder: Path | None = None, *, make: bool = False) -> Path:
    """Returns the folder, by default `control_folder`, without symbolic links and checked.

    With `make` it is made if there is none. Raises `NoControlFolder` when it is not there, does not
    belong to this user, or when another user could replace it.
    """
    path = folder
    try:
        path = path or control_folder()
        if make:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.mkdir(mode=0o700, exist_ok=True)
        path = path.resolve(strict=True)
        if sys.platform != "win32":
            _check_private(path)
    except OSError as error:
        where = "" if path is None else f"{path}: "
        raise NoControlFolder(f"{where}{error.strerror or error}") from error
    return path


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Lets one process at a time change the folder; others wait meanwhile. Raises `OSError`."""
    descriptor = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(descriptor)
        yield
    finally:
        os.close(descriptor)  # which ends the lock


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)

    def _check_private(path: Path) -> None:
        own = os.geteuid()
        status = path.stat()
        if not stat.S_ISDIR(status.st_mode):
            raise NoControlFolder(N_("{path} is no folder").format(path=path))
        if status.st_uid != own:
            raise NoControlFolder(
                N_("{path} belongs to another user (uid {owner})").format(
                    path=path, owner=status.st_uid
                )
            )
        if stat.S_IMODE(status.st_mode) & 0o077:
            path.chmod(0o700)
        for parent in path.parents:
            status = parent.stat()
            if status.st_uid not in (own, 0):
                raise NoControlFolder(
                    N_("{parent} belongs to another user (uid {owner})").format(
                        parent=parent, owner=status.st_uid
                    )
                )
            # In a folder with the sticky bit, as /tmp, only the owner of a file may replace it.
            open_to_all = status.st_mode & 0o022 and not status.st_mode & stat.S_ISVTX
            if open_to_all:
                raise NoControlFolder(
                    N_("{parent}: other users may write there").format(parent=parent)
                )
