"""Ends the programs of a hub process that was killed: the process that goes on with the hub starts
them anew, and two of each would answer.

Most end by themselves, since their input ends. On Windows their job ends them. Elsewhere than on
Linux no process takes over a hub that was killed.
"""

import os
import sys
import time
from pathlib import Path
from typing import Final, NamedTuple

from mdxdash.processes.child_process import END_WITHIN, ProcessGroup

NAME: Final = "MDXDASH_PROGRAM"
"""The variable in the environment of each program: its name in the settings."""

_ORIGIN: Final = "MDXDASH_PROGRAM_ORIGIN"
"""The variable that says which hub started it: port, process and time since the machine's start.

All that a program starts inherits it, as another hub; the time tells these apart.
"""

_SECONDS_APART: Final = 2.0
"""Seconds from that time to the start of the process, at most."""


class _Origin(NamedTuple):
    port: int
    process: int
    """The number of the hub's process."""
    seconds: float
    """When the program was to be started, in seconds since the start of the machine."""


def program_marks(name: str, port: int) -> dict[str, str]:
    """Returns what the environment of a program has that a hub is about to start.

    Args:
        name: The name of the program in the settings.
        port: The port of the hub.
    """
    marks = {NAME: name}
    if sys.platform == "linux":
        seconds = time.clock_gettime(time.CLOCK_BOOTTIME)
        marks[_ORIGIN] = f"{port} {os.getpid()} {seconds:.2f}"
    return marks


def end_left_over(port: int) -> list[int]:
    """Ends the programs, with their children, that were started by a hub at this port whose process
    is gone. Blocks for a second at most, and a moment. Returns the numbers of their processes."""
    left = _left_over(port)
    groups = [ProcessGroup(process) for process in left]
    for group in groups:
        group.end(gently=True)
    deadline = time.monotonic() + END_WITHIN
    while any(map(_runs, left)) and time.monotonic() < deadline:
        time.sleep(0.02)
    for group in groups:
        group.end()
        group.close()
    return left


def _left_over(port: int) -> list[int]:
    if sys.platform != "linux":
        return []
    found = []
    for folder in Path("/proc").iterdir():
        origin = _origin(folder) if folder.name.isdecimal() else None
        if origin is None or origin.port != port or _runs(origin.process):
            continue
        if _was_started_for(folder, origin):
            found.append(int(folder.name))
    return sorted(found)


def _origin(process: Path) -> _Origin | None:
    """Returns the mark of a process of ours, by its folder in /proc; None if it has none."""
    try:
        environment = (process / "environ").read_bytes()
    except OSError:  # it is somebody else's, or has ended
        return None
    for each in environment.split(b"\0"):
        if each.startswith(f"{_ORIGIN}=".encode()):
            try:
                port, number, seconds = each.decode().partition("=")[2].split()
                return _Origin(int(port), int(number), float(seconds))
            except ValueError:
                return None
    return None


def _was_started_for(process: Path, origin: _Origin) -> bool:
    """Returns whether a process is the program itself, and not something that it has started."""
    if sys.platform == "win32":
        return False
    fields = _stat_fields(process)
    # The fields 6 and 22 of proc(5): each program leads a session of its own.
    if not fields or fields[3] != process.name:
        return False
    started = int(fields[19]) / os.sysconf("SC_CLK_TCK")
    return -0.1 <= started - origin.seconds <= _SECONDS_APART


def _runs(process: int) -> bool:
    """Returns whether a process runs; one that has ended and waits for its parent does not."""
    fields = _stat_fields(Path(f"/proc/{process}"))
    return bool(fields) and fields[0] != "Z"


def _stat_fields(process: Path) -> list[str]:
    """Returns the fields of a process from the third of proc(5) on, its state; none if it is gone.
    The second one, its name, may hold anything."""
    try:
        text = (process / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return text.rpartition(")")[2].split()
