"""The broker that a command speaks to: its address, name and password, which are never shown."""

import asyncio
import sys
from importlib.util import find_spec
from pathlib import Path

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
from mdxdash.settings.extras import install_hint
from mdxdash.settings.model import Settings


def chosen_broker(url: str | None, settings: Settings, tls_ca: Path | None = None) -> BrokerAddress:
    """Returns the address that was named, or else that of `[fleet] url`, with name and password
    from `[fleet] credentials` or the address in the settings. The password of a name in `url` is
    asked for. Exits with code 2 where something is wrong."""
    if find_spec("aio_pika") is None:
        fail(_("aio-pika is not installed: {install}").format(install=install_hint("fleet")))
    fleet = settings.fleet
    given = url or fleet.url
    if given is None:
        fail(_("no broker: expected an address such as amqps://broker.example.org, or [fleet] url"))
    if url is not None and has_password(url):
        fail(
            _(
                "a password does not belong into a command line, where every user of this "
                "machine sees "
                "it: write amqp://NAME@HOST, which asks for it, or set MDXDASH_FLEET_CREDENTIALS "
                "to a "
                "file with NAME:PASSWORD"
            )
        )
    try:
        ca = None if tls_ca is None else str(tls_ca)
        credentials = None if url is not None and "@" in url else fleet.credentials
        address = broker_address(given, credentials, ca or fleet.tls_ca)
    except WrongAddress as error:
        fail(str(error))
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{fleet.credentials}: {error}")
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


def check_broker(address: BrokerAddress) -> None:
    """Exits with code 2 where the broker does not let this user in."""

    async def connect() -> None:
        async with Broker(address, "mdxdash"):
            pass

    try:
        asyncio.run(connect())
    except BrokerError as error:
        fail(str(error))
