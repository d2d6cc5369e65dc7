"""One run of a hub with everything that belongs to it, whoever looks at it: `HubSession`."""

import asyncio
import logging
import socket
import uuid
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from mdxdash.alerts.alert_log import AlertLog
from mdxdash.alerts.answer_limit import AnswerLimit
from mdxdash.events.event import By, Event
from mdxdash.events.log import EventLog, Older
from mdxdash.hub.address import CannotListen
from mdxdash.hub.adoption import Adoption
from mdxdash.hub.listening import Listeners
from mdxdash.hub.server import HubServer
from mdxdash.language.translation import N_
from mdxdash.macros.files.watched_file import MacroFile
from mdxdash.macros.running.runner import MacroRunner
from mdxdash.programs.alert_command import AlertCommand
from mdxdash.programs.runner import ProgramRunner
from mdxdash.recordings.journal import Journal
from mdxdash.remote.control_folder import NoControlFolder
from mdxdash.remote.control_server import ControlServer
from mdxdash.remote.control_socket import ControlSocket, HubAddress, NameTaken, take_socket
from mdxdash.remote.fleet.configured_broker import UnusableBroker
from mdxdash.remote.fleet.publishing.bridge_process import BridgeProcess
from mdxdash.remote.fleet.remdis_process import RemdisProcess
from mdxdash.remote.session_journal import journal_for, recorded
from mdxdash.remote.session_macros import SessionMacros, SwitchedOn
from mdxdash.remote.session_snapshot import SessionSnapshot
from mdxdash.remote.session_watches import SessionWatches
from mdxdash.settings.model import Settings
from mdxdash.settings.rereading import Rereading
from mdxdash.speech.engine import SpeechEngine

if TYPE_CHECKING:  # loaded for the first face: no start waits for it
    from mdxdash.remote.faces.attached_faces import AttachedFaces

_logger = logging.getLogger(__name__)


