"""A claim on a file that is being written. It ends with the process that made it.

On POSIX it is an advisory lock (flock(2)), which the system releases also after SIGKILL, and which
does not hinder readers. On Windows an open file cannot be renamed, and that is the claim.
"""

import os
import sys
import time
from pathlib import Path
from typing import Final

_FRESH: Final = 3600.0
"""Seconds since the last write within which a file counts as claimed where locks do not work, as
on some network drives."""

if sys.platform == "win32":
    _SHARING_VIOLATION: Final = 32

    def claim(descriptor: int) -> None:
        """Claims an open file. Raises `BlockingIOError` when it is claimed already."""

    def is_claimed(path: Path) -> bool:
        """Returns whether a process, this one or another, has claimed the file."""
        try:
            path.rename(path)
        except OSError as error:
            return error.winerror == _SHARING_VIOLATION
        return False

else:
    import fcntl

    from mdxdash.settings.regular_file import open_regular

    def claim(descriptor: int) -> None:
        """Claims an open file. Raises `BlockingIOError` when it is claimed already."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise
        except OSError:
            # This file system has no locks: `is_claimed` then uses the time of the last write.
            return

    def is_claimed(path: Path) -> bool:
        """Returns whether a process, this one or another, has claimed the file. Does not block,
        whatever is there."""
        try:
            file = open_regular(path)
        except OSError:
            return False
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            except OSError:
                return time.time() - os.fstat(file.fileno()).st_mtime < _FRESH
        return False
