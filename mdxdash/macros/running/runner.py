"""Runs macros in the event loop: brings the engine the time and the events.

It ends with `run`, and what runs with it. While nothing waits and nothing answers, an event costs
it one call.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final

from mdxdash.events.event import By, Event
from mdxdash.events.log import EventLog
from mdxdash.filters.filter import Context
from mdxdash.hub.interface import AgentHub
from mdxdash.hub.targets import exactly
from mdxdash.macros.files.references import names_run_by
from mdxdash.macros.model import Macro
from mdxdash.macros.running.execution import RunContext
from mdxdash.macros.running.run_log import RECENT_KEPT, RunLog, RunRecord, StepRecord
from mdxdash.macros.running.scheduler import Scheduler
from mdxdash.wire.message import Message

_LOOKED_THROUGH: Final = 5000
"""Events among which the last ones of an agent are looked for."""


@dataclass(slots=True)
class Tally:
    """What became of a macro so far in this session."""

    fired: int = 0
    """How often it began on at least one agent."""
    missed: int = 0
    """How often it was due with no agent there."""
    skipped: int = 0
    """How often it was let go by or queued, since it ran already."""
    passed: int = 0
    """Runs, an agent each, that came to their end."""
    failed: int = 0
    refused: str = ""
    """Why its last firing failed on the spot, or why it was turned off; empty when neither."""


class MacroRunner:
    """The macros in force, and those that run now. Macros with `on` answer from the beginning."""

    def __init__(
        self, hub: AgentHub, log: EventLog, macros: Sequence[Macro], *, arm: bool = True
    ) -> None:
        """`arm`: see `replace`."""
        self.macros: tuple[Macro, ...] = ()
        self.unarmed: frozenset[str] = frozenset()
        """The names of those with `on` that wait for the user, who does not trust their file."""
        self.runs = RunLog()
        """What each run did; the screen and the command line subscribe to it."""
        self._hub = hub
        self._log = log
        self._tallies: dict[str, Tally] = {}
        self._inbox: list[tuple[float, Event]] = []
        self._wake = asyncio.Event()
        self._waiting: dict[int, list[asyncio.Future[None]]] = {}
        self.started = asyncio.Event()
        """Set while `run` listens."""
        world = RunContext(
            send=partial(self.send, by="macro"),
            find=self.find,
            recent=self._recent,
            runs=self.runs,
            context=Context(now=time.time, marked=()),
            groups=hub.groups,
        )
        self._engine = Scheduler(world, self._complain, self._fire)
        self.runs.subscribe(self._count)
        self.replace(macros, arm=arm)

    async def run(self) -> None:
        """Keeps the runner alive until it is cancelled; what runs ends with it."""
        loop = asyncio.get_running_loop()
        unsubscribe = self._log.subscribe(self._hear)
        alarm: asyncio.TimerHandle | None = None
        self.started.set()
        try:
            while True:
                self._turn()
                if alarm is not None:
                    alarm.cancel()
                at = self._engine.next_at()
                if at is not None:
                    alarm = loop.call_later(max(0.0, at - time.monotonic()), self._wake.set)
                await self._wake.wait()
                self._wake.clear()
        finally:
            if alarm is not None:
                alarm.cancel()
            unsubscribe()
            self.started.clear()
            self.stop_all()
            self._engine.stop_everything(time.monotonic())

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Runs macros in a task as long as the context lasts."""
        task = asyncio.create_task(self.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    def find(self, name: str) -> Macro | None:
        """The macro of that name."""
        return next((macro for macro in self.macros if macro.name == name), None)

    def for_key(self, key: str) -> Macro | None:
        """The macro that a key fires."""
        return next((macro for macro in self.macros if macro.key == key), None)

    def tally(self, macro: Macro) -> Tally:
        """The counts of a macro."""
        return self._tallies.setdefault(macro.name, Tally())

    def is_running(self, macro: Macro) -> bool:
        """Whether it is on (periodic, or answering), or has a run that is not over."""
        return self.is_on(macro) or bool(self._engine.runs_of(macro.name))

    def is_on(self, macro: Macro) -> bool:
        """Whether a macro with `every` or `on` is switched on."""
        name = macro.name
        return self._engine.next_beat(name) is not None or self._engine.is_armed(name)

    def active(self, macro: Macro) -> tuple[RunRecord, ...]:
        """Its runs that are not over, an agent each; `record.current` is the step it is at."""
        return tuple(run.record for run in self._engine.runs_of(macro.name))

    def next_in(self, macro: Macro) -> float | None:
        """Seconds until a periodic macro fires next; None when it is off."""
        at = self._engine.next_beat(macro.name)
        return None if at is None else max(0.0, at - time.monotonic())

    def trigger(self, macro: Macro) -> None:
        """Fires a macro; one with `every` or `on` is switched on, or off when it is on."""
        if macro.every is None and macro.on is None:
            self.fire(macro)
        elif self.is_on(macro):
            self.stop(macro)
        else:
            self._turn()
            self.tally(macro).refused = ""
            if macro.on is not None:
                self._engine.arm(macro)
            if macro.every is not None:
                self._engine.set_beat(macro, time.monotonic())
                self._engine.tick(time.monotonic())
            self._wake.set()

    def fire(self, macro: Macro, params: Mapping[str, str] | None = None) -> tuple[RunRecord, ...]:
        """Fires a macro once on every agent that it aims at; gives the runs that began. `params`
        are values in place of its defaults."""
        self._turn()
        return self._fire(macro, params)

    def start(
        self,
        macro: Macro,
        agent: str,
        *,
        params: Mapping[str, str] | None = None,
        heard: Iterable[Event] = (),
    ) -> RunRecord | None:
        """Fires a macro once on one agent; None if it runs there already and does not overlap.

        It need not be one of `macros`. `heard` are events that came before and count for its
        first wait as if they came now.
        """
        self._turn()
        self._wake.set()
        run = self._engine.start(macro, agent, time.monotonic(), params=params, heard=heard)
        return None if run is None else run.record

    async def over(self, record: RunRecord) -> None:
        """Waits until a run is over. Cancelled, it leaves the run as it is."""
        if record.state == "running":
            future = asyncio.get_running_loop().create_future()
            self._waiting.setdefault(id(record), []).append(future)
            await future

    def cancel(self, record: RunRecord) -> None:
        """Stops one run."""
        self._engine.cancel(record, time.monotonic())

    def stop(self, macro: Macro) -> None:
        """Stops a macro: its runs, its beat, its answering."""
        self._engine.end_beat(macro.name)
        self._engine.disarm(macro.name)
        self._engine.stop(macro.name, time.monotonic())

    def stop_all(self) -> int:
        """Stops everything that runs; tells how many."""
        running = [macro for macro in self.macros if self.is_running(macro)]
        for macro in running:
            self.stop(macro)
        return len(running)

    def replace(self, macros: Sequence[Macro], *, arm: bool = True) -> None:
        """Takes over other macros. What is unchanged goes on as it is, also if it was stopped; what
        changed is stopped; what is new and has `on` begins to answer.

        `arm`: False where the user does not trust their file: then what is new waits until the user
        switches it on, and what runs a macro that changed is stopped too.
        """
        kept, known = set(macros), set(self.macros)
        changed = {macro.name for macro in kept ^ known}
        for macro in self.macros:
            if macro not in kept or (not arm and changed & names_run_by(macro, macros)):
                self.stop(macro)
        self.macros = tuple(macros)
        self.unarmed = frozenset(
            macro.name
            for macro in macros
            if not arm and macro.on is not None and not self.is_on(macro)
        )
        for macro in macros:
            if arm and macro.on is not None and macro not in known:
                self._engine.arm(macro)

    def _hear(self, event: Event) -> None:
        # What follows from an event may write into the log, which other subscribers must hear of
        # in its order: so not here, but in the next turn of the loop.
        if self._engine.listens:
            self._inbox.append((time.monotonic(), event))
            self._wake.set()

    def _turn(self) -> None:
        """Takes what was heard, each at its time, and then the time."""
        inbox, self._inbox = self._inbox, []
        for now, event in inbox:
            self._engine.hear(event, now)
        self._engine.tick(time.monotonic())

    def _fire(self, macro: Macro, params: Mapping[str, str] | None = None) -> tuple[RunRecord, ...]:
        tally = self.tally(macro)
        agents = [agent.name for agent in self._hub.targets(macro.target)]
        if not agents:
            tally.missed += 1
            return ()
        now = time.monotonic()
        runs = [self._engine.start(macro, agent, now, params=params) for agent in agents]
        self._wake.set()
        records = tuple(run.record for run in runs if run is not None)
        tally.skipped += len(agents) - len(records)
        tally.fired += bool(records)
        tally.refused = next((each.failure for each in records if each.state == "failed"), "")
        return records

    def send(self, message: Message, agent: str, *, sure: bool = False, by: By = "") -> str:
        """Hands a message to the agent of that name; the reason if it was not taken, else empty.

        What may harm the agent is taken only if the caller is `sure`, or the settings are.
        """
        delivery = self._hub.send(message, exactly(agent), sure=sure, by=by)
        if delivery.asked:
            return f"{'; '.join(delivery.asked)} (`unsafe = true` in [hub], or --unsafe, sends it)"
        if delivery.refused:
            return "; ".join(delivery.refused)
        return "" if delivery.agents else f"the agent {agent} is gone"

    def _recent(self, agent: str) -> tuple[Event, ...]:
        log = self._log
        recent: list[Event] = []
        for event in reversed(log.slice(log.next_seq - _LOOKED_THROUGH, log.next_seq)):
            if event.agent == agent and event.echo is None:
                recent.append(event)
                if len(recent) == RECENT_KEPT:
                    break
        return tuple(reversed(recent))

    def _complain(self, macro: Macro, agent: str, text: str) -> None:
        self.tally(macro).refused = text
        self._log.append("fault", agent, text=text)

    def _count(self, record: RunRecord, step: StepRecord | None) -> None:
        if step is not None:
            return
        macro = self.find(record.macro)
        tally = Tally() if macro is None else self.tally(macro)
        if record.state == "running":
            tally.fired += record.trigger is not None
            return
        tally.passed += record.state == "passed"
        tally.failed += record.state == "failed"
        for future in self._waiting.pop(id(record), ()):
            if not future.done():
                future.set_result(None)
