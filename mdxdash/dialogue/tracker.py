"""Follows the events of all agents, one at a time, and makes intervals and turns of them.

Each event costs constant time, and memory is bounded whatever comes: what has ended is handed on
and forgotten here.

A message counts once: as it was received, or as the module that issued it logged it
(`Plugin_Remote_AllLog`). One that mdxdash sent counts when it comes back, at the time when it was
sent.
"""

from collections.abc import Callable
from itertools import count
from typing import Final

from mdxdash.dialogue.interval import Ending, Interval
from mdxdash.dialogue.remdis_lanes import RemdisLanes
from mdxdash.dialogue.slots import Slots
from mdxdash.dialogue.speech import ModelSpeech, Utterance
from mdxdash.dialogue.stage import StageLanes
from mdxdash.dialogue.turn import Note, Turn
from mdxdash.dialogue.turn_taking import TurnTaking
from mdxdash.events.event import Event
from mdxdash.events.own_activity import (
    read_run_ended,
    read_speech_begins,
    read_speech_stopped,
)
from mdxdash.language.translation import N_
from mdxdash.wire.message import split_arguments

AGENTS_MAX: Final = 256
"""Agents that are followed; the one heard of least lately is forgotten."""

_Handler = Callable[[float, int, list[str]], None]


class _Agent:
    """The dialogue of one agent."""

    def __init__(
        self,
        name: str,
        on_interval: Callable[[Interval], None],
        on_turn: Callable[[Turn], None],
        intervals: "count[int]",
        turns: "count[int]",
    ) -> None:
        self.slots = Slots(name, on_interval, intervals)
        self.turns = TurnTaking(name, on_turn, turns, self._sounding)
        self.speech = ModelSpeech(self.slots, self.turns)
        self.stage = StageLanes(self.slots)
        self.remdis = RemdisLanes(self.slots, self.turns)
        speech, stage = self.speech, self.stage
        self.handlers: dict[str, tuple[int, _Handler]] = {
            "RECOG_EVENT_START": (0, self._user_begins),
            "RECOG_EVENT_STOP": (0, self._user_ends),
            "SYNTH_START": (2, speech.synth_start),
            "SYNTH_STOP": (1, speech.synth_stop),
            "SYNTH_EVENT_START": (1, speech.voice_begins),
            "SYNTH_EVENT_STOP": (1, speech.voice_ends),
            "LIPSYNC_STOP": (1, speech.lips_stop),
            "LIPSYNC_EVENT_START": (1, speech.mouth_begins),
            "LIPSYNC_EVENT_STOP": (1, speech.mouth_ends),
            "SPEAK_START": (2, speech.speak_start),
            "SPEAK_STOP": (1, speech.speak_stop),
            "SPEAK_EVENT_START": (1, speech.file_begins),
            "SPEAK_EVENT_STOP": (1, speech.file_ends),
            "MOTION_ADD": (3, self._motion_add),
            "MOTION_CHANGE": (3, stage.motion_change),
            "MOTION_DELETE": (2, stage.motion_delete),
            "MOTION_EVENT_ADD": (2, stage.motion_begins),
            "MOTION_EVENT_CHANGE": (2, stage.motion_begins),
            "MOTION_EVENT_DELETE": (2, stage.motion_ends),
            "MODEL_ADD": (2, stage.model_add),
            "MODEL_CHANGE": (2, stage.model_add),
            "MODEL_DELETE": (1, self._model_delete),
            "MODEL_EVENT_ADD": (1, stage.model_begins),
            "MODEL_EVENT_CHANGE": (1, stage.model_begins),
            "MODEL_EVENT_DELETE": (1, stage.model_ends),
            "TIMER_START": (2, stage.timer_start),
            "TIMER_STOP": (1, stage.timer_stop),
            "TIMER_EVENT_START": (1, stage.timer_begins),
            "TIMER_EVENT_STOP": (1, stage.timer_ends),
            "TIMER_EVENT_CANCELLED": (1, stage.timer_cancelled),
            "SOUND_START": (2, stage.sound_start),
            "SOUND_STOP": (1, stage.sound_stop),
            "SOUND_EVENT_START": (1, stage.sound_begins),
            "SOUND_EVENT_STOP": (1, stage.sound_ends),
            "PROMPT_SHOW": (1, stage.prompt_shown),
            "PROMPT_EVENT_SELECTED": (1, stage.prompt_selected),
        }

    def take(self, event: Event) -> None:
        """Takes a message that the agent issued."""
        time = event.time - (event.round_trip or 0.0) if event.echo is not None else event.time
        turns = self.turns
        if time > turns.deadline:
            turns.expire(time)
        handler = self.handlers.get(event.type)
        if handler is None:
            if event.type == "LIPSYNC_START":
                self._lips_predicted(event, time)
            return
        least, handle = handler
        # Commands drop empty arguments, so that later ones move up (PROTOCOL.md).
        args = [part for part in split_arguments(event.args) if part]
        if len(args) >= least:
            handle(time, event.seq, args)

    def take_own(self, event: Event) -> None:
        """Takes what mdxdash itself lets go on: speech that it sends as sound, which the agent
        gives no events for, and a macro. `args` is the model or the macro, and a number."""
        name, _, _ = event.args.rpartition("|")
        time, seq = event.time, event.seq
        if time > self.turns.deadline:
            self.turns.expire(time)
        if event.by == "macro":
            slots = self.slots
            if event.level == "start":
                slots.begin("macro", slot=name, time=time, seq=seq, text=name)
            else:
                state = read_run_ended(event.text, name)
                ending: Ending = "" if state == "passed" else state
                slots.end("macro", slot=name, time=time, seq=seq, ending=ending)
        elif not name:
            return
        elif event.level == "start":
            self.speech.sound_begins(time, seq, name, read_speech_begins(event.text, name))
        else:
            self.speech.sound_ends(time, seq, name, stopped=read_speech_stopped(event.text, name))

    def take_remdis(self, event: Event) -> None:
        """Takes what a module of Remdis says."""
        if event.time > self.turns.deadline:
            self.turns.expire(event.time)
        self.remdis.take(event)

    def lost(self, time: float, seq: int) -> None:
        """The agent is gone: whatever is open ends."""
        self.remdis.forget(time, seq)
        self.speech.forget(time, seq)
        self.stage.forget()
        self.slots.end_all(time=time, seq=seq, ending="disconnected")
        self.turns.forget(time)

    def _sounding(self) -> list[Utterance]:
        return self.speech.sounding() + self.remdis.sounding()

    def _user_begins(self, time: float, seq: int, args: list[str]) -> None:
        self.slots.begin("user", time=time, seq=seq, ending=N_("not recognised"))
        self.turns.user_begins(time, seq)

    def _user_ends(self, time: float, seq: int, args: list[str]) -> None:
        words = "|".join(args)
        if self.slots.current("user") is None:
            if not words:
                return
            self.slots.begin("user", time=time, seq=seq, text=words)
        ending: Ending = "" if words else N_("not recognised")
        self.slots.end("user", time=time, seq=seq, text=words, ending=ending)
        if words:
            self.turns.user_said(words, time, seq)
        else:
            self.turns.nothing_said()

    def _motion_add(self, time: float, seq: int, args: list[str]) -> None:
        self.stage.motion_add(time, seq, args)
        self.turns.note(Note(time, seq, f"{args[0]} {args[1]}"))

    def _model_delete(self, time: float, seq: int, args: list[str]) -> None:
        self.stage.model_delete(time, seq, args)
        self.speech.model_delete(time, args[0])

    def _lips_predicted(self, event: Event, time: float) -> None:
        args = event.args.split("|", 1)
        if args[0]:
            self.speech.lips_predicted(time, event.seq, args, whole=not event.cut)


