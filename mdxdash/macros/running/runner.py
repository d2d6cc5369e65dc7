"""Runs macros in the event loop: hands the time and the events to the scheduler.

Runs end when `run` ends. While no run waits and no trigger is on, an event costs one call.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Final

import msgspec

from mdxdash.events.event import By, Event
from mdxdash.events.log import EventLog
from mdxdash.filters.filter import Context
from mdxdash.hub.interface import AgentHub
from mdxdash.hub.targets import exactly
from mdxdash.language.translation import N_
from mdxdash.macros.files.references import names_run_by
from mdxdash.macros.model import Macro
from mdxdash.macros.running.control import Firing, Tally
from mdxdash.macros.running.execution import RunContext
from mdxdash.macros.running.run_log import RECENT_KEPT, RunLog, RunRecord, StepRecord
from mdxdash.macros.running.scheduler import Scheduler
from mdxdash.macros.running.snapshot import MacrosSnapshot, RecordSnapshot
from mdxdash.speech.control import SpeechControl
from mdxdash.wire.message import Message

_SEARCHED_EVENTS: Final = 5000
"""Events at the end of the log among which the last ones of an agent are searched."""


_SETTLING_TURNS: Final = 100
"""Times that events which macros cause themselves are handed to the scheduler, before another
process goes on."""


class MacroRunner:
    """The macros in force, and those that run now. Implements `MacroControl`.

    The triggers of macros with `on` are switched on at first; macros with `every` are switched off.
    """

    def __init__(
        self,
        hub: AgentHub,
        log: EventLog,
        macros: Sequence[Macro],
        *,
        trusted: bool = True,
        speech: SpeechControl | None = None,
    ) -> None:
        """Messages are sent through `hub`; the events come from its `log`. Nothing happens before
        `run` is called. `trusted`: see `replace`. `speech` lets agents speak."""
        self.macros: tuple[Macro, ...] = ()
        self.waiting_for_trust: frozenset[str] = frozenset()
        """The names of those with `on` that are off because the user does not trust their file."""
        self.runs = RunLog()
        """What each run did; the screen and the command line subscribe to it."""
        self._hub = hub
        self._log = log
        self._tallies: dict[str, Tally] = {}
        self._received: list[tuple[float, Event]] = []
        """Events that the scheduler did not get yet, each with the time when it came."""
        self._wake = asyncio.Event()
        self._held = False
        self._left: MacrosSnapshot | None = None
        self._ends: dict[int, list[asyncio.Future[None]]] = {}
        """The futures of `wait_until_over`, by the `id` of the record."""
        self.started = asyncio.Event()
        """Set while `run` receives events."""
        context = RunContext(
            send=partial(self.send, by="macro"),
            find=self.find,
            recent=self._recent,
            runs=self.runs,
            filters=Context(now=time.time, marked=()),
            groups=hub.groups,
            speech=speech,
        )
        self._scheduler = Scheduler(context, self._report, self._fire_on_targets)
        self.runs.subscribe(self._count)
        self.replace(macros, trusted=trusted)

    async def run(self) -> None:
        """Runs macros until it is cancelled, and then stops all runs."""
        loop = asyncio.get_running_loop()
        unsubscribe = self._log.subscribe_batches(self._receive)
        alarm: asyncio.TimerHandle | None = None
        self.started.set()
        try:
            while True:
                self._advance()
                if alarm is not None:
                    alarm.cancel()
                next_time = None if self._held else self._scheduler.next_time()
                if next_time is not None:
                    alarm = loop.call_later(max(0.0, next_time - time.monotonic()), self._wake.set)
                await self._wake.wait()
                self._wake.clear()
        finally:
            if alarm is not None:
                alarm.cancel()
            unsubscribe()
            self.started.clear()
            self.stop_all()
            self._scheduler.stop_all(time.monotonic())

    def settle(self) -> None:
        """Hands over to the scheduler what has come, so that `snapshot` can be taken."""
        for _ in range(_SETTLING_TURNS):
            self._advance()
            if not self._received:
                return

    def snapshot(self) -> MacrosSnapshot:
        """Returns what another process needs to go on with the macros; see `settle`."""
        return msgspec.structs.replace(
            self._scheduler.snapshot(self.macros),
            records=tuple(map(RecordSnapshot.of, self.runs.records)),
            begun=self.runs.begun,
            tallies=dict(self._tallies),
        )

    def restore(self, left: MacrosSnapshot) -> None:
        """Takes over the macros of another process, before `run`; they go on when `go_on` is
        called. A macro that is another one here begins as at the start of a session."""
        self._held = True
        self._left = left
        self._tallies.update(left.tallies)
        self.runs.restore([each.record() for each in left.records], left.begun)

    def go_on(self) -> None:
        """Goes on with the macros of the other process, if there was one."""
        self._held = False
        if self._left is not None:
            by_name = {macro.name: macro for macro in self.macros}
            self._scheduler.restore(self._left, by_name, self.runs.records)
            self._left = None
            self.waiting_for_trust -= {macro.name for macro in self.macros if self.is_on(macro)}
        self._wake.set()

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
        """Returns the macro of that name; None if there is none."""
        return next((macro for macro in self.macros if macro.name == name), None)

    def for_key(self, key: str) -> Macro | None:
        """Returns the macro that a key fires; None if there is none."""
        return next((macro for macro in self.macros if macro.key == key), None)

    def tally(self, macro: Macro) -> Tally:
        """Returns the counts of a macro."""
        return self._tallies.setdefault(macro.name, Tally())

    def is_running(self, macro: Macro) -> bool:
        """Returns whether it is switched on, or has a run that is not over."""
        return self.is_on(macro) or bool(self._scheduler.runs_of(macro.name))

    def is_on(self, macro: Macro) -> bool:
        """Returns whether a macro with `every` or `on` is switched on."""
        name = macro.name
        return self._scheduler.next_time_of(name) is not None or self._scheduler.is_trigger_enabled(
            name
        )

    def active(self, macro: Macro) -> tuple[RunRecord, ...]:
        """Returns its runs that are not over, one for each agent."""
        return tuple(run.record for run in self._scheduler.runs_of(macro.name))

    def next_in(self, macro: Macro) -> float | None:
        """Returns the seconds until a periodic macro fires next; None if it is switched off."""
        next_time = self._scheduler.next_time_of(macro.name)
        return None if next_time is None else max(0.0, next_time - time.monotonic())

    def trigger(self, macro: Macro) -> None:
        """Fires a macro; one with `every` or `on` is switched on, or off if it is on."""
        if not macro.is_switched:
            self.fire(macro)
        elif self.is_on(macro):
            self.stop(macro)
        else:
            self._advance()
            self.tally(macro).refused = ""
            if macro.on is not None:
                self._scheduler.enable_trigger(macro)
            if macro.every is not None:
                self._scheduler.start_periodic(macro, time.monotonic())
                self._scheduler.tick(time.monotonic())
            self._wake.set()

    def fire(self, macro: Macro, params: Mapping[str, str] | None = None) -> Firing:
        """Fires a macro once on every connected agent of its target.

        `params` are values instead of the defaults of its parameters.
        """
        self._advance()
        return self._fire_on_targets(macro, params)

    async def request_fire(self, macro: Macro, params: Mapping[str, str] | None = None) -> Firing:
        """Fires a macro at once: see `MacroControl`."""
        return self.fire(macro, params)

    def start(
        self,
        macro: Macro,
        agent: str,
        *,
        params: Mapping[str, str] | None = None,
        earlier: Iterable[Event] = (),
        waits_as: By = "macro",
    ) -> RunRecord | None:
        """Fires a macro once on the agent of that name, which need not be one of its target.

        The macro need not be one of `macros`. `params` are values instead of the defaults of its
        parameters. `earlier` are events that came before, oldest first; they count for its first
        wait as if they came now. Echoes of what `waits_as` sent satisfy no wait.

        Returns the record of the run; None if the macro still runs there and its `overlap` does not
        let another run begin.
        """
        self._advance()
        self._wake.set()
        run = self._scheduler.start(
            macro, agent, time.monotonic(), params=params, earlier=earlier, waits_as=waits_as
        )
        return None if run is None else run.record

    async def wait_until_over(self, record: RunRecord) -> None:
        """Waits until a run is over. If it is cancelled, the run goes on."""
        if record.state == "running":
            future = asyncio.get_running_loop().create_future()
            self._ends.setdefault(id(record), []).append(future)
            await future

    def cancel(self, record: RunRecord) -> None:
        """Stops one run."""
        self._scheduler.cancel(record, time.monotonic())

    def stop(self, macro: Macro) -> None:
        """Stops the runs of a macro, and switches it off."""
        self._scheduler.stop_periodic(macro.name)
        self._scheduler.disable_trigger(macro.name)
        self._scheduler.stop(macro.name, time.monotonic())

    def stop_all(self) -> int:
        """Stops all macros that run or are switched on; returns how many these were."""
        running = [macro for macro in self.macros if self.is_running(macro)]
        for macro in running:
            self.stop(macro)
        return len(running)

    def replace(self, macros: Sequence[Macro], *, trusted: bool = True) -> None:
        """Replaces the macros. Macros that are equal to one before go on as they are, also if they
        were stopped; the others before are stopped. The triggers of new ones are switched on.

        `trusted` is whether the user trusts their file. If not, new triggers stay off until the
        user switches them on, and macros that run a changed macro are stopped too.
        """
        kept, known = set(macros), set(self.macros)
        changed = {macro.name for macro in kept ^ known}
        for macro in self.macros:
            if macro not in kept or (not trusted and changed & names_run_by(macro, macros)):
                self.stop(macro)
        self.macros = tuple(macros)
        self.waiting_for_trust = frozenset(
            macro.name
            for macro in macros
            if not trusted and macro.on is not None and not self.is_on(macro)
        )
        for macro in macros:
            if trusted and macro.on is not None and macro not in known:
                self._scheduler.enable_trigger(macro)

    def send(self, message: Message, agent: str, *, sure: bool = False, by: By = "") -> str:
        """Sends a message to the agent of that name.

        A message that may harm the agent is sent only if the caller is `sure`, or the settings
        allow it. `by` is the sender, if it is no person. Returns why it was not sent, or nothing.
        """
        delivery = self._hub.send(message, exactly(agent), sure=sure, by=by)
        if delivery.asked:
            return N_("{asked} (`unsafe = true` in [hub], or --unsafe, sends it)").format(
                asked="; ".join(delivery.asked)
            )
        if delivery.refused:
            return "; ".join(delivery.refused)
        return "" if delivery.agents else N_("the agent {agent} is gone").format(agent=agent)

    def _receive(self, events: Sequence[Event]) -> None:
        # A macro that reacts to an event may append to the log, whose other subscribers must get
        # the events in their order. So it reacts in the next turn of the loop.
        if self._scheduler.needs_events:
            now = time.monotonic()
            self._received += [(now, event) for event in events]
            self._wake.set()

    def _advance(self) -> None:
        """Hands the received events to the scheduler, each with its time, and then the time."""
        if self._held:
            return
        received, self._received = self._received, []
        for now, event in received:
            self._scheduler.receive(event, now)
        self._scheduler.tick(time.monotonic())

    def _fire_on_targets(self, macro: Macro, params: Mapping[str, str] | None = None) -> Firing:
        tally = self.tally(macro)
        agents = [agent.name for agent in self._hub.targets(macro.target)]
        if not agents:
            tally.missed += 1
            return Firing((), N_("no agent"))
        now = time.monotonic()
        runs = [self._scheduler.start(macro, agent, now, params=params) for agent in agents]
        self._wake.set()
        records = tuple(run.record for run in runs if run is not None)
        tally.skipped += len(agents) - len(records)
        tally.fired += bool(records)
        tally.refused = next((each.failure for each in records if each.state == "failed"), "")
        if records:
            return Firing(records, "started")
        return Firing((), "queued" if macro.overlap == "queue" else "skipped")

    def _recent(self, agent: str) -> tuple[Event, ...]:
        log = self._log
        recent: list[Event] = []
        for event in reversed(log.slice(log.next_seq - _SEARCHED_EVENTS, log.next_seq)):
            if event.agent == agent and event.echo is None:
                recent.append(event)
                if len(recent) == RECENT_KEPT:
                    break
        return tuple(reversed(recent))

    def _report(self, macro: Macro, agent: str, text: str) -> None:
        self.tally(macro).refused = text
        self._log.append("fault", agent, text=text, by="macro")

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
        if record.state == "failed":
            text = N_("macro {macro}: {failure}").format(macro=record.macro, failure=record.failure)
            self._log.append("fault", record.agent, text=text, by="macro")
        for future in self._ends.pop(id(record), ()):
            if not future.done():
                future.set_result(None)
