"""Listens where the settings say, after it has checked that they can work and are safe. Whoever
dials before a hub serves the sockets waits until then, so a program can say that it listens before
it has loaded its hub."""

import os
import socket
import ssl
import sys
from collections.abc import Collection
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from mdxdash.hub.address import (
    CannotListen,
    addresses,
    explain_listen_error,
    free_port,
    is_loopback,
    names,
)
from mdxdash.language.translation import N_
from mdxdash.settings.redaction import redact_address
from mdxdash.settings.tables.hub_section import HubSettings
from mdxdash.settings.user_path import path_problem, user_path

BACKLOG: Final = 1024
"""Connections that may wait to be accepted."""

_ATTEMPTS: Final = 10
"""How often a free port is looked for: another program may take it meanwhile."""


class Listeners(NamedTuple):
    """The sockets that a hub listens on, one for each of its addresses."""

    port: int
    sockets: tuple[socket.socket, ...]

    def close(self) -> None:
        """Stops listening, where no hub has taken the sockets over."""
        for each in self.sockets:
            each.close()


def listen(settings: HubSettings) -> Listeners:
    """Listens on the addresses of `host` in the settings. May block: names are looked up.

    Raises `CannotListen`, also for settings that are not safe.
    """
    hosts = addresses(settings.host)
    check_before_listening(settings, hosts)
    attempts = _ATTEMPTS if settings.port == 0 else 1
    for attempt in range(1, attempts + 1):
        try:
            # Port 0 would give each of the loopback addresses another port.
            port = settings.port or free_port(hosts[0])
            return Listeners(port, _listening(hosts, port))
        except OSError as error:
            if attempt == attempts:
                raise explain_listen_error(error, settings.host, settings.port) from error
    raise AssertionError("there is at least one attempt")


def _listening(hosts: list[str], port: int) -> tuple[socket.socket, ...]:
    """Returns a socket for each address. Raises OSError, and then none is open."""
    opened: list[socket.socket] = []
    try:
        for host in hosts:
            is_ipv6 = ":" in host
            each = socket.socket(socket.AF_INET6 if is_ipv6 else socket.AF_INET)
            opened.append(each)
            # As asyncio does (base_events.create_server): the port of a hub that has just ended can
            # be taken at once; on Windows the option would let two programs share a port.
            if os.name == "posix" and sys.platform != "cygwin":
                each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if is_ipv6:
                each.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            each.bind((host, port))
            each.listen(BACKLOG)
            each.setblocking(False)
    except OSError:
        for each in opened:
            each.close()
        raise
    return tuple(opened)


def check_before_listening(settings: HubSettings, hosts: list[str]) -> None:
    """Raises `CannotListen` for settings that cannot work or are not safe.

    `hosts` are the addresses to listen on.
    """
    _refuse_open_hub(settings, hosts)
    _refuse_loop(settings)


def check_path(settings: HubSettings, endpoints: Collection[str]) -> None:
    """Raises `CannotListen` where the path of the agents is one of the `endpoints`: those are
    served beside them."""
    if settings.path in endpoints:
        raise CannotListen(
            N_("--path {path} is the path of other programs (--tap); choose another path").format(
                path=settings.path
            )
        )


def tls_context(cert: str | None, key: str | None) -> ssl.SSLContext | None:
    """Returns the TLS context for a listener with these files; None without a certificate. `key` is
    None if the file of `cert` holds the key too. Raises `CannotListen`."""
    if cert is None:
        if key is not None:
            raise CannotListen(N_("--tls-key needs --tls-cert, the certificate that it belongs to"))
        return None
    # Not at the top: most hubs have no TLS, and the first picture waits for this file.
    from mdxdash.hub.tls.server_context import server_context  # noqa: PLC0415

    try:
        return server_context(user_path(cert), None if key is None else user_path(key))
    except OSError as error:
        raise CannotListen(path_problem(error)) from None


def _refuse_open_hub(settings: HubSettings, hosts: list[str]) -> None:
    if settings.secret or settings.insecure or all(map(is_loopback, hosts)):
        return
    raise CannotListen(
        N_(
            "{host} can be reached from other machines, so agents need a secret: "
            "`mdxdash secret --save` makes one; --insecure does without"
        ).format(host=settings.host)
    )


def _refuse_loop(settings: HubSettings) -> None:
    """Refuses an upstream that is no address, or is this hub: it would dial itself forever."""
    if settings.relay is None:
        return
    # Not at the top: it loads modules of websockets, and the first picture waits for this file.
    from mdxdash.hub.relay.upstream_address import address_error  # noqa: PLC0415

    shown = redact_address(settings.relay)
    if wrong := address_error(settings.relay):
        raise CannotListen(N_("--relay {shown}: {wrong}").format(shown=shown, wrong=wrong))
    server = urlsplit(settings.relay)
    if server.port == settings.port and (server.hostname or "") in names(settings.host):
        raise CannotListen(
            N_(
                "--relay {shown} is this mdxdash itself; give your server another port, or "
                "this one with --port"
            ).format(shown=shown)
        )