def _ignore(changed: Interval | Turn) -> None:
    pass


class Dialogue:
    """The dialogue of all agents of a session."""

    def __init__(
        self,
        on_interval: Callable[[Interval], None] = _ignore,
        on_turn: Callable[[Turn], None] = _ignore,
    ) -> None:
        """`on_interval` and `on_turn` are called with each interval and turn that begins, changes
        or ends; what changed has the same number as before."""
        self._on_interval = on_interval
        self._on_turn = on_turn
        self._intervals = count(1)
        self._turns = count(1)
        self._agents: dict[str, _Agent] = {}
        self._last_time = 0.0

    @property
    def size(self) -> int:
        """How many lanes, models and commands are kept in mind; bounded."""
        return sum(
            len(agent.slots) + len(agent.speech) + len(agent.stage) + 1
            for agent in self._agents.values()
        )

    def add(self, event: Event) -> None:
        """Takes the next event."""
        kind = event.kind
        self._last_time = event.time
        if kind == "received" or (kind == "log" and event.level == "Sent"):
            if event.type:
                self._agent(event.agent).take(event)
        elif kind == "log" and event.by == "remdis":
            self._agent(event.agent).take_remdis(event)
        elif kind == "log":
            if event.level == "Error" and event.agent in self._agents:
                note = Note(event.time, event.seq, f"{event.module}: {event.text}", is_error=True)
                self._agents[event.agent].turns.note(note)
        elif event.level in ("start", "end") and event.by in ("speech", "macro"):
            self._agent(event.agent).take_own(event)
        elif event.via:
            return
        elif kind in ("connected", "disconnected"):
            if agent := self._agents.pop(event.agent, None):
                agent.lost(event.time, event.seq)
        elif kind == "fault" and event.agent in self._agents:
            note = Note(event.time, event.seq, event.text, is_error=True)
            self._agents[event.agent].turns.note(note)

    def expire(self, now: float) -> None:
        """Ends the turns to which nothing can belong any more at `now` (Unix time), also when no
        event says how late it is."""
        for agent in self._agents.values():
            agent.turns.expire(now)

    def finish(self) -> None:
        """Ends the turns that go on: no event will follow. Intervals that have no end keep none."""
        for agent in self._agents.values():
            agent.turns.finish(self._last_time)

    def _agent(self, name: str) -> _Agent:
        agent = self._agents.get(name)
        if agent is None:
            if len(self._agents) >= AGENTS_MAX:
                oldest = next(iter(self._agents))
                self._agents.pop(oldest).lost(0.0, 0)
            agent = _Agent(name, self._on_interval, self._on_turn, self._intervals, self._turns)
            self._agents[name] = agent
        return agent
