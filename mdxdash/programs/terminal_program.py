"""The user's editor and pager, which take over the terminal for a while. The event loop goes on
meanwhile, so that agents are served.

In a terminal of Unix they are a process group of their own in its foreground, as a shell would
start them: ctrl+c and ctrl+z are theirs alone. ctrl+z must not stop the hub, and there is no shell
to continue an editor that has stopped itself: it is continued at once.
"""

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path, PurePath
from typing import Any, Final

from mdxdash.processes.child_process import CommandError, describe_failure, split_command

_LOOK_INTERVAL: Final = 0.1
"""Seconds between two looks whether the program has stopped itself."""

_LAST_WORDS: Final = 1.0
"""Seconds that an editor has to end when the dashboard does."""

_PLUS_LINE: Final = re.compile(
    r"(editor|emacs|emacsclient|ex|gvim|jed|joe|jmacs|jove|kak|less|mg|nano|ne|nvim|pico|"
    r"sensible-editor|vi|view|vim|vim\..+)"
)
"""Programs that go to a line with `+LINE` before the file."""

_COLON_LINE: Final = re.compile(r"(helix|hx|micro|subl|zed)")
"""Programs that go to a line with `FILE:LINE`."""


def editor_words(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Returns the user's editor and its arguments: `$VISUAL`, else `$EDITOR`, else `vi`; in Windows
    `notepad`. Raises `CommandError` for a command that is none."""
    default = "notepad" if sys.platform == "win32" else "vi"
    return split_command(environ.get("VISUAL") or environ.get("EDITOR") or default)


def pager_words(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Returns the user's pager and its arguments: `$PAGER`, else `less`; in Windows `more`. Raises
    `CommandError`."""
    default = "more" if sys.platform == "win32" else "less"
    return split_command(environ.get("PAGER") or default)


def pager_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Returns the environment of the pager: `less` stays also when all fits on the screen, which it
    does not where `$LESS` has `F`. Nobody would see what it showed before the dashboard is back."""
    return {**environ, "LESS": f"{environ.get('LESS', '')} -+F".strip()}


def with_file(words: Sequence[str], file: Path, line: int | None = None) -> list[str]:
    """Returns the words that open a file, at a line where the program is known to take one."""
    name = PurePath(words[0]).name.lower().removesuffix(".exe")
    if line is not None and _PLUS_LINE.fullmatch(name):
        return [*words, f"+{line}", str(file)]
    if line is not None and _COLON_LINE.fullmatch(name):
        return [*words, f"{file}:{line}"]
    return [*words, str(file)]


async def run_in_terminal(words: Sequence[str], environ: Mapping[str, str]) -> int:
    """Runs a program that has the terminal until it ends; returns its exit code. When this is
    cancelled the program is ended.

    Raises `CommandError` if it cannot be started.
    """
    own_group = _is_in_foreground()
    try:
        process = await asyncio.create_subprocess_exec(
            *words, env=dict(environ), process_group=0 if own_group else None
        )
    except (OSError, ValueError) as error:
        raise CommandError(describe_failure(words, error)) from error
    ended = asyncio.create_task(process.wait())
    before = _ignore_background() if own_group else None
    try:
        if own_group:
            _give_terminal(process.pid)
        while not ended.done():
            await asyncio.wait([ended], timeout=_LOOK_INTERVAL)
            if own_group and not ended.done():
                _continue_if_stopped(process.pid)
        return ended.result()
    finally:
        await _end(process, ended)
        if own_group:
            _give_terminal(os.getpid())
            _restore_background(before)


async def _end(process: Process, ended: "asyncio.Task[int]") -> None:
    """Asks what still runs to end; kills it if it does not."""
    if ended.done():
        return
    with suppress(ProcessLookupError):
        process.terminate()
    await asyncio.wait([ended], timeout=_LAST_WORDS)
    if not ended.done():
        with suppress(ProcessLookupError):
            process.kill()
        await ended


if sys.platform == "win32":

    def _is_in_foreground() -> bool:
        return False  # Windows' consoles have no foreground

    def _give_terminal(pid: int) -> None:
        raise NotImplementedError

    def _ignore_background() -> object:
        raise NotImplementedError

    def _restore_background(before: Any) -> None:
        raise NotImplementedError

    def _continue_if_stopped(pid: int) -> None:
        raise NotImplementedError

else:

    def _is_in_foreground() -> bool:
        """Whether the terminal on standard input is this process's to give away."""
        try:
            return os.tcgetpgrp(0) == os.getpgrp()
        except OSError:
            return False

    def _ignore_background() -> object:
        """Lets this process change the terminal also while it is in the background: to take it
        back, and where the dashboard ends meanwhile. SIGTTOU would stop it, and the hub with it.
        Returns what handled that before."""
        return signal.signal(signal.SIGTTOU, signal.SIG_IGN)

    def _restore_background(before: Any) -> None:
        """Lets SIGTTOU be handled as before."""
        signal.signal(signal.SIGTTOU, before or signal.SIG_DFL)

    def _give_terminal(pid: int) -> None:
        """Puts the process group of a process into the foreground."""
        with suppress(OSError):  # the terminal is gone
            os.tcsetpgrp(0, os.getpgid(pid))
        if pid != os.getpid():
            # It may have been faster, and stopped because the terminal was not its own yet.
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGCONT)

    def _continue_if_stopped(pid: int) -> None:
        if not hasattr(os, "waitid"):  # macOS before Python 3.13
            return
        with suppress(ChildProcessError):
            # Only a stop is taken note of here: the exit is left to asyncio.
            if os.waitid(os.P_PID, pid, os.WSTOPPED | os.WNOHANG) is not None:
                with suppress(ProcessLookupError):
                    os.killpg(pid, signal.SIGCONT)
