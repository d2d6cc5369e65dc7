"""All the runs of a session: when each begins, goes on and ends.

It has no clock and no task: its owner hands in the time, the events and what to start (`runner`),
so that tests can choose the time.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from mdxdash.events.event import By, Event
from mdxdash.filters.regex import PatternStopped
from mdxdash.language.translation import N_
from mdxdash.macros.model import Macro
from mdxdash.macros.running.condition_tracker import TrackerPast
from mdxdash.macros.running.execution import MacroRun, RunContext
from mdxdash.macros.running.overlapping_runs import QueuedStarts, decide
from mdxdash.macros.running.periodic_times import PeriodicTimes
from mdxdash.macros.running.run_log import RunRecord
from mdxdash.macros.running.snapshot import MacrosSnapshot, QueuedStart, SwitchedMacro
from mdxdash.macros.running.triggers import Trigger

_TYPES_KEPT: Final = 4096
"""Message types whose triggers are remembered, since an agent can make up types without end."""


class _LaterStart(NamedTuple):
    """A start of a macro on an agent."""

    macro: Macro
    params: Mapping[str, str]
    trigger: Event | None
    waits_as: By = "macro"


class Scheduler:
    """The runs of all macros on all agents.

    All times are seconds on a clock that only goes forward (`time.monotonic`).
    """

    def __init__(
        self,
        context: RunContext,
        report: Callable[[Macro, str, str], None],
        fire: Callable[[Macro], object],
    ) -> None:
        """`report` is called with a macro, an agent and a text that a person should read, `fire`
        when a periodic macro is due."""
        self._context = context
        self._report = report
        self._fire = fire
        self._runs: defaultdict[str, list[MacroRun]] = defaultdict(list)
        """By agent."""
        self._queued: QueuedStarts[_LaterStart] = QueuedStarts()
        self._triggers: dict[str, Trigger] = {}
        """By macro."""
        self._by_type: dict[str, tuple[Trigger, ...]] = {}
        """The triggers that a message type can match."""
        self._periodic: dict[str, tuple[Macro, PeriodicTimes]] = {}

    @property
    def needs_events(self) -> bool:
        """Whether an event could make a difference."""
        return bool(self._runs or self._triggers)

    def next_time(self) -> float | None:
        """Returns when to call `tick` next; None if nothing waits for a time."""
        times = [periodic.next_time for _, periodic in self._periodic.values()]
        for runs in self._runs.values():
            times += [run.deadline for run in runs if run.deadline is not None]
        waiting = (trigger.next_time for trigger in self._triggers.values())
        times += [each for each in waiting if each is not None]
        return min(times, default=None)

    # What is switched on

    def enable_trigger(self, macro: Macro) -> None:
        """Lets events trigger a macro with `on` from now on."""
        self._triggers[macro.name] = Trigger(macro, self._context.filters, self._context.groups)
        self._by_type.clear()

    def disable_trigger(self, name: str) -> None:
        """Lets events trigger the macro no more; its runs go on."""
        self._triggers.pop(name, None)
        self._by_type.clear()

    def is_trigger_enabled(self, name: str) -> bool:
        """Returns whether events trigger the macro."""
        return name in self._triggers

    def start_periodic(self, macro: Macro, now: float) -> None:
        """Makes a macro with `every` due, for the first time now."""
        assert macro.every is not None
        self._periodic[macro.name] = (macro, PeriodicTimes(now, macro.every))

    def stop_periodic(self, name: str) -> None:
        """Makes the macro due no more; its runs go on."""
        self._periodic.pop(name, None)

    def next_time_of(self, name: str) -> float | None:
        """Returns when a periodic macro is due next; None if it is not, or is switched off."""
        found = self._periodic.get(name)
        return None if found is None else found[1].next_time

    # Another process

    def snapshot(self, macros: Iterable[Macro]) -> MacrosSnapshot:
        """Returns what runs and is switched on, for another process; `macros` are those in
        force."""
        switched = {}
        for macro in macros:
            if macro.is_switched:
                trigger, periodic = self._triggers.get(macro.name), self._periodic.get(macro.name)
                switched[macro.name] = SwitchedMacro(
                    repr(macro),
                    trigger is not None,
                    () if trigger is None else trigger.snapshot(),
                    None if periodic is None else periodic[1],
                    TrackerPast() if trigger is None else trigger.tracker_past,
                )
        return MacrosSnapshot(
            runs=tuple(run.snapshot() for runs in self._runs.values() for run in runs),
            queued=tuple(
                QueuedStart(start.macro.name, agent, dict(start.params), start.trigger)
                for agent, start in self._queued
            ),
            switched=switched,
        )

    def restore(
        self, left: MacrosSnapshot, macros: Mapping[str, Macro], records: Iterable[RunRecord]
    ) -> None:
        """Goes on where another process was, with the runs that have their record among `records`.
        `macros` are those in force, by name; what is not the same here as there is as it is at the
        beginning, and its runs are stopped."""
        for name, switched in left.switched.items():
            macro = macros.get(name)
            if macro is None or repr(macro) != switched.definition:
                continue
            self.disable_trigger(name)
            if switched.triggers:
                self.enable_trigger(macro)
                self._triggers[name].restore(switched.past, switched.tracked)
            if switched.periodic is not None:
                self._periodic[name] = (macro, switched.periodic)
        by_number = {record.number: record for record in records}
        for known in left.runs:
            record = by_number.get(known.number)
            macro = None if record is None else macros.get(record.macro)
            if record is None:
                continue
            if macro is None:
                record.state, record.took = "stopped", 0.0
                continue
            run = MacroRun(macro, record, self._context, {}, known)
            run.begin()
            if not run.over:
                self._runs[record.agent].append(run)
        for start in left.queued:
            if (macro := macros.get(start.macro)) is not None:
                later = _LaterStart(macro, start.params, start.trigger)
                self._queued.put(start.macro, start.agent, later)

    # What runs

    def runs_of(self, name: str) -> list[MacroRun]:
        """Returns the runs of a macro that are not over."""
        return [run for runs in self._runs.values() for run in runs if run.macro.name == name]

    def start(
        self,
        macro: Macro,
        agent: str,
        now: float,
        *,
        params: Mapping[str, str] | None = None,
        trigger: Event | None = None,
        earlier: Iterable[Event] = (),
        waits_as: By = "macro",
    ) -> MacroRun | None:
        """Starts a macro on an agent; returns None if it runs there already and its `overlap` drops
        or queues the start.

        `params` are values instead of its defaults, `trigger` is the event that triggered it.
        `earlier` are events that came before and count for its first wait as if they came now.
        `waits_as`: see `MacroRun`.
        """
        later = _LaterStart(macro, params or {}, trigger, waits_as)
        running = self._running(macro.name, agent)
        match decide(macro.overlap, runs=bool(running)):
            case "drop":
                return None
            case "queue":
                self._queued.put(macro.name, agent, later)
                return None
            case "stop and start":
                for run in running:
                    run.stop(now)
                self._forget_ended(agent)
        return self._start(later, agent, earlier, now)

    def stop(self, name: str, now: float) -> None:
        """Stops the runs of a macro, and drops its queued starts."""
        self._queued.drop(name)
        for run in self.runs_of(name):
            run.stop(now)
            self._forget_ended(run.record.agent)

    def stop_all(self, now: float) -> None:
        """Stops every run, and drops all queued starts."""
        self._queued.clear()
        for agent, runs in list(self._runs.items()):
            for run in runs:
                run.stop(now)
            self._forget_ended(agent)

    def cancel(self, record: RunRecord, now: float) -> None:
        """Stops one run."""
        for run in self._runs.get(record.agent, ()):
            if run.record is record:
                run.stop(now)
        self._start_queued(record.agent, now)

    # What happens

    def receive(self, event: Event, now: float) -> None:
        """Takes an event that came at `now`: it may satisfy waits, and trigger macros."""
        agent = event.agent
        if runs := self._runs.get(agent):
            for run in tuple(runs):
                run.receive(event, now)
            self._start_queued(agent, now)
        for trigger in self._triggers_for(event.type):
            try:
                found = trigger.take(event, now)
            except PatternStopped as stopped:
                self._turn_off(
                    trigger.macro,
                    event.agent,
                    N_("cannot be triggered: {stopped}").format(stopped=stopped),
                )
            else:
                for each in found:
                    self._start_triggered(trigger, each, now)

    def tick(self, now: float) -> None:
        """Does what is due."""
        for name, (macro, periodic) in list(self._periodic.items()):
            if periodic.due(now):
                self._periodic[name] = (macro, periodic.fire(now))
                self._fire(macro)
        for trigger in tuple(self._triggers.values()):
            for event in trigger.advance(now):
                self._start_triggered(trigger, event, now)
        for agent, runs in list(self._runs.items()):
            for run in tuple(runs):
                run.tick(now)
            self._start_queued(agent, now)

    def _start(
        self, start: "_LaterStart", agent: str, earlier: Iterable[Event], now: float
    ) -> MacroRun:
        macro, params = start.macro, start.params
        record = RunRecord(macro.name, agent, self._context.filters.now(), now, start.trigger)
        self._context.runs.add(record)
        run = MacroRun(macro, record, self._context, params, waits_as=start.waits_as)
        run.begin()
        for event in earlier:
            run.receive(event, now)
        if not run.over:
            self._runs[agent].append(run)
        return run

    def _start_triggered(self, trigger: Trigger, event: Event, now: float) -> None:
        macro = trigger.macro
        if reason := trigger.count(event, now):
            self._turn_off(macro, event.agent, reason)
            return
        run = self.start(macro, event.agent, now, trigger=event)
        if run is not None:
            trigger.started(event, run.sent, now)

    def _turn_off(self, macro: Macro, agent: str, reason: str) -> None:
        self.disable_trigger(macro.name)
        self._report(
            macro,
            agent,
            N_('the macro "{name}" {reason}: it is off now').format(name=macro.name, reason=reason),
        )

    def _triggers_for(self, type_: str) -> Sequence[Trigger]:
        found = self._by_type.get(type_)
        if found is None:
            if len(self._by_type) >= _TYPES_KEPT:
                self._by_type.clear()
            found = tuple(each for each in self._triggers.values() if each.may_match(type_))
            self._by_type[type_] = found
        return found

    def _running(self, name: str, agent: str) -> list[MacroRun]:
        return [run for run in self._runs.get(agent, ()) if run.macro.name == name]

    def _start_queued(self, agent: str, now: float) -> None:
        """Forgets the runs on an agent that are over, and starts what was queued behind them."""
        for run in self._forget_ended(agent):
            name = run.macro.name
            while not self._running(name, agent) and (start := self._queued.take(name, agent)):
                self._start(start, agent, (), now)

    def _forget_ended(self, agent: str) -> list[MacroRun]:
        runs = self._runs.get(agent, [])
        ended = [run for run in runs if run.over]
        if ended:
            left = [run for run in runs if not run.over]
            if left:
                self._runs[agent] = left
            else:
                del self._runs[agent]
        return ended