class HubSession:
    """A hub and all that runs with it: its log and recording, its macros, watches and alerts, what
    its agents speak, the user's programs, its tap, its control socket and its place at a broker.
    Use it as an asynchronous context manager: all of that runs while it is entered. Entering it
    raises `CannotListen`.

    The dashboard, `serve` and a hub in the background are faces of one. Attributes are read-only,
    but for `restart` and `end_keeping`, which belong to whoever entered it.
    """

    def __init__(
        self,
        settings: Settings,
        macro_file: MacroFile,
        *,
        record_file: Path | None = None,
        listeners: Listeners | None = None,
        switched_on: SwitchedOn = SwitchedOn(),  # noqa: B008  it is immutable
        untrusted: Callable[[], str] = lambda: "",
    ) -> None:
        """Nothing is started yet, but the file of the recording exists.

        * `macro_file`: was read.
        * `record_file`: the file to record into, instead of a new one in the recordings directory.
        * `listeners`: what listens already for these settings; else the hub listens when it is
          entered.
        * `untrusted`: what waits in a settings file that the user does not trust, as one line; or
          nothing.
        """
        self.settings = settings
        self.log = EventLog(settings.log.events, settings.log.bytes)
        self.hub = hub = HubServer(settings.hub, self.log, settings.groups, listeners)
        self.journal = journal_for(settings.recording, record_file, self.log, lambda: hub.url)
        self.speech = SpeechEngine(
            hub, self.log, settings.speech, voices=settings.voices, folder=macro_file.path.parent
        )
        """What the agents speak."""
        self.programs = ProgramRunner(hub, self.log, settings.programs)
        """The scripts of the user that are joined to the hub."""
        self.macros = SessionMacros(hub, self.log, macro_file, switched_on, self.speech)
        self.watches = SessionWatches(self.log, hub.groups, macro_file.path)
        """What is counted, and raises alarms."""
        self.alerts = AlertLog(self.log, self.macros.runner.runs.records)
        """What must be noticed, and what was seen on any screen."""
        self._alert_command: AlertCommand | None = None
        if (run := settings.alerts.run) is not None:
            self._alert_command = AlertCommand(run, self.alerts, self.log, lambda: hub.url)
        self.stop_wanted = asyncio.Event()
        """Set by a face: whoever entered the session is to leave it."""
        self.released = asyncio.Event()
        """Set by a face: the session is to be left when nobody has needed it for a while."""
        self.restart: Callable[[Sequence[str]], Awaitable[Rereading]] | None = None
        """Hands the hub over to the mdxdash that a command starts, and ends this process; set by
        whoever entered the session, None where that is not possible. Returns what is otherwise in
        the settings. Raises `CannotHandOver`."""
        self.end_keeping: Callable[[], None] = lambda: None
        """Ends the keeper of this process, since another one has taken over; set by whoever
        entered the session."""
        self.session_id = uuid.uuid4().hex[:12]
        """Stays the same as long as the events are counted on, also in another process."""
        self.brokers: dict[str, str] = {}
        """How what joins the hub to a broker gets on, as a sentence, by `Event.by`."""
        self._bridge = BridgeProcess(settings, partial(self._report_fault, "fleet"))
        self._remdis = RemdisProcess(settings, partial(self._report_fault, "remdis"))
        self._faces: AttachedFaces | None = None
        if settings.hub.tap:
            from mdxdash.remote.tap import add_tap  # noqa: PLC0415  most hubs have none

            add_tap(hub, self.faces)
        self.control_problem = ""
        """Why the hub has no control socket, as a sentence; empty where it has one."""
        self._control: ControlServer | None = None
        self._adopted: tuple[SessionSnapshot, Sequence[socket.socket]] | None = None
        self._untrusted = untrusted
        self._name = ""
        self._told = False
        self._entered = AsyncExitStack()

    def _report_fault(self, by: By, text: str) -> None:
        self.brokers[by] = text
        self.log.append("fault", text=text, by=by)

    @property
    def name(self) -> str:
        """The hub's name, by which faces find it; empty without a control socket."""
        return self._name

    @property
    def faces(self) -> "AttachedFaces":
        """Who looks at it from other processes."""
        if self._faces is None:
            from mdxdash.remote.faces.attached_faces import (  # noqa: PLC0415
                AttachedFaces,
            )

            self._faces = AttachedFaces(self)
        return self._faces

    @property
    def macro_file(self) -> MacroFile:
        """The file of the macros in force."""
        return self.macros.file

    @property
    def runner(self) -> MacroRunner:
        """Runs the macros."""
        return self.macros.runner

    @property
    def recording(self) -> str:
        """The state of the recording, for a status bar."""
        return self.journal.status if self.journal else N_("not recording")

    @property
    def warning(self) -> str:
        """A lasting problem as a sentence; empty when there is none."""
        journal = self.journal.warning if self.journal else ""
        return "\n".join(filter(None, (journal, self.watches.file.problem)))

    @property
    def untrusted(self) -> str:
        """What waits in a settings file that the user does not trust; or empty."""
        return self._untrusted()

    def take_news(self) -> Sequence[str]:
        """Returns sentences that a person should read, each once."""
        news = [self.control_problem] if self.control_problem and not self._told else []
        self._told = self._told or bool(news)
        return news

    @property
    def older(self) -> Older | None:
        """Reads events that have left memory from the recording; None when nothing is recorded."""
        return partial(_read_older, self.journal) if self.journal else None

    def adopt(self, left: SessionSnapshot, sockets: Sequence[socket.socket]) -> None:
        """Takes over the session of another process when this one is entered; the agents wait
        until `go_on` is called. The events of the log must have been taken over before."""
        self._adopted = (left, sockets)
        of_hub = tuple(sockets[: -1 if left.control else None])
        self.hub.adopt(Adoption(left.hub, of_hub))
        if self.journal is not None and left.journal is not None:
            self.journal.restore(left.journal)
        self.runner.restore(left.macros)
        self.watches.restore(left.watches)
        if left.released:
            self.released.set()
        self.session_id = left.session_id or self.session_id

    @property
    def control_path(self) -> str:
        """The path of the control socket; empty where there is none."""
        return "" if self._control is None else str(self._control.control.address.path)

    @property
    def control_descriptor(self) -> int | None:
        """The descriptor of the control socket; None where there is none."""
        return None if self._control is None else self._control.control.listener.fileno()

    def go_on(self) -> None:
        """Serves the adopted agents from now on."""
        if self._adopted is not None:
            self.speech.restore(self._adopted[0].speech or ())
        self.hub.go_on()
        self.runner.go_on()

    def freeze(self) -> tuple[SessionSnapshot, tuple[int, ...]]:
        """Returns what another process needs to go on, and the descriptors of its sockets.

        The hub must have settled. The event loop must not run until the other process goes on, or
        until `thaw` is called. Raises `HangingDisk`.
        """
        self.runner.settle()
        hub, descriptors = self.hub.freeze()
        if (control := self.control_descriptor) is not None:
            descriptors = (*descriptors, control)
        snapshot = SessionSnapshot(
            hub,
            self.runner.snapshot(),
            None if self.journal is None else self.journal.suspend(),
            self.control_path,
            self.name,
            self.released.is_set(),
            speech=self.speech.snapshot(),
            watches=self.watches.snapshot(),
            session_id=self.session_id,
        )
        return snapshot, descriptors

    def thaw(self) -> None:
        """Goes on after `settle` of the hub, or after `freeze`, since no other process does."""
        if self.journal is not None:
            self.journal.resume()
        self.hub.thaw()

    def let_go(self) -> None:
        """Closes the sockets here: another process has them and serves. The session must not be
        left, which would end what that process goes on with."""
        self.end_keeping()
        self.hub.let_go()
        self.programs.kill()
        self._bridge.kill()
        self._remdis.kill()
        if self._alert_command is not None:
            self._alert_command.kill()
        if self._control is not None:
            self._control.let_go()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            # Last: it publishes the end of the hub.
            stack.push_async_callback(self._bridge.close)
            stack.push_async_callback(self._remdis.close)
            # Faces see the end of the hub, and the recording has it.
            stack.callback(self._end_faces)
            recording = recorded(
                self.journal, self.settings.recording, continued=self._adopted is not None
            )
            await stack.enter_async_context(recording)
            if self._alert_command is not None:
                await stack.enter_async_context(self._alert_command.running())
            await stack.enter_async_context(self.hub)
            # Before the hub ends: whoever speaks gets the end of the sound.
            stack.push_async_callback(self.speech.close)
            await stack.enter_async_context(self.programs.running())
            await stack.enter_async_context(self.watches.running())
            await stack.enter_async_context(self.macros.running())
            if (within := self.settings.dialogue.answer_within) is not None:
                await stack.enter_async_context(AnswerLimit(self.log, within))
            await self._serve_faces()
            await self._publish()
            self._entered = stack.pop_all()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._entered.__aexit__(exc_type, exc, traceback)

    async def _serve_faces(self) -> None:
        """Takes a control socket. A hub that gets none is of use all the same, unless it was given
        a name that is another's."""
        try:
            control = self._adopted_socket()
            if control is None:
                control = await asyncio.to_thread(take_socket, self.settings.hub.name)
        except NameTaken as error:
            raise CannotListen(
                N_("{error}; choose another name with --name").format(error=error)
            ) from error
        except (NoControlFolder, OSError) as error:
            self.control_problem = N_("other processes cannot attach to this hub: {error}").format(
                error=error
            )
            _logger.warning("%s", self.control_problem)
            return
        self._name = control.name
        self._control = ControlServer(control, lambda: self.faces)
        await self._control.start()

    async def _publish(self) -> None:
        """Joins the hub to the brokers of its settings."""
        try:
            await self._bridge.start(self.name)
        except UnusableBroker as error:
            raise CannotListen(f"--fleet: {error}") from error
        try:
            await self._remdis.start(self.name)
        except UnusableBroker as error:
            raise CannotListen(f"[remdis]: {error}") from error

    def _end_faces(self) -> None:
        if self._faces is not None:
            self._faces.close()
        if self._control is not None:
            self._control.close()

    def _adopted_socket(self) -> ControlSocket | None:
        if self._adopted is None or not self._adopted[0].control:
            return None
        left, sockets = self._adopted
        return ControlSocket(HubAddress(left.name, Path(left.control)), sockets[-1])


def _read_older(journal: Journal, start: int, stop: int) -> Sequence[Event]:
    from mdxdash.recordings.reader import read_window  # noqa: PLC0415  not what a start needs

    return read_window(journal.path, journal.index, start, stop)
