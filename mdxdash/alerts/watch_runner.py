"""Counts the events of the watches in force as they come, and raises alarms.

An alarm is an event of its own, a `fault` with `by` `watch`, so that the recording has it, every
face of the hub sees it, and it is an alert. It is appended in the next turn of the event loop:
other subscribers of the log get the events in their order.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Final

import msgspec

from mdxdash.alerts.watch import Watch, WatchState
from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.events.text import clock
from mdxdash.filters.filter import Context, Filter
from mdxdash.filters.regex import PatternStopped
from mdxdash.language.translation import N_
from mdxdash.macros.running.condition_tracker import ConditionTracker, TrackerPast
from mdxdash.macros.running.event_matching import Matches

_TYPES_KEPT: Final = 4096
"""Message types whose watches are remembered, since an agent can make up types without end."""


class WatchSnapshot(msgspec.Struct, frozen=True):
    """A watch at one moment, as another process needs it to go on."""

    definition: str
    """The watch as a text."""
    alarms: int
    absences: int
    past: TrackerPast


class WatchRunner:
    """The watches in force, and what they have counted since they are."""

    def __init__(self, log: EventLog, groups: Mapping[str, Sequence[str]]) -> None:
        """`groups` are the hub's names for several agents. Nothing is counted before `running`."""
        self._log = log
        self._groups = groups
        self._running: list[_Counting] = []
        self._by_type: dict[str, tuple[_Counting, ...]] = {}
        self._left: dict[str, WatchSnapshot] = {}
        self._alarms: list[tuple[_Counting, Event]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._due = float("inf")
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def states(self) -> tuple[WatchState, ...]:
        """What each watch has counted, in their order."""
        return tuple(each.state() for each in self._running)

    def replace(self, watches: Sequence[Watch]) -> None:
        """Replaces the watches; those that are equal to one before go on counting."""
        before = {each.watch: each for each in self._running}
        self._running = [before.get(watch) or self._new(watch) for watch in watches]
        self._by_type.clear()
        self._set_timer()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Counts as long as the context lasts."""
        self._loop = asyncio.get_running_loop()
        unsubscribe = self._log.subscribe_batches(self._take_batch)
        self._set_timer()
        try:
            yield
        finally:
            unsubscribe()
            self._loop = None
            if self._timer is not None:
                self._timer.cancel()

    def snapshot(self) -> tuple[WatchSnapshot, ...]:
        """Returns what was counted, for another process."""
        return tuple(each.snapshot() for each in self._running)

    def restore(self, left: Sequence[WatchSnapshot]) -> None:
        """Goes on with what another process has counted, for the watches that are the same."""
        self._left = {each.definition: each for each in left}
        for each in self._running:
            each.restore(self._left.get(repr(each.watch)))
        self._set_timer()

    def _new(self, watch: Watch) -> "_Counting":
        counting = _Counting(watch, self._groups)
        counting.restore(self._left.pop(repr(watch), None))
        return counting

    def _take_batch(self, events: Sequence[Event]) -> None:
        if self._running:
            for event in events:
                self._take(event)

    def _take(self, event: Event) -> None:
        """Called with every event, 50,000 times a second in a flood."""
        type_ = event.type
        concerned = self._by_type.get(type_)
        if concerned is None:
            if len(self._by_type) >= _TYPES_KEPT:
                self._by_type.clear()
            concerned = tuple(each for each in self._running if each.tracker.may_match(type_))
            self._by_type[type_] = concerned
        if not concerned or event.by == "watch":
            return  # a watch for faults would else raise its alarm at its own alarm
        now = time.monotonic()
        for each in concerned:
            self._raise(each, each.take(event, now))
            due = each.tracker.next_time
            if due is not None and due < self._due:
                self._set_timer()

    def _raise(self, counting: "_Counting", found: Sequence[Event]) -> None:
        for event in found:
            if not self._alarms and self._loop is not None:
                self._loop.call_soon(self._append_alarms)
            self._alarms.append((counting, event))

    def _append_alarms(self) -> None:
        alarms, self._alarms = self._alarms, []
        for counting, event in alarms:
            text = N_("watch {name}: {event}").format(
                name=counting.watch.name, event=counting.reason(event)
            )
            self._log.append("fault", event.agent, text=text, by="watch")

    def _advance(self) -> None:
        now = time.monotonic()
        for each in self._running:
            self._raise(each, each.advance(now))
        self._set_timer()

    def _set_timer(self) -> None:
        """Wakes up when the first event that is waited for is overdue."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        times = (each.tracker.next_time for each in self._running)
        self._due = min((each for each in times if each is not None), default=float("inf"))
        if self._loop is not None and self._due < float("inf"):
            left = max(0.0, self._due - time.monotonic())
            self._timer = self._loop.call_later(left, self._advance)


class _Counting:
    """One watch, and what it has counted."""

    def __init__(self, watch: Watch, groups: Mapping[str, Sequence[str]]) -> None:
        self.watch = watch
        context = Context(now=time.time, marked=())
        self.tracker = ConditionTracker(watch.condition, context, groups, _each_message_once)
        self._absences = 0
        self._alarms = 0
        self._problem = ""

    def take(self, event: Event, now: float) -> Sequence[Event]:
        """Takes an event; returns those at which an alarm is to be raised."""
        if self._problem:
            return ()
        try:
            return self._alarming(self.tracker.take(event, now))
        except PatternStopped as stopped:
            self._problem = str(stopped)
            return ()

    def advance(self, now: float) -> Sequence[Event]:
        """As `take`, when nothing came."""
        return self._alarming(self.tracker.advance(now))

    def reason(self, event: Event) -> str:
        """Returns why an alarm is raised at an event."""
        condition = self.watch.condition
        if condition.absent is not None:
            what = event.type or event.kind
            return N_("{alarm} of {what} at {time}").format(
                alarm=self.watch.alarm, what=what, time=clock(event.time)
            )
        if condition.above is not None:
            return f"{self.watch.alarm}: {condition.on.text}"
        return N_("the first {text}: {type}").format(
            text=condition.on.text, type=event.type or event.kind
        )

    def state(self) -> WatchState:
        """Returns what was counted."""
        absent = self.watch.condition.absent is not None
        return WatchState(
            self.watch.name,
            self.watch.condition.on.text,
            self.watch.alarm,
            self._absences if absent else self.tracker.passed,
            self._alarms,
            self._problem,
        )

    def snapshot(self) -> WatchSnapshot:
        return WatchSnapshot(
            repr(self.watch), self._alarms, self._absences, self.tracker.snapshot()
        )

    def restore(self, left: WatchSnapshot | None) -> None:
        if left is not None:
            self._alarms, self._absences = left.alarms, left.absences
            self.tracker.restore(left.past)

    def _alarming(self, found: Sequence[Event]) -> Sequence[Event]:
        condition = self.watch.condition
        if condition.absent is not None:
            self._absences += len(found)
        elif condition.above is None:
            found = found[: int(self.watch.first and not self._alarms)]
        self._alarms += len(found)
        return found


def _each_message_once(filter_: Filter, context: Context) -> Matches:
    """Makes the function that decides as the stream does: what is sent counts, its echo does not
    unless the filter mentions echoes, so that a counter agrees with the rows."""
    passes = filter_.compile(context)
    if filter_.mentions("is:echo"):
        return passes
    return lambda event: event.echo is None and passes(event)
