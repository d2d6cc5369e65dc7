"""Checks of the settings before a hub listens: whether they can work, and whether they are safe."""

import ssl
from collections.abc import Collection
from pathlib import Path
from urllib.parse import urlsplit

from mdxdash.hub.address import CannotListen, is_loopback, names
from mdxdash.hub.relay.upstream_address import address_error
from mdxdash.hub.tls.server_context import server_context
from mdxdash.language.translation import N_
from mdxdash.settings.hub_section import HubSettings
from mdxdash.settings.redaction import redact_address


def check_before_listening(
    settings: HubSettings, hosts: list[str], endpoints: Collection[str]
) -> None:
    """Raises `CannotListen` for settings that cannot work or are not safe.

    `hosts` are the addresses to listen on, `endpoints` the paths served beside the agents'.
    """
    _refuse_open_hub(settings, hosts)
    if settings.path in endpoints:
        raise CannotListen(
            N_("--path {path} is the path of other programs (--tap); choose another path").format(
                path=settings.path
            )
        )
    _refuse_loop(settings)


def tls_context(cert: str | None, key: str | None) -> ssl.SSLContext | None:
    """Returns the TLS context for a listener with these files; None without a certificate. `key` is
    None if the file of `cert` holds the key too. Raises `CannotListen`."""
    if cert is None:
        if key is not None:
            raise CannotListen(N_("--tls-key needs --tls-cert, the certificate that it belongs to"))
        return None
    return server_context(Path(cert).expanduser(), None if key is None else Path(key).expanduser())


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
