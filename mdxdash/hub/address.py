"""Where a hub can listen, and what an agent's `.mdf` must hold to find it."""

import errno
import ipaddress
import re
import socket
from contextlib import suppress
from typing import Any, Final

from mdxdash.language.translation import N_
from mdxdash.settings.redaction import redact_users
from mdxdash.settings.tables.hub_section import HubSettings

LOOPBACK: Final = ("127.0.0.1", "::1")
ANY: Final = ("0.0.0.0", "::", "")
"""Hosts that mean all addresses of this machine."""


class CannotListen(Exception):
    """The hub cannot listen on its address; the text gives the reason and what to do."""


def addresses(host: str) -> list[str]:
    """Returns the addresses of this machine that `host` means; `localhost` means both loopbacks.

    May block: names are looked up. Raises `CannotListen` for a host that is unknown or belongs to
    another machine.
    """
    if host == "localhost":
        candidates = list(LOOPBACK)
    else:
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        except (OSError, UnicodeError) as error:
            shown = repr(redact_users(host))
            raise CannotListen(
                N_("unknown host {shown} ({error}); try --host localhost").format(
                    shown=shown, error=error
                )
            ) from None
        candidates = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    bindable = [address for address in candidates if _can_bind(address)]
    if not bindable:
        raise CannotListen(
            N_(
                "{host!r} is no address of this machine; try --host localhost, or 0.0.0.0 for all"
            ).format(host=host)
        )
    return bindable


def free_port(address: str) -> int:
    """Returns a TCP port of `address` that nothing listens on now. Raises `OSError` if the address
    cannot be bound."""
    with _socket(address) as probe:
        probe.bind((address, 0))
        return int(probe.getsockname()[1])


def explain_listen_error(error: OSError, host: str, port: int) -> CannotListen:
    """Returns an error that explains why listening failed, and what to do."""
    where = N_("{host} port {port}").format(host=host, port=port)
    if error.errno in (errno.EADDRINUSE, getattr(errno, "WSAEADDRINUSE", -1)):
        return CannotListen(
            N_(
                "{where} is in use by another program (another mdxdash?); "
                "choose another with --port, or --port 0 for a free one"
            ).format(where=where)
        )
    if error.errno in (errno.EACCES, errno.EPERM, getattr(errno, "WSAEACCES", -1)):
        return CannotListen(
            N_(
                "{where} may not be opened by this user (ports below 1024 are reserved); "
                "choose another with --port"
            ).format(where=where)
        )
    return CannotListen(
        N_("cannot listen on {where}: {strerror}").format(
            where=where, strerror=error.strerror or error
        )
    )


def names(host: str) -> tuple[str, ...]:
    """Returns the names and addresses by which an agent may dial a hub that listens on `host`, the
    preferred one first. May block: names are looked up."""
    if host in ("localhost", *LOOPBACK):
        return tuple(dict.fromkeys((host, "localhost", *LOOPBACK)))
    if host not in ANY:
        return (host,)
    own = socket.gethostname()
    try:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(own, None)]
    except OSError:
        found = []
    return tuple(dict.fromkeys((own, *found, "localhost", *LOOPBACK)))


def own_addresses() -> tuple[str, ...]:
    """Returns the IPv4 addresses of this machine by which others can reach it, that of the way out
    first. May block: names are looked up."""
    found = []
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        # Nothing is sent; an address of documentation (RFC 5737), which goes the way of all others.
        probe.connect(("192.0.2.1", 9))
        found.append(str(probe.getsockname()[0]))
    with suppress(OSError):
        entries = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
        found += [str(entry[4][0]) for entry in entries]
    return tuple(address for address in dict.fromkeys(found) if not is_loopback(address))


PATH_SUFFIX: Final = re.compile(r"(?:-[A-Za-z0-9._~-]{1,64})?")
"""What may follow the hub's path: an agent that gets `429 Too Many Requests` for `/chat` dials
`/chat-1` (PROTOCOL.md, Opening)."""


def format_address(address: tuple[Any, ...] | None) -> str:
    """Formats a socket's address as `host:port`, with IPv6 in brackets; `?` for None, the address
    of a connection that has ended already."""
    if address is None:
        return "?"
    host, port = address[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def is_loopback(address: str) -> bool:
    """Returns whether an IP address can be reached only from this machine."""
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback


def server_url(settings: HubSettings, port: int) -> str:
    """Returns the URL of a hub without a path: `ws://localhost:9001`."""
    scheme = "wss" if settings.has_tls else "ws"
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{scheme}://{host}:{port}"


def name_to_write(host: str) -> str:
    """Returns the name of a hub's host for an agent's `.mdf`: the first of `names`, without
    blocking."""
    return socket.gethostname() if host in ANY else host


def mdf_lines(host: str, port: int, path: str) -> tuple[str, ...]:
    """Returns the lines of an agent's `.mdf` that make it dial the hub.

    They set a retry count: with the default, 0, an agent that starts before the hub never connects
    (PROTOCOL.md, Opening).
    """
    return (
        f"Plugin_Remote_Websocket_Host={name_to_write(host)}",
        f"Plugin_Remote_Websocket_Port={port}",
        f"Plugin_Remote_Websocket_Directory={path}",
        "Plugin_Remote_RetryCount=100000",
    )


def _socket(address: str) -> socket.socket:
    return socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)


def _can_bind(address: str) -> bool:
    try:
        free_port(address)
    except OSError:
        return False
    return True
