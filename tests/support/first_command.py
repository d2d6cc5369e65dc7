"""Runs a command line in a terminal until the demo's screen stands, then quits the demo.

`python -m tests.support.first_command FOLDER COMMAND`, for `.ci/run`. `python3` is the system's own
Python, where there is one that is new enough.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.support.terminal import Terminal

INSTALLATION = 600.0
"""Seconds that an installation may take."""

SYSTEM = "/usr/bin:/bin:/usr/sbin:/sbin"


def path() -> str:
    """The PATH on which `python3` is the system's own, if that is new enough."""
    probe = "import sys; sys.exit(sys.version_info < (3, 11))"
    try:
        new_enough = subprocess.run(["/usr/bin/python3", "-c", probe], check=False).returncode == 0
    except OSError:
        new_enough = False
    return SYSTEM if new_enough else os.environ["PATH"]


def run(folder: Path, command: str) -> int:
    """Runs the command in a folder, looks at the demo, and quits it; gives the exit code."""
    with tempfile.TemporaryDirectory() as home:
        environment = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")}
        environment |= {"PATH": path(), "LANG": "C.UTF-8"}
        environment |= dict.fromkeys(("XDG_DATA_HOME", "XDG_STATE_HOME"), home)
        with Terminal(["bash", "-c", command], folder, environment) as terminal:
            terminal.until_so(lambda: "1 agent" in terminal.text(), "the demo", INSTALLATION)
            terminal.until("RECOG_EVENT_STOP")
            print(terminal.text())
            terminal.press("q")
            return terminal.end()


if __name__ == "__main__":
    sys.exit(run(Path(sys.argv[1]), sys.argv[2]))
