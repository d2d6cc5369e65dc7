"""How an event triggers a macro: its `on`, its `cooldown`, and the guard against endless loops.

A macro whose command causes the very event that triggers it would run for ever. Such a loop is
recognised by its event: it is a reply to what the macro sent the last time, or the same event as
the last time. Other events may come as fast as they like, unless that lasts too long.
"""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec

from mdxdash.catalog.replies import is_reply
from mdxdash.events.event import Event
from mdxdash.filters.filter import Context
from mdxdash.language.translation import N_
from mdxdash.macros.model import Macro
from mdxdash.macros.running.condition_tracker import ConditionTracker, TrackerPast
from mdxdash.macros.running.snapshot import TriggerPast
from mdxdash.macros.template import fill_filter
from mdxdash.wire.message import Message

MAX_LOOPS: Final = 20
"""Loops in LOOP_SECONDS; one more switches the trigger off."""

LOOP_SECONDS: Final = 1.0

MAX_STARTS: Final = 600
"""Starts in START_SECONDS, by whatever events. No dialogue has so many, and a loop through the
agent's own script cannot be distinguished from other events."""

START_SECONDS: Final = 30.0


@dataclass(slots=True)
class _Past:
    """What a trigger did on one agent. Times are seconds."""

    started_at: float = float("-inf")
    message: tuple[str, str] | None = None
    """The type and arguments of the last event that started the macro."""
    sent: Collection[Message] = ()
    """The messages that this run sent; grows while it goes on."""
    loops: deque[float] = field(default_factory=lambda: deque(maxlen=MAX_LOOPS))
    starts: deque[float] = field(default_factory=lambda: deque(maxlen=MAX_STARTS))


class Trigger:
    """The `on` of one macro while it is switched on. Times are seconds on a clock that only goes
    forward."""

    def __init__(self, macro: Macro, context: Context, groups: Mapping[str, Sequence[str]]) -> None:
        """`groups` are the hub's names for several agents."""
        condition = macro.condition
        assert condition is not None
        self.macro = macro
        lookup = dict(macro.params).__getitem__
        absent = condition.absent
        filled = msgspec.structs.replace(
            condition,
            on=fill_filter(condition.on, lookup),
            absent=None if absent is None else fill_filter(absent, lookup),
        )
        self._tracker = ConditionTracker(filled, context, groups)
        self._past: defaultdict[str, _Past] = defaultdict(_Past)
        """By agent."""

    def snapshot(self) -> tuple[TriggerPast, ...]:
        """Returns what it did, for another process."""
        return tuple(
            TriggerPast(agent, p.started_at, p.message, tuple(p.loops), tuple(p.starts))
            for agent, p in self._past.items()
        )

    def restore(self, past: Iterable[TriggerPast], tracked: TrackerPast) -> None:
        """Takes over what it did in another process. What the last run sends is not known here, so
        a loop through it is recognised from the next one on."""
        self._tracker.restore(tracked)
        for each in past:
            found = self._past[each.agent]
            found.started_at, found.message = each.started_at, each.message
            found.loops.extend(each.loops)
            found.starts.extend(each.starts)

    @property
    def tracker_past(self) -> TrackerPast:
        """What its condition has counted, for another process."""
        return self._tracker.snapshot()

    def may_match(self, type_: str) -> bool:
        """Returns whether an event of that message type can trigger the macro at all."""
        return self._tracker.may_match(type_)

    @property
    def next_time(self) -> float | None:
        """When to call `advance`; None if no event is waited for."""
        return self._tracker.next_time

    def take(self, event: Event, now: float) -> Sequence[Event]:
        """Takes an event that came at `now`; returns the events that trigger the macro, among them
        those that `absent` did not follow in time. Raises `PatternStopped`."""
        if not event.agent:
            return self.advance(now)
        return self._warm(self._tracker.take(event, now), now)

    def advance(self, now: float) -> Sequence[Event]:
        """Returns the events that trigger the macro because `absent` did not follow in time."""
        return self._warm(self._tracker.advance(now), now)

    def _warm(self, found: Sequence[Event], now: float) -> Sequence[Event]:
        """Returns those whose agent is not in the cooldown."""
        cooldown = self.macro.cooldown
        if cooldown is None or not found:
            return found
        return [each for each in found if now >= self._past[each.agent].started_at + cooldown]

    def count(self, event: Event, now: float) -> str:
        """Counts a start by this event; returns why it would be one too many, or nothing."""
        past = self._past[event.agent]
        if self._may_be_loop(event, past):
            if len(past.loops) == MAX_LOOPS and now - past.loops[0] < LOOP_SECONDS:
                return N_("triggered itself {times} times within a second").format(times=MAX_LOOPS)
            past.loops.append(now)
        if len(past.starts) == MAX_STARTS and now - past.starts[0] < START_SECONDS:
            return N_("was triggered {times} times within {seconds:g} seconds").format(
                times=MAX_STARTS, seconds=START_SECONDS
            )
        past.starts.append(now)
        return ""

    def started(self, event: Event, sent: Collection[Message], now: float) -> None:
        """Notes that the event started a run; `sent` is what the run sends, and may grow later."""
        past = self._past[event.agent]
        past.started_at = now
        past.message = (event.type, event.args)
        past.sent = sent

    def _may_be_loop(self, event: Event, past: _Past) -> bool:
        """Returns whether the event may have been caused by what the last run sent."""
        if not past.sent:
            return False
        message = Message(event.type, event.args)
        same = past.message == (event.type, event.args)
        return same or any(is_reply(sent, message) for sent in past.sent)
