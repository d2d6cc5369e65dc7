"""A home of its own for a program under test: no settings and no files of anybody else."""

import os
from pathlib import Path

HOME_VARIABLES = (
    "HOME",
    "XDG_CONFIG_HOME",
    "XDG_STATE_HOME",
    "XDG_DATA_HOME",
    "XDG_RUNTIME_DIR",
    "LOCALAPPDATA",
)
"""What says where a user's files are, on every system."""


def home_environment(home: Path) -> dict[str, str]:
    """The environment of a program whose home is a folder, in a terminal with a size of its own."""
    # The size in these two would win over the terminal's own.
    environment = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")}
    return environment | dict.fromkeys(HOME_VARIABLES, str(home)) | {"LANG": "C.UTF-8"}
