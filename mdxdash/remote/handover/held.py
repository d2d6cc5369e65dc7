"""Agents that a keeper holds without a hub, because the hub died too often: who holds them, and how
a person has a hub started for them again (`keeper`)."""

import os
import signal
import sys
from pathlib import Path
from typing import Final

from mdxdash.language.translation import N_
from mdxdash.remote.control_socket import HubAddress

NOTE: Final = ".held"
"""What follows the path of the control socket in the name of the file in which the keeper writes
its process number meanwhile."""


def keeper_of(address: HubAddress) -> int | None:
    """Returns the process number of the keeper that holds the agents of a hub which is not started
    again; None where the hub runs, or there is none."""
    try:
        pid = int(Path(f"{address.path}{NOTE}").read_text(encoding="ascii"))
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError):
        return None
    return pid if b"keeper.py" in command else None


def held_reason(address: HubAddress) -> str:
    """Returns why a hub does not answer whose agents are held, as a sentence; or nothing."""
    pid = keeper_of(address)
    if pid is None:
        return ""
    return N_(
        "it died too often and is not started again; its agents stay connected to process {pid}, "
        "and `mdxdash hub restart {name}` starts it for them"
    ).format(pid=pid, name=address.name)


def start_hub_again(pid: int) -> None:
    """Lets the keeper with that process number start a hub. Raises `OSError`."""
    if sys.platform == "win32":
        raise NotImplementedError
    os.kill(pid, signal.SIGUSR1)
