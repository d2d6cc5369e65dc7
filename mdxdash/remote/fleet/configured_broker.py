"""The broker that a section of a hub's settings names: its address, or why it cannot be used."""

import asyncio
from collections.abc import Callable
from importlib.util import find_spec
from typing import Protocol

from mdxdash.language.translation import N_
from mdxdash.remote.fleet.broker_address import (
    BrokerAddress,
    WrongAddress,
    broker_address,
    is_open_to_others,
    open_to_others,
)
from mdxdash.settings.extras import install_hint


class Configured(Protocol):
    """A section of the settings that names a broker."""

    @property
    def url(self) -> str | None: ...

    @property
    def credentials(self) -> str | None: ...

    @property
    def tls_ca(self) -> str | None: ...


class UnusableBroker(Exception):
    """The settings do not name a broker that can be used; the text says why."""


async def configured_broker(
    section: Configured, hub: str, report: Callable[[str], None]
) -> BrokerAddress | None:
    """Returns the address that a process beside a hub connects to; None where the section names
    none. Raises `UnusableBroker`.

    * `hub`: the name of the hub, by which that process finds it; empty where it cannot.
    * `report`: gets a sentence where other users can read the password.
    """
    if section.url is None:
        return None
    if find_spec("aio_pika") is None:
        raise UnusableBroker(
            N_("aio-pika is not installed: {install}").format(install=install_hint("fleet"))
        )
    try:
        address = await asyncio.to_thread(
            broker_address, section.url, section.credentials, section.tls_ca
        )
    except WrongAddress as error:
        raise UnusableBroker(str(error)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableBroker(f"{section.credentials}: {error}") from None
    if is_open_to_others(address):
        report(open_to_others(address))
    if not hub:
        raise UnusableBroker(N_("the hub has no control socket"))
    return address
