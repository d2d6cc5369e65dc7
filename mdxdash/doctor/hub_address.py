"""The hub's address, as an agent's `.mdf` must name it."""

import msgspec

from mdxdash.doctor.setting_names import HOST, PATH, PORT
from mdxdash.hub.address import names
from mdxdash.settings.tables.hub_section import HubSettings


class HubAddress(msgspec.Struct, frozen=True):
    """The hub's host, port and path."""

    hosts: tuple[str, ...]
    """Names of the hub's host; the first is the one to write."""
    port: int
    path: str
    """The whole path, with its secret."""
    shown_path: str
    """The path without its secret, for the screen."""
    tls: bool

    @property
    def url(self) -> str:
        """The address without its secret."""
        scheme = "wss" if self.tls else "ws"
        host = f"[{self.hosts[0]}]" if ":" in self.hosts[0] else self.hosts[0]
        return f"{scheme}://{host}:{self.port}{self.shown_path}"

    @property
    def settings(self) -> dict[str, str]:
        """The `.mdf` settings that make an agent connect to it."""
        return {HOST: self.hosts[0], PORT: str(self.port), PATH: self.path}


def hub_address(settings: HubSettings, port: int) -> HubAddress:
    """Return the address of a hub with these settings that listens on `port`.

    May block: host names are looked up.
    """
    return HubAddress(
        names(settings.host), port, settings.dial_path, settings.shown_path, settings.has_tls
    )
