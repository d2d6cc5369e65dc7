"""What the faces of a hub see of it; `hub_session.HubSession` is one."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from mdxdash.alerts.alert_log import AlertLog
from mdxdash.events.log import EventLog, Older
from mdxdash.hub.server import HubServer
from mdxdash.macros.files.watched_file import MacroFile
from mdxdash.macros.running.runner import MacroRunner
from mdxdash.recordings.journal import Journal
from mdxdash.remote.session_watches import SessionWatches
from mdxdash.settings.rereading import Rereading
from mdxdash.speech.engine import SpeechEngine


class ServedHub(Protocol):
    """A running hub with what belongs to it. All attributes are read-only."""

    @property
    def name(self) -> str:
        """The hub's name, by which faces find it."""

    @property
    def session_id(self) -> str:
        """Stays the same as long as the events are counted on."""

    @property
    def log(self) -> EventLog:
        """Its events."""

    @property
    def hub(self) -> HubServer:
        """The hub itself."""

    @property
    def brokers(self) -> dict[str, str]:
        """How what joins the hub to a broker gets on, as a sentence, by `Event.by`."""

    @property
    def runner(self) -> MacroRunner:
        """Runs its macros."""

    @property
    def speech(self) -> SpeechEngine:
        """Lets its agents speak."""

    @property
    def macro_file(self) -> MacroFile:
        """Where they come from."""

    @property
    def alerts(self) -> AlertLog:
        """What must be noticed, and what was seen."""

    @property
    def watches(self) -> SessionWatches:
        """What is counted, and raises alarms."""

    @property
    def journal(self) -> Journal | None:
        """Its recording; None when nothing is recorded."""

    @property
    def older(self) -> Older | None:
        """Reads what has left memory."""

    @property
    def recording(self) -> str:
        """The state of the recording, for a status bar."""

    @property
    def warning(self) -> str:
        """A lasting problem; empty when there is none."""

    @property
    def untrusted(self) -> str:
        """What waits in a settings file that is not trusted; or empty."""

    @property
    def stop_wanted(self) -> asyncio.Event:
        """Set by a face: the hub is to end."""

    @property
    def restart(self) -> Callable[[Sequence[str]], Awaitable[Rereading]] | None:
        """Hands the hub over to the mdxdash that a command starts; None where nobody can. Returns
        what is otherwise in the settings, which are read again. Raises `CannotHandOver`."""

    @property
    def released(self) -> asyncio.Event:
        """Set by a face: the hub is to end when nobody has needed it for a while."""
