"""Follows a condition through the events: the one engine of macros with `on` and of watches.

It is a function of the events and the times that it is given: it has no clock and no task. Its
memory is bounded: the times of `above`, and one waiting event for each agent.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import msgspec

from mdxdash.events.event import Event, is_of_agent
from mdxdash.filters.filter import Context, Filter
from mdxdash.hub.targets import selects
from mdxdash.macros.condition import MINUTE, Condition
from mdxdash.macros.running.event_matching import (
    Matches,
    event_matcher,
    is_about_connections,
    may_match,
)

AGENTS_KEPT: Final = 1000
"""Agents whose waits are kept at most, since an agent may connect under ever new names."""


class Wait(msgspec.Struct, frozen=True):
    """An event that passed `on`, and that `absent` has not followed yet."""

    event: Event
    deadline: float


class TrackerPast(msgspec.Struct, frozen=True):
    """What a tracker has counted, as another process needs it to go on."""

    passed: int = 0
    times: tuple[float, ...] = ()
    silent_until: float = 0.0
    waits: tuple[Wait, ...] = ()


class ConditionTracker:
    """Follows one condition. Times are seconds on a clock that only goes forward."""

    def __init__(
        self,
        condition: Condition,
        context: Context,
        groups: Mapping[str, Sequence[str]],
        matcher: Callable[[Filter, Context], Matches] = event_matcher,
    ) -> None:
        """
        Args:
            condition: All names in its filters are filled in.
            context: What its filters need.
            groups: The hub's names for several agents.
            matcher: Makes the function that decides whether an event passes a filter and counts.
        """
        self.condition = condition
        self.passed = 0
        """How many events passed `on`."""
        self._groups = groups
        self._on = matcher(condition.on, context)
        self._absent = None if condition.absent is None else matcher(condition.absent, context)
        filters = filter(None, (condition.on, condition.absent))
        self._outlives_connections = any(map(is_about_connections, filters))
        self._times: deque[float] = deque(maxlen=(condition.above or 0) + 1)
        """When the last events passed `on`, for `above`."""
        self._silent_until = float("-inf")
        self._waits: dict[str, Wait] = {}
        """By agent, in the order of their deadlines."""

    @property
    def next_time(self) -> float | None:
        """When to call `advance`; None if nothing is waited for."""
        return next((wait.deadline for wait in self._waits.values()), None)

    def may_match(self, type_: str) -> bool:
        """Returns whether an event of that message type can make a difference. An event without a
        type may end an agent's connection, and with it a wait."""
        condition = self.condition
        if may_match(condition.on, type_):
            return True
        return condition.absent is not None and (not type_ or may_match(condition.absent, type_))

    def take(self, event: Event, now: float) -> Sequence[Event]:
        """Takes an event that came at `now`, not before the last one.

        Returns the events at which the condition holds: this one, or those that `absent` did not
        follow in time. Raises `PatternStopped`.
        """
        overdue = self.advance(now) if self._waits else ()
        if not selects(self.condition.target, event.agent, self._groups):
            return overdue
        if self._absent is not None:
            self._take_pair(event, now, self._absent)
            return overdue
        if not self._on(event):
            return overdue
        self.passed += 1
        return (event,) if self.condition.above is None or self._is_above(now) else ()

    def advance(self, now: float) -> Sequence[Event]:
        """Returns the events that `absent` did not follow in time, as it is `now`; each once."""
        found: list[Event] = []
        while self._waits:
            agent, wait = next(iter(self._waits.items()))
            if wait.deadline > now:
                break
            del self._waits[agent]
            found.append(wait.event)
        return found

    def snapshot(self) -> TrackerPast:
        """Returns what it has counted, for another process."""
        return TrackerPast(
            self.passed,
            tuple(self._times),
            # Infinity cannot be written as JSON.
            max(self._silent_until, 0.0),
            tuple(self._waits.values()),
        )

    def restore(self, past: TrackerPast) -> None:
        """Takes over what another tracker of the same condition has counted."""
        self.passed = past.passed
        self._times.extend(past.times)
        self._silent_until = past.silent_until
        self._waits = {wait.event.agent: wait for wait in past.waits}

    def _take_pair(self, event: Event, now: float, absent: Matches) -> None:
        agent = event.agent
        if event.kind == "disconnected" and is_of_agent(event) and not self._outlives_connections:
            self._waits.pop(agent, None)  # who is gone is told otherwise
            return
        if agent in self._waits and absent(event):
            del self._waits[agent]
        if self._on(event):
            self.passed += 1
            if agent not in self._waits:
                if len(self._waits) >= AGENTS_KEPT:
                    del self._waits[next(iter(self._waits))]
                self._waits[agent] = Wait(event, now + self.condition.within)

    def _is_above(self, now: float) -> bool:
        times = self._times
        times.append(now)
        if len(times) < (times.maxlen or 0) or now - times[0] >= MINUTE or now < self._silent_until:
            return False
        self._silent_until = now + MINUTE
        return True
