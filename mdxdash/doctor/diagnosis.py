"""What a diagnosis of an `.mdf` is made of: where the hub is, what was found, what mends it."""

from typing import Final, Literal

import msgspec

from mdxdash.doctor.mdf_file import Mdf, MdfFile, Setting
from mdxdash.hub.address import names
from mdxdash.settings.hub_section import HubSettings

HOST: Final = "Plugin_Remote_Websocket_Host"
PORT: Final = "Plugin_Remote_Websocket_Port"
PATH: Final = "Plugin_Remote_Websocket_Directory"
Severity = Literal["error", "warning", "note"]
"""`error`: the agent will not connect. `warning`: not always. `note`: good to know."""


class HubAddress(msgspec.Struct, frozen=True):
    """Where the hub is, as an agent must name it."""

    hosts: tuple[str, ...]
    """Names that lead to it; the first is the one to write."""
    port: int
    path: str
    """In full, with its secret."""
    shown_path: str
    """The path as it may be shown."""
    tls: bool

    @property
    def url(self) -> str:
        """The address, as it may be shown."""
        scheme = "wss" if self.tls else "ws"
        host = f"[{self.hosts[0]}]" if ":" in self.hosts[0] else self.hosts[0]
        return f"{scheme}://{host}:{self.port}{self.shown_path}"

    @property
    def settings(self) -> dict[str, str]:
        """The settings that make an agent dial it."""
        return {HOST: self.hosts[0], PORT: str(self.port), PATH: self.path}


class CutLine(msgspec.Struct, frozen=True):
    """Bytes of the content's file that others replace."""

    start: int
    end: int
    data: bytes = b""


class Diagnosis(msgspec.Struct, frozen=True):
    """One thing that is wrong, and what mends it."""

    code: str
    gravity: Severity
    text: str
    """What is the matter and what to do, a sentence or two."""
    keys: tuple[str, ...] = ()
    """The settings that it is about."""
    file: str = ""
    line: int | None = None
    """Where it stands, counted from 1."""
    sets: tuple[tuple[str, str], ...] = ()
    """The settings that mend it."""
    cuts: tuple[CutLine, ...] = ()
    """Changes to the content's bytes that mend it."""

    @property
    def mendable(self) -> bool:
        """Whether `mend` does something about it."""
        return bool(self.sets or self.cuts)


class ExampleCase(msgspec.Struct, frozen=True):
    """What the rules look at."""

    mdf: Mdf
    """Its last file is the content's."""
    wanted: HubAddress

    @property
    def content(self) -> MdfFile:
        """The file that can be mended."""
        return self.mdf.files[-1]

    def value(self, key: str, default: str = "") -> str:
        """What the program gets when it asks for a key."""
        return self.mdf.value(key, default)

    def says(
        self,
        code: str,
        gravity: Severity,
        key: str,
        text: str,
        sets: tuple[tuple[str, str], ...] = (),
        more_keys: tuple[str, ...] = (),
    ) -> Diagnosis:
        """A diagnosis about the line in which a key gets its value."""
        found = self.mdf.find(key)
        keys = (key, *more_keys)
        if found is None:
            return Diagnosis(code, gravity, text, keys, self.content.name, sets=sets)
        file, setting = found
        if earlier := _earlier(self.mdf, setting):
            text += f" The last of several lines wins; {earlier} lost."
        return Diagnosis(code, gravity, text, keys, file.name, setting.line, sets)


def hub_address(settings: HubSettings, port: int) -> HubAddress:
    """Where a hub with these settings, listening on `port`, is for an agent."""
    return HubAddress(
        names(settings.host), port, settings.dial_path, settings.shown_path, settings.has_tls
    )


def _earlier(mdf: Mdf, winner: Setting) -> str:
    """Where a key got other values, which do not count: `line 3`, `line 3 of MMDAgent-EX.mdf`."""
    last = mdf.files[-1]
    lost = [
        f"line {setting.line}" + ("" if file is last else f" of {file.name}")
        for file in mdf.files
        for setting in file.settings
        if setting.key == winner.key and setting.value != winner.value
    ]
    return ", ".join(lost)
