"""The running hub that a dashboard is attached to: of this user, or on another machine."""

import asyncio
import ssl
import sys
from pathlib import Path
from urllib.parse import urlsplit

import click
import msgspec

from mdxdash.cli.options import fail
from mdxdash.cli.output.diagnostics import report
from mdxdash.cli.reaching.running_hub import chosen_hub
from mdxdash.language.translation import _
from mdxdash.remote.attached.control_channel import control_opener
from mdxdash.remote.attached.hub_link import ask_welcome
from mdxdash.remote.attached.line_channel import Opener
from mdxdash.remote.attached.websocket_channel import (
    NotAdmitted,
    has_secret,
    shown_host,
    tap_address,
    tap_opener,
)
from mdxdash.remote.protocol import PROTOCOL, Attach, Welcome
from mdxdash.settings.model import Settings

_LOOK = Attach(PROTOCOL, "attach", events=False)


class ReachedHub(msgspec.Struct, frozen=True):
    """A hub that has said who it is."""

    open_channel: Opener
    """Connects to it."""
    welcome: Welcome
    """What it said of itself."""
    place: str = ""
    """Host and port of a hub that was reached by its address."""


def hub_here(name: str | None) -> ReachedHub:
    """Returns the hub of this user of that name; None: the one that runs. Exits with code 2 when
    there is none, or several and no name."""
    opener = control_opener(name or chosen_hub(None).name)
    try:
        return ReachedHub(opener, asyncio.run(ask_welcome(opener, _LOOK)))
    except OSError as error:
        fail(error.strerror or str(error))


def hub_elsewhere(address: str, settings: Settings, tls_ca: Path | None) -> ReachedHub:
    """Returns the hub at the address of its tap. A secret is asked for when the hub wants one, and
    MDXDASH_SECRET has none. `tls_ca` is a file with a certificate that is trusted. Exits with code
    2 when it cannot be reached."""
    place = shown_host(address)
    given = settings.origin("hub.secret").kind == "environment"
    secret = settings.hub.secret if given else None
    tls = _tls_context(tls_ca) if urlsplit(address).scheme == "wss" else None
    while True:
        try:
            opener = tap_opener(tap_address(address, secret), tls)
            return ReachedHub(opener, asyncio.run(ask_welcome(opener, _LOOK)), place)
        except ssl.SSLCertVerificationError as error:  # which is a ValueError too
            fail(
                _("{place}: {reason}; `--tls-ca FILE` trusts a copy of it").format(
                    place=place, reason=error.verify_message
                )
            )
        except ValueError as error:
            fail(str(error))
        except NotAdmitted as error:
            if secret is not None or has_secret(address) or not sys.stdin.isatty():
                fail(f"{place}: {error}")
            report(f"mdxdash: {place}: {error}")
            secret = click.prompt(_("Secret"), hide_input=True, err=True).strip()
        except OSError as error:
            fail(f"{place}: {error.strerror or error}")


def _tls_context(ca: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if ca is not None:
        try:
            context.load_verify_locations(ca)
        except OSError as error:
            fail(f"--tls-ca {ca}: {error.strerror or error}")
        # The certificate is its own anchor, whoever signed it.
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context
