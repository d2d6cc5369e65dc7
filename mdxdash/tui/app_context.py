"""What the app is given: the events, the hub, the macros, and what was remembered."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import InitVar, dataclass, field
from pathlib import Path

from mdxdash.alerts.alert import Alert
from mdxdash.alerts.alert_log import AlertLog
from mdxdash.alerts.watch import WatchState
from mdxdash.alerts.watch_file import WatchFile
from mdxdash.events.log import EventLog, Older
from mdxdash.hub.interface import AgentHub
from mdxdash.language.translation import Language
from mdxdash.macros.files.watched_file import MacroFile
from mdxdash.macros.running.control import MacroControl
from mdxdash.remote.protocol import Speak
from mdxdash.settings.model import ScreenSettings
from mdxdash.settings.saving import SavedValue
from mdxdash.settings.sent_history import SentHistory


@dataclass(slots=True)
class AppContext:
    """One run: its events, its hub, its macros, and what has to be running meanwhile."""

    log: EventLog
    hub: AgentHub
    macro_file: MacroFile | None
    """Where the macros are edited; None where that is not possible from here."""
    runner: MacroControl
    """The macros, which run while the services are entered; without any, nothing runs."""
    services: Sequence[AbstractAsyncContextManager[object]] = ()
    """Entered in this order when the screen is up, left in reverse when it goes: the session of the
    hub, the stand-in agent of `--demo`."""
    history: SentHistory = field(default_factory=SentHistory)
    """The lines that were sent from the composer, in this run and in earlier ones."""
    language: Language = "en"
    """The language of the catalog's texts."""
    theme: str | None = None
    keep_theme: Callable[[str], None] = lambda theme: None
    """Saves the theme for later runs. May block; raises SettingsError."""
    screen: ScreenSettings = field(default_factory=ScreenSettings)
    """The `[screen]` settings at the start."""
    keep_screen: Callable[[str, SavedValue], None] = lambda key, value: None
    """Saves one of the `[screen]` settings for later runs. May block; raises SettingsError."""
    now: Callable[[], float] = field(default_factory=lambda: time.time)
    """The present as Unix time: the clock's, or the time of a recording's last event."""
    recording: Callable[[], str] = lambda: ""
    """The state of the recording, for the status bar."""
    recording_file: Path | None = None
    """The file of the recording; no export may overwrite it."""
    older: Older | None = None
    """Reads from the recording what has left memory; None when nothing is recorded."""
    filters: dict[str, str] = field(default_factory=dict)
    """The texts of saved filters, by their names."""
    highlights: Mapping[str, str] = field(default_factory=dict)
    """The colours of rows that stand out, by the texts of their filters."""
    keys: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Other keys of actions, by the actions' names: the `[keys]` of the settings."""
    keep_filter: Callable[[str, str], None] | None = None
    """Saves a filter, by its name and its text, for later runs. May block; raises SettingsError.
    None: that is not possible from here."""
    gap: float = ScreenSettings().gap
    """Seconds without an event that count as a gap."""
    speak: Callable[[Speak], Awaitable[None]] | None = None
    """Lets agents speak a text or a sound file; raises `CannotSpeak`. None where they cannot."""
    answer_within: float | None = None
    """Seconds within which an answer is wanted; None without a limit."""
    warning: Callable[[], str] = lambda: ""
    """A lasting problem, for the banner; empty when there is none."""
    take_news: Callable[[], Sequence[str]] = lambda: ()
    """Returns sentences to be notified of, each once."""
    write_report: Callable[[Alert], Path] | None = None
    """Writes the report of an alert into a file. May block; raises OSError. None: there is none."""
    watches: Callable[[], Sequence[WatchState]] = lambda: ()
    """What the watches have counted so far."""
    watch_file: WatchFile | None = None
    """Where watches are pinned; None where that is not possible from here."""
    bell: bool = False
    """Whether the terminal's bell rings at an alert."""
    untrusted: Callable[[], str] = lambda: ""
    """What waits in a settings file that the user does not trust, for the banner; or empty."""
    detach: Callable[[], Awaitable[None]] | None = None
    """Lets the hub go on in another process, in the background, when the screen has ended; None
    where that is not possible. Raises `CannotHandOver`."""
    stand_ins: Callable[[], int] = lambda: 0
    """The number of connected agents that end with the screen, as the stand-in of `--demo` does."""
    hub_name: Callable[[], str] = lambda: ""
    """The name of the hub, by which other processes find it; empty where they cannot."""
    handed_over: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when another process has taken over the hub (`mdxdash hub restart`)."""
    stop_wanted: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when another process wants this one to end (`mdxdash hub stop`)."""
    hub_alerts: InitVar[AlertLog | None] = None
    """`alerts`, where the hub has them; by default they are of this dashboard alone."""
    alerts: AlertLog = field(init=False)
    """What must be noticed in these events, and what was seen."""

    def __post_init__(self, hub_alerts: AlertLog | None) -> None:
        if hub_alerts is None:
            hub_alerts = AlertLog(self.log, self.runner.runs.records)
        self.alerts = hub_alerts

    @property
    def agents_at_stake(self) -> int:
        """The number of connected agents that need the hub, also when the screen has ended."""
        return len(self.hub.connected) - self.stand_ins()
