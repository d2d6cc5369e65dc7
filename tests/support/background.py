"""Hubs that a test has left in the background."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mdxdash.remote import keeper
from mdxdash.remote.control_socket import NoSuchHub, hub_addresses
from mdxdash.remote.protocol import StopHub, Welcome
from mdxdash.remote.shell_client import HubGone, ShellClient, first_line
from tests.support.waiting import until


def welcomes(runtime: Path) -> list[Welcome]:
    """What the hubs say of themselves that run with this runtime folder."""
    found = []
    for address in hub_addresses(runtime / "mdxdash"):
        try:
            with ShellClient(address, first_line("hub")) as client:
                found.append(client.welcome)
        except (NoSuchHub, HubGone, TimeoutError):  # a keeper holds its socket, perhaps
            continue
    return found


def stop_hubs(runtime: Path) -> None:
    """Ends all hubs that run with this runtime folder, and waits until they are gone."""
    for address in hub_addresses(runtime / "mdxdash"):
        try:
            with ShellClient(address, first_line("hub")) as client:
                client.ask(StopHub(sure=True))
        except (NoSuchHub, HubGone):
            continue
    until(lambda: not welcomes(runtime))


@contextmanager
def stopped_at_last(runtime: Path) -> Iterator[None]:
    """Leaves no hub in the background."""
    try:
        yield
    finally:
        stop_hubs(runtime)


def keepers() -> list[int]:
    """The keepers of this test's hubs that have begun, so that they survive a signal."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parts = (folder / "cmdline").read_bytes().split(b"\0")
            runtime = os.environ["XDG_RUNTIME_DIR"].encode()
            if keeper.__file__.encode() in parts and runtime in (folder / "environ").read_bytes():
                blocked = (folder / "status").read_text().partition("SigBlk:")[2].split()[0]
                if int(blocked, 16) & 1 << signal.SIGUSR1 - 1:
                    found.append(int(folder.name))
        except OSError:
            continue
    return found
