"""The process that joins a hub to a broker, as the hub starts and ends it."""

import socket
from collections.abc import Callable

import msgspec

from mdxdash.language.translation import N_
from mdxdash.remote.beside.side_process import SideProcess
from mdxdash.remote.fleet.addressing import HUB_NAME
from mdxdash.remote.fleet.broker_address import BrokerAddress
from mdxdash.remote.fleet.configured_broker import configured_broker
from mdxdash.settings.model import Settings


class BridgeStart(msgspec.Struct, frozen=True):
    """The first line that the process reads. It stands in no command line, since it has the
    password."""

    hub: str
    """The name of the hub, by which its control socket is found."""
    name: str
    """The name of the hub at the broker."""
    address: BrokerAddress
    buffer: int
    """Bytes for events while the broker is away."""
    interval: float
    """Seconds that an event waits for others."""


class BridgeProcess:
    """The process of one hub; none where the settings name no broker."""

    def __init__(self, settings: Settings, report: Callable[[str], None]) -> None:
        """`report` makes an event of a sentence: the process has ended by itself."""
        self._settings = settings
        self._report = report
        self._process = SideProcess(
            "fleet-bridge", f"fleet: {N_('the process that publishes')}", report
        )

    async def start(self, hub: str) -> None:
        """Starts the process for the hub of that name. Raises `UnusableBroker`."""
        fleet = self._settings.fleet
        address = await configured_broker(
            fleet, hub, lambda text: self._report(N_("fleet: {problem}").format(problem=text))
        )
        if address is not None:
            name = fleet_name(self._settings)
            start = BridgeStart(hub, name, address, fleet.buffer, fleet.interval)
            self._process.start(msgspec.json.encode(start))

    async def close(self) -> None:
        """Ends the process when it has published what is left."""
        await self._process.close()

    def kill(self) -> None:
        """Ends it at once: another process starts one of its own."""
        self._process.kill()


def fleet_name(settings: Settings) -> str:
    """Returns the name of a hub at the broker: its own, else that of its machine."""
    name = settings.fleet.name or settings.hub.name
    if name:
        return name
    found = HUB_NAME.match(socket.gethostname().split(".")[0])
    return found.group() if found else "hub"
