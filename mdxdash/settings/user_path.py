"""The path of a file as a person writes it: `~` is the home folder."""

import errno
from pathlib import Path

from mdxdash.language.translation import N_


def user_path(text: str) -> Path:
    """Returns the path that a text names. Raises `OSError` where there is none: for `~name` without
    such a user, and with a null character in it."""
    if "\0" in text:
        raise OSError(errno.EINVAL, N_("a path has no null character"), text.replace("\0", "␀"))
    try:
        return Path(text).expanduser()
    except RuntimeError:  # of `expanduser`, where it finds no home folder
        raise OSError(errno.ENOENT, N_("there is no such home folder"), text) from None


def path_problem(error: OSError) -> str:
    """Returns what an error says of a path, without the number of the error."""
    reason = error.strerror or str(error)
    return f"{error.filename}: {reason}" if error.filename is not None else reason
