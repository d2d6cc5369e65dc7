"""Every setting, with its default and its meaning, in the sections of the settings file."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from mdxdash.language.translation import N_
from mdxdash.settings.setting import About, Setting, literal, settings_of
from mdxdash.settings.tables.command_sections import ProgramSettings, VoiceSettings
from mdxdash.settings.tables.fleet_section import FleetSettings
from mdxdash.settings.tables.hub_section import HubSettings, Switch
from mdxdash.settings.tables.remdis_section import RemdisSettings
from mdxdash.settings.tables.web_section import WebSettings
from mdxdash.settings.toml_positions import KeyPath
from mdxdash.settings.toml_source import SettingsError, TomlSource

VERSION: Final = 1
"""Of the file's format."""

ALL_AGENTS: Final = "all"
"""The target that means every agent, so that no group may have this name."""

GROUP_MEMBERS: Final = N_('a list of agents such as ["chat", "chat-1"]')
"""What a group must be, in words."""

FILTER_TEXT: Final = N_('a filter such as "level:error OR is:lost"')
"""What a saved filter must be, in words."""

HIGHLIGHT_COLOURS: Final = ("primary", "secondary", "accent", "success", "warning", "error")
"""The colours of highlights. Each theme has its own shades of them, which are readable."""

HIGHLIGHT_COLOUR: Final = N_('"primary", "secondary", "accent", "success", "warning" or "error"')
"""What the colour of a highlight must be, in words."""


class LogSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The `[log]` settings: the events in memory."""

    events: Annotated[
        int,
        Meta(ge=1, description="a number of events, 1 or more"),
        About("Events kept in memory; the recording has them all.", unit="events"),
    ] = 200_000
    bytes: Annotated[
        int,
        Meta(ge=1, description='a size such as "512 MiB"'),
        About("Memory that these events may take, approximately.", form="size"),
    ] = 512 * 1024**2


class RecordingSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The `[recording]` settings: the sessions on disk."""

    enabled: Annotated[
        Switch, About("Record each session.", option="--no-record", trust="deletes")
    ] = True
    directory: (
        Annotated[
            str,
            Meta(min_length=1, description="a folder"),
            About(
                "Where recordings are kept; `~` is your home directory.",
                trust="deletes",
                unset="your data directory",
                example="~/mdxdash",
            ),
        ]
        | None
    ) = None
    sessions: Annotated[
        int,
        Meta(ge=1, description="a number of sessions, 1 or more"),
        About(
            "Recordings that are kept: the oldest are removed, never the running one.",
            unit="sessions",
            trust="deletes",
        ),
    ] = 50
    bytes: Annotated[
        int,
        Meta(ge=1, description='a size such as "2 GiB"'),
        About(
            "Disk space for all recordings together: the oldest are removed, never the running "
            "one.",
            form="size",
            trust="deletes",
        ),
    ] = 2 * 1024**3
    waiting: Annotated[
        int,
        Meta(ge=1, description='a size such as "64 MiB"'),
        About("Memory for events that the disk cannot take at the moment.", form="size"),
    ] = 64 * 1024**2


class ScreenSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The `[screen]` settings: the dashboard."""

    theme: (
        Annotated[
            str,
            Meta(min_length=1, description='a theme\'s name such as "nord"'),
            # Themes are Textual's, so the dashboard checks the name.
            About(
                "The theme of the dashboard; its palette (ctrl+p) sets it.",
                unset="the dashboard's own",
                example="nord",
            ),
        ]
        | None
    ) = None
    language: Annotated[
        str,
        Meta(pattern=r"\A(auto|en|ja)\Z", description='"auto", "en" or "ja"'),
        About(
            "The language of the dashboard and of the command line: English (`en`), Japanese "
            "(`ja`), or that of the system (`auto`)."
        ),
    ] = "auto"
    gap: Annotated[
        float,
        Meta(gt=0, description='a duration above 0, such as "5s"'),
        About("Silence that counts as a gap, to which the keys { and } go.", form="duration"),
    ] = 5.0
    columns: Annotated[
        tuple[
            Annotated[str, Meta(pattern=r"\A(time|agent|type|arguments|echo)\Z")],
            ...,
        ],
        Meta(description='a list of "time", "agent", "type", "arguments" and "echo"'),
        About(
            "The columns of a row of events that are shown; `O` switches them.",
            form="list",
        ),
    ] = ("time", "agent", "type", "arguments", "echo")
    time: Annotated[
        str,
        Meta(
            pattern=r"\A(clock|session|previous)\Z",
            description='"clock", "session" or "previous"',
        ),
        About(
            "What the time column shows: the time of day, the time since the session's first event "
            "in memory, or since the row before.",
        ),
    ] = "clock"
    agent_width: Annotated[
        int,
        Meta(ge=0, le=40, description="a number of cells from 0 to 40"),
        About(
            "The width of the agents' names in a row, at most; 0: a third of the pane.",
            unit="cells",
        ),
    ] = 0
    type_width: Annotated[
        int,
        Meta(ge=0, le=80, description="a number of cells from 0 to 80"),
        About("The width of the types in a row; 0: 26, or 20 in a narrow pane.", unit="cells"),
    ] = 0
    wrap: Annotated[Switch, About("Show long rows in several lines; `B` switches it.")] = False
    ascii: Annotated[
        Switch,
        About(
            "Draw signs, lines and bars in ASCII, for terminals in which `←→■●…` are two cells "
            "wide.",
        ),
    ] = False


class SpeechSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The `[speech]` settings: sound that agents speak."""

    lead: Annotated[
        float,
        Meta(gt=0, description='a duration above 0, such as "300ms"'),
        About(
            "Sound that is sent ahead of what is heard: a slow machine needs more, and an agent "
            "that is stopped speaks on for so long.",
            form="duration",
        ),
    ] = 0.3
    longest: Annotated[
        float,
        Meta(gt=0, description='a duration above 0, such as "10m"'),
        About("Sounds that are longer are not spoken.", form="duration"),
    ] = 600.0


class DialogueSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The `[dialogue]` settings: what is expected of a dialogue."""

    answer_within: (
        Annotated[
            float,
            Meta(gt=0, description='a duration above 0, such as "1.2s"'),
            About(
                "How long after the user's words the agent's voice may begin: what takes longer is "
                "reported, and shown in the conversation.",
                form="duration",
                unset="no limit",
                example="1.2s",
            ),
        ]
        | None
    ) = None


class AlertSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The `[alerts]` settings: how an alert is brought to somebody who looks elsewhere."""

    bell: Annotated[Switch, About("Ring the terminal's bell at an alert.")] = False
    run: (
        Annotated[
            str,
            Meta(min_length=1, description='a command such as "python3 notify.py"'),
            About(
                "The command that is started for an alert, without a shell: a line of JSON on its "
                "standard input (`mdxdash help alerts`).",
                trust="runs",
                unset="no command",
                example="python3 notify.py",
            ),
        ]
        | None
    ) = None


SECTIONS: Final[dict[str, type[msgspec.Struct]]] = {
    "hub": HubSettings,
    "log": LogSettings,
    "recording": RecordingSettings,
    "screen": ScreenSettings,
    "web": WebSettings,
    "speech": SpeechSettings,
    "dialogue": DialogueSettings,
    "fleet": FleetSettings,
    "remdis": RemdisSettings,
    "alerts": AlertSettings,
}


@cache
def all_settings() -> tuple[Setting, ...]:
    """Returns every setting, section by section. Groups, filters and macros are not among them."""
    return tuple(
        setting for section, owner in SECTIONS.items() for setting in settings_of(section, owner)
    )


class Origin(msgspec.Struct, frozen=True):
    """Where the value of a setting was given."""

    kind: Literal["default", "file", "environment", "option"] = "default"
    name: str = ""
    """The variable or option."""
    source: TomlSource | None = None
    """The file."""
    key_path: KeyPath = ()
    """The setting in the file."""

    @property
    def line(self) -> int | None:
        """The line in the file, from 1."""
        return None if self.source is None else self.source.error(self.key_path, "").line

    def error(self, message: str) -> SettingsError:
        """Returns the error for a value given here that somebody else has checked.

        * `message`: as `expected` makes it: "`theme`: expected …, got …".
        """
        if self.source is not None:
            section = self.key_path[0]
            return self.source.error(self.key_path, f"[{section}] {message}")
        text = message.partition(": ")[2] if self.name else message
        return SettingsError(f"{self.name}: {text}" if self.name else text)

    def __repr__(self) -> str:
        return f"Origin({self})"  # the text of the file may hold a secret

    def __str__(self) -> str:
        if self.source is not None:
            return str(self.source.error(self.key_path, "")).removesuffix(": ")
        return self.name or self.kind


class Waiting(msgspec.Struct, frozen=True):
    """A value that does not take effect, since the user does not trust its file (yet)."""

    setting: Setting
    value: Any
    origin: Origin

    def __str__(self) -> str:
        """Returns what is shown: `[hub] host = "0.0.0.0"`, without what is private."""
        shown = literal(self.setting.shown(self.value))
        return f"[{self.setting.section}] {self.setting.key} = {shown}"

    def __repr__(self) -> str:
        return f"Waiting({self})"


class Settings(msgspec.Struct, frozen=True):
    """All settings of one run."""

    file: Path
    """The settings file in force; if there is none, the one to write when something is saved."""
    hub: HubSettings = HubSettings()
    log: LogSettings = LogSettings()
    recording: RecordingSettings = RecordingSettings()
    screen: ScreenSettings = ScreenSettings()
    web: WebSettings = WebSettings()
    speech: SpeechSettings = SpeechSettings()
    voices: Mapping[str, VoiceSettings] = MappingProxyType({})
    """The `[voice.NAME]` tables: speech synthesisers."""
    programs: Mapping[str, ProgramSettings] = MappingProxyType({})
    """The `[program.NAME]` tables: scripts of the user."""
    dialogue: DialogueSettings = DialogueSettings()
    fleet: FleetSettings = FleetSettings()
    remdis: RemdisSettings = RemdisSettings()
    alerts: AlertSettings = AlertSettings()
    highlights: Mapping[str, str] = MappingProxyType({})
    """The `[highlights]`: colours by texts of the filter language, which are checked as those of
    `filters`."""
    keys: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    """The `[keys]`: keys by the names of the dashboard's actions, which the dashboard checks."""
    filters: Mapping[str, str] = MappingProxyType({})
    """The `[filters]`: texts of the filter language under names. Who knows the language checks
    them."""
    groups: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    """The `[groups]`: each name stands for names and globs of agents."""
    origins: Mapping[str, Origin] = MappingProxyType({})
    """Where values were given, by `Setting.name`, `groups.NAME`, `filters.NAME`, `keys.ACTION`,
    `highlights.FILTER`, `voice.NAME.command` or `program.NAME.command`; defaults are not in it."""
    found_here: bool = False
    """Whether nobody named the file: it was only found in the working directory. Then what is not
    harmless in it takes effect only if the user trusts it (see `TrustedFiles`)."""
    waiting: tuple[Waiting, ...] = ()
    """The values that do not take effect, since the user does not trust the file."""

    def origin(self, name: str) -> Origin:
        """Returns where the value of a setting comes from, named as `hub.port`."""
        return self.origins.get(name, Origin())
