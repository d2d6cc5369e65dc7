"""Whether somebody is writing a file just now: a claim that ends with the process that made it.

On POSIX an advisory lock, which the system drops also after SIGKILL; readers are not hindered.
On Windows a file that is open cannot be moved, and that is the claim.
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
        """Claims an open file. Raises `BlockingIOError` when somebody else has."""

    def is_claimed(path: Path) -> bool:
        """Whether a process, this one or another, has claimed the file."""
        try:
            path.rename(path)
        except OSError as error:
            return error.winerror == _SHARING_VIOLATION
        return False

else:
    import fcntl

    def claim(descriptor: int) -> None:
        """Claims an open file. Raises `BlockingIOError` when somebody else has."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise
        except OSError:
            # No locks on this file system: others then go by the time of the last write.
            return

    def is_claimed(path: Path) -> bool:
        """Whether a process, this one or another, has claimed the file."""
        try:
            descriptor = os.open(path, os.O_RDONLY)
        except OSError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return time.time() - os.fstat(descriptor).st_mtime < _FRESH
        finally:
            os.close(descriptor)
        return False
