"""A dashboard's session on a hub in another process: its log, its agents, its macros."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

import msgspec

from mdxdash.alerts.alert_log import AlertLog
from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.hub.interface import Delivery
from mdxdash.language.translation import N_
from mdxdash.remote.attached.alert_mirror import AlertMirror
from mdxdash.remote.attached.hub_link import HubLink, NotAttached
from mdxdash.remote.attached.line_channel import Opener
from mdxdash.remote.attached.log_mirror import LogMirror, OtherSession
from mdxdash.remote.attached.mirrored_hub import MirroredHub
from mdxdash.remote.attached.mirrored_macros import MirroredMacros
from mdxdash.remote.protocol import (
    PROTOCOL,
    TAIL,
    Agents,
    Announced,
    Answer,
    Attach,
    Behind,
    Changed,
    HubState,
    Macros,
    Mark,
    Marked,
    Notice,
    Read,
    Run,
    Seen,
    SeenAlert,
    Send,
    Speak,
    StopSpeech,
    Welcome,
)
from mdxdash.speech.control import CannotSpeak
from mdxdash.wire.message import Message, format_message

_READ_WITHIN: Final = 30.0
"""Seconds in which a hub answers with events that it may have to read from the disk."""

_FETCHED: Final = 200
"""Events of runs that are fetched at most when they are not in memory."""

_event: Final = msgspec.json.Decoder(Event)


class Attachment:
    """Use it as an asynchronous context manager: while it is entered, it stays connected, and
    connects again when the connection ends, so that no event is missing or doubled."""

    def __init__(
        self,
        open_channel: Opener,
        welcome: Welcome,
        log: EventLog,
        *,
        face: str = "attach",
        read_only: bool = False,
    ) -> None:
        """`welcome` is what the hub said before (`ask_welcome`); `log` is empty. See `Attach` for
        the others."""
        self.log = log
        self.link = HubLink(open_channel, self)
        self.hub = MirroredHub(welcome, log, self._send_line, self._stop_speech)
        self.macros = MirroredMacros(log, self.link.ask, self.report, lambda: self.read_only)
        self.macros_changed = asyncio.Event()
        """Set when the hub has other macros than before, or another error of their file."""
        self.other_session = False
        """Whether the hub has begun a new session, so that nothing more comes here."""
        self._attach = Attach(PROTOCOL, face, read_only=read_only)
        self._mirror = LogMirror(log)
        self._alerts = AlertMirror(log, self.macros.runs.records, self._send_seen)
        self._news: list[str] = []
        self._running: asyncio.Task[None] | None = None
        self._fetching: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        log.skip_to(max(1, welcome.first_seq, welcome.next_seq - TAIL))
        log.subscribe_marks(self._send_mark)

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._running = asyncio.create_task(self._run())
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        tasks = [task for task in (self._running, self._fetching) if task is not None]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def now(self) -> float:
        """Returns the Unix time up to which the hub is known: without a connection to it, when that
        ended."""
        return time.time() if self.link.lost_at is None else self.link.lost_at

    @property
    def alerts(self) -> AlertLog:
        """What must be noticed; what was seen is as at the hub."""
        return self._alerts.alerts

    @property
    def read_only(self) -> bool:
        """Whether nothing may be sent, as wanted here or by the hub."""
        return self._attach.read_only or self.hub.welcome.read_only

    @property
    def warning(self) -> str:
        """Why there is no connection, or what the hub warns of; or nothing."""
        if self.link.problem:
            return N_("{problem}; what is shown is as it was, and it is tried again").format(
                problem=self.link.problem
            )
        return self.hub.state.warning

    def take_news(self) -> Sequence[str]:
        """Returns what was reported since the last call: what the hub did otherwise than was
        predicted here."""
        news, self._news = self._news, []
        return news

    def report(self, text: str) -> None:
        """Adds a sentence to the news."""
        self._news.append(text)

    def older(self, start: int, stop: int) -> Sequence[Event]:
        """Reads events that are not in memory here: see `events.log.Older`. Not from the event
        loop's own thread."""
        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(self.read(start, stop), self._loop).result()

    async def read(self, start: int, stop: int) -> list[Event]:
        """Returns the events of `start <= seq < stop` that the hub still has. Raises OSError."""
        found: list[Event] = []
        while start < stop:
            answer = await asyncio.wait_for(self._ask_events(start, stop), _READ_WITHIN)
            if answer.error:
                raise OSError(answer.error)
            if not answer.events:
                break
            found[:0] = [_event.decode(event) for event in answer.events]
            stop = found[0].seq
        return found

    # What the hub sends: see `hub_link.Receiver`

    def attach(self) -> Attach:
        return msgspec.structs.replace(self._attach, after=self._mirror.after)

    def welcome(self, welcome: Welcome) -> None:
        self.hub.welcome = welcome
        self._mirror.begin(welcome)
        self._alerts.begin(welcome)

    def take_events(self, events: Sequence[Event]) -> None:
        self._mirror.take(events)
        if self.macros.incomplete:
            self._complete_runs()

    def take_notice(self, notice: Notice) -> None:
        match notice:
            case Agents():
                self.hub.take_agents(notice)
            case Announced():
                self.hub.take_announced(notice)
            case Changed():
                self._mirror.change(notice)
            case Marked():
                self._mirror.mark(notice)
            case SeenAlert():
                self._alerts.see(notice)
            case Macros():
                if self.macros.take(notice):
                    self.macros_changed.set()
            case Run():
                self.macros.take_run(notice)
                if self.macros.incomplete:
                    self._complete_runs()
            case HubState():
                self.hub.state = notice
            case Behind():
                self._mirror.skip(notice)

    async def _run(self) -> None:
        try:
            await self.link.run()
        except OtherSession:
            self.other_session = True
            self.link.problem = N_("the hub has begun a new session")

    # What is sent

    async def speak(self, request: Speak) -> None:
        """Lets the hub's agents speak. Raises `CannotSpeak`."""
        try:
            answer = await self.link.ask(lambda id_: msgspec.structs.replace(request, id=id_))
        except OSError as error:
            raise CannotSpeak(str(error)) from error
        if answer.error:
            raise CannotSpeak(answer.error)

    def _stop_speech(self, target: str | None) -> None:
        def look(answered: "asyncio.Future[Answer]") -> None:
            if not answered.cancelled() and (error := answered.exception()) is not None:
                self.report(N_("the speech was not stopped: {error}").format(error=error))

        try:
            self.link.ask(lambda id_: StopSpeech(target, id_)).add_done_callback(look)
        except NotAttached as error:
            self.report(N_("the speech was not stopped: {error}").format(error=error))

    def _send_line(
        self, message: Message, target: str | None, sure: bool, predicted: Delivery
    ) -> str:
        # Text that cannot be encoded as UTF-8 is refused by the hub, with the reason.
        line = format_message(message).encode("utf-8", "backslashreplace").decode()

        def compare(answered: "asyncio.Future[Answer]") -> None:
            if answered.cancelled():
                return
            if (error := answered.exception()) is not None:
                self.report(
                    N_("it is not known whether {line} was sent: {error}").format(
                        line=line, error=error
                    )
                )
            elif difference := _difference(line, answered.result(), predicted):
                self.report(difference)

        try:
            self.link.ask(lambda id_: Send(line, target, sure, id_)).add_done_callback(compare)
        except NotAttached as error:
            return str(error)
        return ""

    def _send_seen(self, seq: int) -> None:
        if not self.read_only:
            self.link.tell(Seen(seq))

    def _send_mark(self, seq: int) -> None:
        if not self._mirror.marks_from_hub and not self.read_only:
            self.link.tell(Mark(seq))

    async def _ask_events(self, start: int, stop: int) -> Answer:
        return await self.link.ask(lambda id_: Read(start, stop, id_))

    def _complete_runs(self) -> None:
        """Looks for the events that runs name: in memory, then at the hub."""
        self.macros.complete()
        if self.macros.missing and (self._fetching is None or self._fetching.done()):
            self._fetching = asyncio.create_task(self._fetch_missing())

    async def _fetch_missing(self) -> None:
        wanted = sorted(seq for seq in self.macros.missing if seq < self.log.first_seq)
        found: list[Event] = []
        with suppress(OSError):
            for seq in wanted[-_FETCHED:]:
                found += await self.read(seq, seq + 1)
        self.macros.take_missing(wanted, found)


def _difference(line: str, answer: Answer, predicted: Delivery) -> str:
    """Returns what became of a line, if it is not what was predicted."""
    if answer.error:
        return N_("{line} was not sent: {reason}").format(line=line, reason=answer.error)
    delivery = answer.delivery or Delivery()
    if delivery.asked:
        return N_("{line} was not sent: {reason}").format(line=line, reason=delivery.asked[0])
    if new := [reason for reason in delivery.refused if reason not in predicted.refused]:
        return N_("{line} was not sent: {reason}").format(line=line, reason=new[0])
    if delivery.agents and not predicted.agents:
        return N_("{line} was sent after all").format(line=line)
    if predicted.agents and delivery.nobody:
        return N_("{line} was not sent: {reason}").format(line=line, reason=delivery.reasons[0])
    return ""
