"""The process that listens to Remdis for a hub: the rows become events of the hub."""

import asyncio
from collections.abc import Callable
from importlib.util import find_spec

import msgspec

from mdxdash.language.translation import N_
from mdxdash.remote.beside.side_process import SideProcess
from mdxdash.remote.fleet.broker_address import (
    BrokerAddress,
    WrongAddress,
    broker_address,
    is_open_to_others,
    open_to_others,
)
from mdxdash.settings.extras import install_hint
from mdxdash.settings.model import Settings


class RemdisStart(msgspec.Struct, frozen=True):
    """The first line that the process reads."""

    hub: str
    """The name of the hub, by which its control socket is found."""
    address: BrokerAddress


class CannotListenToRemdis(Exception):
    """The settings do not name a broker that can be used; the text says why."""


class RemdisProcess:
    """The process of one hub; none where the settings name no broker of Remdis."""

    def __init__(self, settings: Settings, report: Callable[[str], None]) -> None:
        """`report` makes an event of a sentence: the process has ended by itself."""
        self._settings = settings.remdis
        self._report = report
        self._process = SideProcess("remdis-rows", N_("remdis: the process that listens"), report)

    async def start(self, hub: str) -> None:
        """Starts the process for the hub of that name. Raises `CannotListenToRemdis`."""
        remdis = self._settings
        if remdis.url is None:
            return
        if find_spec("aio_pika") is None:
            raise CannotListenToRemdis(
                N_("aio-pika is not installed: {install}").format(install=install_hint("fleet"))
            )
        try:
            address = await asyncio.to_thread(
                broker_address, remdis.url, remdis.credentials, remdis.tls_ca
            )
        except WrongAddress as error:
            raise CannotListenToRemdis(str(error)) from None
        except (OSError, UnicodeDecodeError) as error:
            raise CannotListenToRemdis(f"{remdis.credentials}: {error}") from None
        if is_open_to_others(address):
            self._report(N_("remdis: {text}").format(text=open_to_others(address)))
        if not hub:
            raise CannotListenToRemdis(N_("the hub has no control socket"))
        self._process.start(msgspec.json.encode(RemdisStart(hub, address)))

    async def close(self) -> None:
        """Ends the process."""
        await self._process.close()

    def kill(self) -> None:
        """Ends it at once: another process starts one of its own."""
        self._process.kill()
