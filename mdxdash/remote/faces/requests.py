"""Does what a face asks for: sends, marks, fires macros, reads events, ends the hub."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from mdxdash.catalog.check import check
from mdxdash.events.encoding import json_line
from mdxdash.events.event import By, Event, Kind
from mdxdash.hub.adoption import CannotHandOver
from mdxdash.language.translation import N_
from mdxdash.macros.model import Macro
from mdxdash.remote.faces.served_hub import ServedHub
from mdxdash.remote.faces.states import agent_states, hub_state, tally_states, welcome
from mdxdash.remote.protocol import (
    LINE_BYTES,
    Answer,
    Attach,
    BrokerState,
    Fire,
    GiveSound,
    Mark,
    Note,
    Read,
    Release,
    Request,
    Restart,
    Seen,
    Send,
    Speak,
    Status,
    StopHub,
    StopMacros,
    StopSpeech,
    Switch,
    WholeState,
)
from mdxdash.remote.speaking import speak
from mdxdash.speech.control import CannotSpeak
from mdxdash.speech.sources.given_sound import GivenSound
from mdxdash.speech.sources.sound import SoundError
from mdxdash.wire.message import parse_message

_logger = logging.getLogger(__name__)

READ_EVENTS: Final = 20_000
"""Events that one `Read` returns, at most."""

_EVENTS_BYTES: Final = LINE_BYTES - 4096
"""Bytes of the events in an answer, so that the whole of it is no longer than a line may be."""


class Refused(Exception):
    """The request is not carried out; the text gives the reason."""


class Requests:
    """Carries out the requests of one face."""

    def __init__(
        self,
        served: ServedHub,
        by: By,
        faces: Callable[[], tuple[str, ...]],
        *,
        read_only: bool,
        elsewhere: bool,
    ) -> None:
        """`by` is the sender of what it sends; `faces` returns who is attached. A face that is
        `read_only` may look, and one from `elsewhere` may not end the hub and does not learn its
        paths."""
        self._served = served
        self._by = by
        self._faces = faces
        self._read_only = read_only
        self._elsewhere = elsewhere
        self._given: GivenSound | None = None
        """The sound that this face gives."""

    def close(self) -> None:
        """The face is gone: what it gives ends."""
        if self._given is not None:
            self._given.abort()

    def answer(self, request: Request) -> Answer:
        """Carries out a request other than `Read`, `Restart` and `GiveSound`. Raises `Refused`."""
        if self._read_only and not isinstance(request, Status):
            raise Refused(N_("this connection is read-only"))
        match request:
            case Send():
                return self._send(request)
            case Mark(seq=seq):
                return self._mark(seq)
            case Fire():
                return self._fire(request)
            case Switch(macro=name):
                return self._switch(name)
            case StopMacros():
                return self._stop_macros(request)
            case Speak() | StopSpeech():
                return self._speak(request)
            case Status():
                return Answer(state=self._state())
            case StopHub() | Release():
                return self._let_end(request)
            case Note() | BrokerState():
                return self._tell_of_broker(request)
            case Seen(seq=seq):
                self._served.alerts.see(seq)
                return Answer()
            case Attach():
                raise Refused(N_("it is attached already"))
        raise Refused(N_("no request of this kind is known"))

    async def read(self, request: Read) -> Answer:
        """Returns events from memory or the recording. Raises `Refused`."""
        log = self._served.log
        start = max(request.start, 1)
        stop = min(request.stop, log.next_seq)
        start = max(start, stop - READ_EVENTS)
        older, first = self._served.older, log.first_seq
        found = log.slice(start, stop)
        if start < first and older is not None:
            try:
                found = [*await asyncio.to_thread(older, start, min(stop, first)), *found]
            except OSError as error:
                raise Refused(
                    N_("the recording cannot be read: {strerror}").format(
                        strerror=error.strerror or error
                    )
                ) from error
        return await asyncio.to_thread(_answer_with, found)

    async def restart(self, request: Restart) -> Answer:
        """Hands the hub over to another process. Raises `Refused`."""
        if self._read_only:
            raise Refused(N_("this connection is read-only"))
        self._refuse_elsewhere()
        if self._served.restart is None:
            raise Refused(N_("nobody can hand this hub over"))
        try:
            found = await self._served.restart(request.command)
        except CannotHandOver as error:
            raise Refused(str(error)) from error
        return Answer(outcome="restarted", settings=found)

    async def give_sound(self, request: GiveSound) -> Answer:
        """Takes a piece of the sound that the face gives. Raises `Refused`."""
        if self._given is None:
            raise Refused(N_("no sound was begun"))
        try:
            await self._given.give(request.pcm)
        except SoundError as error:
            raise Refused(str(error)) from error
        return Answer()

    def _send(self, request: Send) -> Answer:
        message = parse_message(request.line)
        hub, next_seq = self._served.hub, self._served.log.next_seq
        agents = hub.targets(request.to)
        # Before it is sent, since sending it changes what the agent is expected to have.
        found = check(message, agents[0].known if agents else None) if request.check else ()
        delivery = hub.send(message, request.to, sure=request.sure, by=self._by)
        findings = tuple(str(f) for f in found if f.severity == "hint" or delivery.agents)
        return Answer(delivery=delivery, findings=findings, next_seq=next_seq)

    def _mark(self, seq: int) -> Answer:
        try:
            self._served.log.toggle_mark(seq)
        except KeyError:
            raise Refused(N_("there is no event {seq}").format(seq=seq)) from None
        return Answer()

    def _tell_of_broker(self, note: Note | BrokerState) -> Answer:
        if self._by not in ("fleet", "remdis") or self._elsewhere:
            raise Refused(N_("only what joins this hub to a broker makes events"))
        if isinstance(note, BrokerState):
            self._served.brokers[self._by] = note.text
            return Answer()
        kind: Kind = "log" if note.module else "sent"
        agent = "remdis" if self._by == "remdis" else ""
        if note.fault and not note.module:
            _logger.warning("%s", note.text)  # it is about the broker
        self._served.log.append(
            "fault" if note.fault else kind,
            agent,
            args=note.args,
            text=note.text,
            module=note.module,
            level=note.level,
            by=self._by,
        )
        return Answer()

    def _fire(self, request: Fire) -> Answer:
        macro = self._macro(request.macro)
        params = request.params or {}
        if wrong := macro.without(params):
            raise Refused(wrong)
        firing = self._served.runner.fire(macro, params)
        return Answer(runs=tuple(run.number for run in firing.runs), outcome=firing.outcome)

    def _switch(self, name: str) -> Answer:
        runner, macro = self._served.runner, self._macro(name)
        if not macro.is_switched:
            return self._fire(Fire(name))
        runner.trigger(macro)
        if refused := runner.tally(macro).refused:
            raise Refused(refused)
        return Answer(outcome="on" if runner.is_on(macro) else "off")

    def _stop_macros(self, request: StopMacros) -> Answer:
        runner = self._served.runner
        if request.run is not None:
            record = runner.runs.numbered(request.run)
            if record is None:
                raise Refused(N_("there is no run {run}").format(run=request.run))
            runner.cancel(record)
        elif request.macro is not None:
            runner.stop(self._macro(request.macro))
        else:
            return Answer(outcome=f"{runner.stop_all()} stopped")
        return Answer(outcome="stopped")

    def _speak(self, request: Speak | StopSpeech) -> Answer:
        if isinstance(request, StopSpeech):
            return Answer(outcome=f"{self._served.hub.stop_speech(request.to)} stopped")
        if (request.file or request.live) and self._elsewhere:
            raise Refused(N_("a file is spoken on the hub's own machine only"))
        given = None
        if request.live:
            self.close()
            given = self._given = GivenSound(request.live)
        try:
            return Answer(speech=speak(self._served.hub, self._served.speech, request, given))
        except CannotSpeak as error:
            raise Refused(str(error)) from error

    def _macro(self, name: str) -> Macro:
        macro = self._served.runner.find(name)
        if macro is None:
            raise Refused(N_('there is no macro "{name}"').format(name=name))
        return macro

    def _let_end(self, request: StopHub | Release) -> Answer:
        self._refuse_elsewhere()
        if isinstance(request, Release):
            self._served.released.set()
            return Answer()
        connected = [agent.name for agent in self._served.hub.connected]
        if connected and not request.sure:
            raise Refused(
                N_("agents are connected: {connected}").format(connected=", ".join(connected))
            )
        self._served.stop_wanted.set()
        return Answer()

    def _refuse_elsewhere(self) -> None:
        if self._elsewhere:
            raise Refused(N_("a hub can be ended on its own machine only"))

    def _state(self) -> WholeState:
        served = self._served
        return WholeState(
            welcome=welcome(
                served,
                served.log.next_seq,
                face=self._by,
                read_only=self._read_only,
                elsewhere=self._elsewhere,
            ),
            agents=agent_states(served),
            macros=tally_states(served.runner),
            hub=hub_state(served, self._faces()),
        )


def _answer_with(events: Sequence[Event]) -> Answer:
    """Returns the answer with the latest of the events that fit into it."""
    lines: list[bytes] = []
    size = 0
    for event in reversed(events):
        lines.append(json_line(event)[:-1])
        size += len(lines[-1]) + 1
        if size > _EVENTS_BYTES and len(lines) > 1:
            lines.pop()
            break
    return Answer(events=tuple(map(msgspec.Raw, reversed(lines))))
