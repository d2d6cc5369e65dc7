"""Every setting, with its default."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from mdxdash.settings.hub_section import HubSettings

ALL_AGENTS: Final = "all"
"""The target that means every agent, so that no group may have this name."""


class LogSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The `[log]` settings."""

    events: Annotated[int, Meta(ge=1, description="a number of events, 1 or more")] = 200_000
    """Events kept in memory."""
    bytes: Annotated[int, Meta(ge=1, description='a size such as "512 MiB"')] = 512 * 1024**2
    """Bytes that they may take, about: of long ones fewer are kept."""


class RecordingSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The `[recording]` settings."""

    enabled: Annotated[bool, Meta(description="true or false")] = True
    """Whether a session is recorded."""
    directory: Annotated[str, Meta(min_length=1, description="a folder")] | None = None
    """Where recordings are kept, `~` not yet expanded; None: the user's data directory."""
    sessions: Annotated[int, Meta(ge=1, description="a number of sessions, 1 or more")] = 50
    """Recordings kept, the running one among them."""
    bytes: Annotated[int, Meta(ge=1, description='a size such as "2 GiB"')] = 2 * 1024**3
    """Bytes that all recordings may take together."""
    waiting: Annotated[int, Meta(ge=1, description='a size such as "64 MiB"')] = 64 * 1024**2
    """Bytes that may wait in memory while the disk takes nothing."""


class ScreenSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The `[screen]` settings."""

    theme: (
        Annotated[str, Meta(min_length=1, description='a theme\'s name such as "nord"')] | None
    ) = None
    """A Textual theme, checked where themes are known; None: the dashboard's own choice."""


class Settings(msgspec.Struct, frozen=True):
    """All settings of one run."""

    file: Path
    """The `mdxdash.toml` in force; where there is none, the one to write when there is a need."""
    hub: HubSettings = HubSettings()
    log: LogSettings = LogSettings()
    recording: RecordingSettings = RecordingSettings()
    screen: ScreenSettings = ScreenSettings()
    groups: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    """The `[groups]`: each name stands for names and globs of agents."""


SECTIONS: dict[str, type[msgspec.Struct]] = {
    "hub": HubSettings,
    "log": LogSettings,
    "recording": RecordingSettings,
    "screen": ScreenSettings,
}
