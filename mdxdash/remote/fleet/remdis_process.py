"""The process that listens to Remdis for a hub: the rows become events of the hub."""

from collections.abc import Callable

import msgspec

from mdxdash.language.translation import N_
from mdxdash.remote.beside.side_process import SideProcess
from mdxdash.remote.fleet.broker_address import BrokerAddress
from mdxdash.remote.fleet.configured_broker import configured_broker
from mdxdash.settings.model import Settings


class RemdisStart(msgspec.Struct, frozen=True):
    """The first line that the process reads."""

    hub: str
    """The name of the hub, by which its control socket is found."""
    address: BrokerAddress


class RemdisProcess:
    """The process of one hub; none where the settings name no broker of Remdis."""

    def __init__(self, settings: Settings, report: Callable[[str], None]) -> None:
        """`report` makes an event of a sentence: the process has ended by itself."""
        self._settings = settings.remdis
        self._report = report
        self._process = SideProcess(
            "remdis-rows", f"remdis: {N_('the process that listens')}", report
        )

    async def start(self, hub: str) -> None:
        """Starts the process for the hub of that name. Raises `UnusableBroker`."""
        address = await configured_broker(
            self._settings, hub, lambda text: self._report(N_("remdis: {text}").format(text=text))
        )
        if address is not None:
            self._process.start(msgspec.json.encode(RemdisStart(hub, address)))

    async def close(self) -> None:
        """Ends the process."""
        await self._process.close()

    def kill(self) -> None:
        """Ends it at once: another process starts one of its own."""
        self._process.kill()
