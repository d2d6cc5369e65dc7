"""`mdxdash web`: the dashboard of a hub in browsers."""

import asyncio
import secrets
import socket
import sys
from collections.abc import Sequence
from typing import Any

import click

from mdxdash.cli.commands.secret import SECRET_BYTES
from mdxdash.cli.options import common_options, fail, read_settings
from mdxdash.cli.output.diagnostics import in_background, report
from mdxdash.cli.output.standard_output import is_terminal, show
from mdxdash.cli.signals import Interrupted, run_until_signal
from mdxdash.hub.address import (
    ANY,
    CannotListen,
    addresses,
    explain_listen_error,
    free_port,
    is_loopback,
    name_to_write,
    names,
    own_addresses,
)
from mdxdash.hub.listening import tls_context
from mdxdash.language.translation import _
from mdxdash.remote.attached.websocket_channel import has_secret, is_tap_address
from mdxdash.settings.extras import install_hint
from mdxdash.settings.tables.web_section import WebSettings


@click.command(name="web")
@click.argument("name", required=False)
@click.option("--host", "web_host", help="Address to listen on.  [default: localhost]")
@click.option(
    "--port", "web_port", type=int, help="Port to listen on; 0 takes a free one.  [default: 8000]"
)
@click.option("--tls-cert", "web_tls_cert", metavar="FILE", help="Certificate for https://.")
@click.option("--tls-key", "web_tls_key", metavar="FILE", help="Private key of the certificate.")
@click.option(
    "--read-only/--read-write",
    default=None,
    help="Only look, or also send.  [default: only look, where other machines can connect]",
)
@common_options
def command(name: str | None, read_only: bool | None, **options: Any) -> None:
    """Serve the dashboard of a running hub to browsers, a dashboard a tab.

    NAME is the hub's name, by default the only one that runs, or the address of a hub elsewhere, as
    `mdxdash attach` takes it; its secret is taken from MDXDASH_SECRET. Closing a tab costs nothing:
    the hub, its agents and its macros go on.

    Other machines can connect with --host 0.0.0.0. The address that is shown then holds a secret;
    a browser needs it once. Without --tls-cert everybody on the network can read along.
    """
    try:
        from mdxdash.web.server import WebServer  # noqa: PLC0415, F401  an optional extra
    except ImportError:
        fail(
            _("serving browsers needs textual-serve: {install}").format(install=install_hint("web"))
        )
    if name is not None and is_tap_address(name) and has_secret(name):
        # Each tab is a process, whose arguments others on this machine can read.
        fail(_("give the secret of that hub in MDXDASH_SECRET, not in its address"))
    settings = read_settings(**options)
    passed = [] if options["config"] is None else [f"--config={settings.file}"]
    try:
        with in_background():
            run_until_signal(_serve(settings.web, name, read_only, passed))
    except Interrupted:
        return
    except CannotListen as error:
        fail(str(error))


def _hosts_to_open(host: str) -> Sequence[str]:
    """Returns what names the host in a browser's address, best first: on all addresses of this
    machine its IP addresses, since other machines seldom know its name."""
    own = own_addresses() if host in ANY else ()
    return own or (name_to_write(host),)


async def _serve(
    settings: WebSettings, name: str | None, read_only: bool | None, passed: Sequence[str]
) -> None:
    """`passed`: options of `mdxdash attach` for every tab."""
    from mdxdash.web.access import Access  # noqa: PLC0415
    from mdxdash.web.server import WebServer  # noqa: PLC0415  an optional extra

    hosts = addresses(settings.host)
    tls = tls_context(settings.tls_cert, settings.tls_key)
    is_open = not all(map(is_loopback, hosts))
    secret = settings.secret
    made = is_open and secret is None
    if made:
        if not is_terminal():
            raise CannotListen(
                _(
                    "{host} can be reached from other machines, so browsers need a secret: "
                    "`secret` in [web], or MDXDASH_WEB_SECRET (`mdxdash secret` makes one)"
                ).format(host=settings.host)
            )
        secret = secrets.token_urlsafe(SECRET_BYTES)
    port = settings.port or free_port(hosts[0])
    command = [sys.executable, "-m", "mdxdash", "attach", "--in-browser", *passed]
    if is_open if read_only is None else read_only:
        command.append("--read-only")
    if name is not None:
        command += ["--", name]
    access = Access(
        names=[*names(settings.host), f"{socket.gethostname()}.local", *settings.names],
        port=port,
        secure=tls is not None,
        secret=secret,
    )
    # Of a hub elsewhere the address is nothing for a title.
    title = "mdxdash" if name is None or is_tap_address(name) else f"{name} · mdxdash"
    server = WebServer(command, access, title)
    try:
        async with server.listening(hosts, port, tls):
            scheme = "https" if tls else "http"
            to_open = [f"{scheme}://{host}:{port}/" for host in _hosts_to_open(settings.host)]
            if made:
                # Not into the log.
                report(_("serving browsers; open one of these, which hold the secret:"))
                for each in to_open:
                    show(f"{each}{secret}")
            else:
                for each in to_open:
                    report(
                        _("serving browsers at {address}{s}").format(
                            address=each, s="" if secret is None else "SECRET"
                        )
                    )
            await asyncio.Event().wait()
    except OSError as error:
        raise explain_listen_error(error, settings.host, port) from error
