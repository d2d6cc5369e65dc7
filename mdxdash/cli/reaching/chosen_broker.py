"""The broker that a command speaks to: its address, name and password, which are never shown."""

import asyncio
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import click

from mdxdash.cli.options import fail
from mdxdash.language.translation import _
from mdxdash.remote.fleet.broker_address import (
    BrokerAddress,
    WrongAddress,
    broker_address,
    has_password,
)
from mdxdash.remote.fleet.broker_channel import Broker
from mdxdash.remote.fleet.broker_connection import BrokerError
from mdxdash.remote.fleet.configured_broker import Configured
from mdxdash.settings.extras import install_hint
from mdxdash.settings.model import Settings

_LOCAL: Final = "amqp://localhost"
"""Where Remdis has its broker unless it is told otherwise."""


def chosen_broker(url: str | None, settings: Settings, tls_ca: Path | None = None) -> BrokerAddress:
    """Returns the address that was named, or else that of `[fleet] url`. Name and password are
    those of the settings where they are for that broker, or for none by name. The password of a
    name in `url` is asked for. Exits with code 2 where something is wrong."""
    given = url or settings.fleet.url
    if given is None:
        fail(_("no broker: expected an address such as amqps://broker.example.org, or [fleet] url"))
    return _chosen(given, url is not None, (settings.fleet,), tls_ca)


def chosen_remdis_broker(
    url: str | None, settings: Settings, tls_ca: Path | None = None
) -> BrokerAddress:
    """As `chosen_broker` for the broker of Remdis: by default that of `[remdis] url`, else that of
    `[fleet] url`, else one on this machine. The name and password of `[fleet]` are used at its own
    broker alone."""
    remdis, fleet = settings.remdis, settings.fleet
    configured = (remdis, fleet) if fleet.url is not None else (remdis,)
    return _chosen(url or remdis.url or fleet.url or _LOCAL, url is not None, configured, tls_ca)


def _chosen(
    url: str, is_named: bool, configured: Sequence[Configured], tls_ca: Path | None
) -> BrokerAddress:
    """`is_named`: whether it stands in the command line."""
    if find_spec("aio_pika") is None:
        fail(_("aio-pika is not installed: {install}").format(install=install_hint("fleet")))
    if is_named and has_password(url):
        fail(
            _(
                "a password does not belong into a command line, where every user of this "
                "machine sees "
                "it: write amqp://NAME@HOST, which asks for it, or set MDXDASH_FLEET_CREDENTIALS "
                "to a "
                "file with NAME:PASSWORD"
            )
        )
    ca = None if tls_ca is None else str(tls_ca)
    file: str | None = None
    try:
        address = BrokerAddress.of(url, tls_ca=ca or "")
        found = next((each for each in configured if _names(each, address)), None)
        found = found or next((each for each in configured if each.url is None), None)
        if found is not None:
            file = None if is_named and address.user else found.credentials
            # An address in the settings may have a name and a password.
            own = url if address.user or found.url is None else found.url
            address = broker_address(own, file, ca or found.tls_ca)
    except WrongAddress as error:
        fail(str(error))
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{file}: {error}")
    if address.user and not address.password:
        if not sys.stdin.isatty():
            fail(
                _("{shown}: no password for {user}: set MDXDASH_FLEET_CREDENTIALS").format(
                    shown=address.shown, user=address.user
                )
            )
        asked = click.prompt(
            _("Password of {user}").format(user=address.user), hide_input=True, err=True
        )
        address = address.with_credentials(address.user, asked)
    return address


def _names(configured: Configured, address: BrokerAddress) -> bool:
    """Whether settings name the broker of an address."""
    return configured.url is not None and BrokerAddress.of(configured.url).shown == address.shown


def check_broker(address: BrokerAddress) -> None:
    """Exits with code 2 where the broker does not let this user in."""

    async def connect() -> None:
        async with Broker(address, "mdxdash"):
            pass

    try:
        asyncio.run(connect())
    except BrokerError as error:
        fail(str(error))
