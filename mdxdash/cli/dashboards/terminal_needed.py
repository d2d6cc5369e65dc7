"""Whether there is a terminal for a dashboard; ends the program with a reason if there is none."""

import os
import sys

from mdxdash.cli.options import fail
from mdxdash.language.translation import _


def require_terminal(without: str) -> None:
    """Ends the program where no screen can be drawn; `without` says so of a program that has no
    terminal, and what works without one."""
    if not all(stream and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        fail(without)
    if os.environ.get("TERM") == "dumb" and sys.platform != "win32":
        fail(
            _(
                "this terminal can draw no screen (TERM=dumb); `mdxdash serve`, `events` and "
                "`export` work in it"
            )
        )
