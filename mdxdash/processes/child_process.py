"""Starts a command of the user without a shell, and ends it with all its children."""

import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from mdxdash.language.translation import N_
from mdxdash.processes.job_object import JobObject

END_WITHIN: Final = 1.0
"""Seconds that a program has to end by itself when it is asked to."""


class CommandError(ValueError):
    """A command cannot be started. The text names it and the reason."""


def split_command(command: str) -> tuple[str, ...]:
    """Splits a command into its program and arguments; quotes hold words together.

    Raises `CommandError` for a quote without an end, and for an empty command.
    """
    try:
        # On Windows a backslash is part of a path.
        words = shlex.split(command, posix=sys.platform != "win32")
    except ValueError as error:
        raise CommandError(f"{command}: {error}") from error
    if sys.platform == "win32":
        words = [word[1:-1] if word[:1] == word[-1:] == '"' else word for word in words]
    if not words:
        raise CommandError(N_("expected a command, got nothing"))
    return tuple(words)


def filled(words: Sequence[str], values: Mapping[str, str]) -> list[str]:
    """Returns the words with each `{name}` of `values` replaced. A value stays within its word, so
    that it is never taken for a program or another argument."""
    # All at once: a value may hold `{name}` itself.
    names = re.compile("|".join(re.escape(f"{{{name}}}") for name in values))
    return [names.sub(lambda found: values[found[0][1:-1]], word) for word in words]


def group_options() -> dict[str, Any]:
    """Returns the options of `subprocess` with which a process and its children are one group."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


class ProcessGroup:
    """A process that was started with `group_options`, and its children, to be ended together.

    On Windows it is a job object, so that they end with this process however that ends.
    """

    def __init__(self, pid: int) -> None:
        """`pid` is the process, which was started a moment ago."""
        self._pid = pid
        self._job: JobObject | None = None
        if sys.platform == "win32":
            # Without one, `taskkill` finds those children whose parents still run.
            with suppress(OSError):
                self._job = JobObject(pid)

    def end(self, *, gently: bool = False) -> None:
        """Ends them; what has ended already is no error. From any thread.

        Args:
            gently: Ask them to end (SIGTERM) instead of killing them; on Windows they are killed.
        """
        if sys.platform == "win32":
            if self._job is not None:
                self._job.end()
                return
            command = ["taskkill", "/T", "/F", "/PID", str(self._pid)]
            subprocess.run(command, capture_output=True, check=False)
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._pid, signal.SIGTERM if gently else signal.SIGKILL)

    def close(self) -> None:
        """Releases what the system keeps for it. On Windows what still runs in it ends."""
        if self._job is not None:
            self._job.close()


def describe_failure(words: Sequence[str], error: OSError | ValueError) -> str:
    """Returns why a command could not be started: a `ValueError` is a NUL in a word, or no text."""
    if isinstance(error, FileNotFoundError):
        return N_("{program}: there is no such program").format(program=words[0])
    return f"{words[0]}: {getattr(error, 'strerror', None) or error}"
