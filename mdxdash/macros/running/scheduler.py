"""All the runs of a session: what sets them off, how they overlap, when they go on.

No tasks and no clock of its own: it is told the time, what was heard, and what to start. Whatever
can be reckoned is reckoned here, so that tests can turn the clock.
"""

import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Final

from mdxdash.events.event import Event
from mdxdash.macros.model import Macro
from mdxdash.macros.running.execution import MacroRun, RunContext
from mdxdash.macros.running.periodic_times import Schedule
from mdxdash.macros.running.run_log import RunRecord
from mdxdash.macros.running.triggers import Trigger

QUEUE_LIMIT: Final = 100
"""Firings that may wait for a macro that runs, an agent; what comes on top is let go by."""

_TYPES_KEPT: Final = 4096
"""Types whose triggers are remembered; an agent that makes up types must not fill the memory."""

RunSlot = tuple[str, str]
"""A macro's name and an agent's."""


class Scheduler:
    """The runs of all macros on all agents. Times are seconds that only go forward.

    `complain` is told what a person should know: macro, agent and a text. `beat` is called when a
    periodic macro is due.
    """

    def __init__(
        self,
        world: RunContext,
        complain: Callable[[Macro, str, str], None],
        beat: Callable[[Macro], object],
    ) -> None:
        self._world = world
        self._complain = complain
        self._beat = beat
        self._runs: defaultdict[str, list[MacroRun]] = defaultdict(list)
        self._queues: defaultdict[RunSlot, deque[Callable[[float], object]]] = defaultdict(deque)
        self._triggers: dict[str, Trigger] = {}
        self._by_type: dict[str, tuple[Trigger, ...]] = {}
        self._schedules: dict[str, tuple[Macro, Schedule]] = {}

    @property
    def listens(self) -> bool:
        """Whether an event could make a difference."""
        return bool(self._runs or self._triggers)

    def next_at(self) -> float | None:
        """When to call `tick` next; None when nothing waits for a time."""
        times = [schedule.next_at for _, schedule in self._schedules.values()]
        for runs in self._runs.values():
            times += [run.deadline for run in runs if run.deadline is not None]
        return min(times, default=None)

    # What is on

    def arm(self, macro: Macro) -> None:
        """Lets a macro with `on` answer from now on."""
        self._triggers[macro.name] = Trigger(macro, self._world.context, self._world.groups)
        self._by_type.clear()

    def disarm(self, name: str) -> None:
        """Lets it answer no more; what runs goes on."""
        self._triggers.pop(name, None)
        self._by_type.clear()

    def is_armed(self, name: str) -> bool:
        return name in self._triggers

    def set_beat(self, macro: Macro, now: float) -> None:
        """Makes a macro with `every` due, now for the first time."""
        assert macro.every is not None
        self._schedules[macro.name] = (macro, Schedule(now, macro.every))

    def end_beat(self, name: str) -> None:
        self._schedules.pop(name, None)

    def next_beat(self, name: str) -> float | None:
        """When a macro is due next; None when it is not periodic, or off."""
        found = self._schedules.get(name)
        return None if found is None else found[1].next_at

    # What runs

    def runs_of(self, name: str) -> list[MacroRun]:
        """The runs of a macro that are not over."""
        return [run for runs in self._runs.values() for run in runs if run.macro.name == name]

    def start(
        self,
        macro: Macro,
        agent: str,
        now: float,
        *,
        params: Mapping[str, str] | None = None,
        trigger: Event | None = None,
        heard: Iterable[Event] = (),
    ) -> MacroRun | None:
        """Fires a macro on an agent; None if it is let go by, or queued, since it runs already.

        `heard` are events that came before and count for it as if they came now.
        """
        running = [run for run in self._runs.get(agent, ()) if run.macro.name == macro.name]
        if running and macro.overlap == "skip":
            return None
        if running and macro.overlap == "queue":
            queue = self._queues[macro.name, agent]
            if len(queue) < QUEUE_LIMIT:
                queue.append(partial(self._begin, macro, agent, params or {}, trigger, ()))
            return None
        if running and macro.overlap == "restart":
            for run in running:
                run.stop(now)
            self._forget_ended(agent)
        return self._begin(macro, agent, params or {}, trigger, heard, now)

    def stop(self, name: str, now: float) -> None:
        """Ends a macro's runs and lets go of those that wait."""
        for place in [place for place in self._queues if place[0] == name]:
            del self._queues[place]
        for agent, runs in list(self._runs.items()):
            for run in runs:
                if run.macro.name == name:
                    run.stop(now)
            self._forget_ended(agent)

    def stop_everything(self, now: float) -> None:
        """Ends every run, and what waits for one."""
        self._queues.clear()
        for agent, runs in list(self._runs.items()):
            for run in runs:
                run.stop(now)
            self._forget_ended(agent)

    def cancel(self, record: RunRecord, now: float) -> None:
        """Ends one run."""
        for run in self._runs.get(record.agent, ()):
            if run.record is record:
                run.stop(now)
        self._settle(record.agent, now)

    # What happens

    def hear(self, event: Event, now: float) -> None:
        """Takes an event that came at `now`."""
        agent = event.agent
        if runs := self._runs.get(agent):
            for run in tuple(runs):
                run.hear(event, now)
            self._settle(agent, now)
        for trigger in self._triggers_for(event.type):
            if trigger.hears(event, now):
                self._answer(trigger, event, now)

    def tick(self, now: float) -> None:
        """Does what is due."""
        for name, (macro, schedule) in list(self._schedules.items()):
            if schedule.due(now):
                self._schedules[name] = (macro, schedule.fire(now))
                self._beat(macro)
        for agent, runs in list(self._runs.items()):
            for run in tuple(runs):
                run.tick(now)
            self._settle(agent, now)

    def _begin(
        self,
        macro: Macro,
        agent: str,
        params: Mapping[str, str],
        trigger: Event | None,
        heard: Iterable[Event],
        now: float,
    ) -> MacroRun:
        record = RunRecord(macro.name, agent, time.time(), now, trigger)
        self._world.runs.add(record)
        run = MacroRun(macro, record, self._world, params)
        run.begin()
        for event in heard:
            run.hear(event, now)
        if not run.over:
            self._runs[agent].append(run)
        return run

    def _answer(self, trigger: Trigger, event: Event, now: float) -> None:
        macro = trigger.macro
        if reason := trigger.too_often(event, now):
            self.disarm(macro.name)
            self._complain(macro, event.agent, f'the macro "{macro.name}" {reason}: it is off now')
            return
        run = self.start(macro, event.agent, now, trigger=event)
        if run is not None:
            trigger.answered(event, run.sent, now)

    def _triggers_for(self, type_: str) -> Sequence[Trigger]:
        if not self._triggers:
            return ()
        found = self._by_type.get(type_)
        if found is None:
            if len(self._by_type) >= _TYPES_KEPT:
                self._by_type.clear()
            found = tuple(each for each in self._triggers.values() if each.may_match(type_))
            self._by_type[type_] = found
        return found

    def _settle(self, agent: str, now: float) -> None:
        """Forgets the runs that are over, and begins those that waited for them."""
        ended = self._forget_ended(agent)
        for run in ended:
            queue = self._queues.get((run.macro.name, agent))
            while queue and not any(
                other.macro.name == run.macro.name for other in self._runs.get(agent, ())
            ):
                queue.popleft()(now)

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
