"""Ends the programs of a hub process that was killed: the process that goes on with the hub starts
them anew, and two of each would answer.

Most end by themselves, since their input ends. On Windows their job ends them.
"""

import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from mdxdash.events.event import Event
from mdxdash.processes.child_process import END_WITHIN, ProcessGroup

MARK: Final = "MDXDASH_PROGRAM"
"""The variable in the environment of each program: its name in the settings."""

STARTED: Final = "started as process "
"""How the text of the event begins that records a start; the number of the process follows."""


def started_before(events: Iterable[Event]) -> set[int]:
    """Returns the numbers of the processes that these events say were started as programs."""
    found = set()
    for event in events:
        if event.by == "program" and event.kind == "log" and event.text.startswith(STARTED):
            with suppress(ValueError):
                found.add(int(event.text.removeprefix(STARTED)))
    return found


def end_left_over(processes: Iterable[int]) -> list[int]:
    """Ends those of the processes that still run and are programs of a hub, with their children.
    Blocks for a second at most. Returns the numbers of those that ran."""
    left = [process for process in processes if _is_program(process)]
    groups = [ProcessGroup(process) for process in left]
    for group in groups:
        group.end(gently=True)
    deadline = time.monotonic() + END_WITHIN
    while any(map(_is_program, left)) and time.monotonic() < deadline:
        time.sleep(0.02)
    for group in groups:
        group.end()
        group.close()
    return left


def _is_program(process: int) -> bool:
    """Returns whether a process runs that has the mark; numbers are given again to others."""
    if sys.platform != "linux":
        return False  # no process takes over a hub that was killed there
    try:
        environment = Path(f"/proc/{process}/environ").read_bytes()
    except OSError:
        return False
    return any(each.startswith(f"{MARK}=".encode()) for each in environment.split(b"\0"))
