"""Which hubs of this user run on this machine, and what they say of themselves."""

from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from mdxdash.language.translation import N_
from mdxdash.remote.control_folder import NoControlFolder
from mdxdash.remote.control_socket import HubAddress, NoSuchHub, hub_addresses
from mdxdash.remote.protocol import Status, WholeState
from mdxdash.remote.shell_client import HubGone, Refused, ShellClient, first_line


class RunningHub(msgspec.Struct, frozen=True):
    """A hub that accepts connections at its control socket."""

    address: HubAddress
    state: WholeState | None
    """None for one that does not answer."""
    problem: str = ""
    """Why it does not."""

    @property
    def name(self) -> str:
        """The hub's name."""
        return self.address.name


def running_hubs(folder: Path | None = None) -> list[RunningHub]:
    """Returns the hubs that run, by name. Blocks for milliseconds; for a few seconds where one
    hangs. Raises `NoControlFolder` when the folder is not safe."""
    found = []
    for address in hub_addresses(folder):
        try:
            found.append(RunningHub(address, _state_of(address)))
        except NoSuchHub:  # what a dead one left
            continue
        except (Refused, HubGone, OSError) as error:
            found.append(RunningHub(address, None, str(error)))
    return found


def hub_on_port(port: int) -> RunningHub | None:
    """Returns the hub of this user that listens on a TCP port; None if there is none, or if it
    cannot be found out. Blocks as `running_hubs` does."""
    try:
        hubs = running_hubs()
    except NoControlFolder:
        return None
    for hub in hubs:
        if hub.state is not None and urlsplit(hub.state.welcome.url).port == port:
            return hub
    return None


def _state_of(address: HubAddress) -> WholeState:
    with ShellClient(address, first_line("hub")) as client:
        state = client.ask(Status(id=0)).state
    if state is None:
        raise Refused(N_("it gave no state"))
    return state
