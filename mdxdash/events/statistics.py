"""Statistics of events: for each agent, for each type, in total, live or of a recording.

Their size grows with the number of agents and types, not with the number of events.
"""

from collections import Counter
from collections.abc import Sequence
from time import perf_counter
from typing import Final

import msgspec

from mdxdash.events.event import Event, is_line
from mdxdash.events.histogram import Histogram
from mdxdash.events.log import EventLog
from mdxdash.language.translation import N_

MINUTE: Final = 60
"""Seconds whose rates are known."""

_SLICE: Final = 500
"""Events counted between two looks at the clock."""


_TYPES_MAX = 20_000
"""Types that are counted one by one: an agent that makes up types must not fill the memory."""

_OTHER_TYPES = N_("(other types)")


class Traffic:
    """The statistics of one agent, or of all."""

    def __init__(self) -> None:
        self.events = 0
        self.received = 0
        """Messages and log lines that were received, with echoes."""
        self.sent = 0
        self.lost = 0
        """Sent messages whose event is `lost`. In a live log an event becomes so only after it was
        counted here; there, use the agent's own count."""
        self.bytes = 0
        """Bytes on the wire, both ways."""
        self.round_trips = Histogram()

    def merge(self, other: "Traffic") -> None:
        """Adds the statistics of another agent."""
        self.events += other.events
        self.received += other.received
        self.sent += other.sent
        self.lost += other.lost
        self.bytes += other.bytes
        self.round_trips.merge(other.round_trips)


class TypeCount(msgspec.Struct):
    """How often a message type was received or sent; echoes are not counted."""

    count: int = 0
    last_seen: float = 0.0
    """Unix time."""


class Summary:
    """The statistics of a session, or of the events that passed a filter."""

    def __init__(self) -> None:
        self.agents: dict[str, Traffic] = {}
        """By name; events that concern no agent are under the empty name."""
        self.types: dict[str, TypeCount] = {}
        self.messages = 0
        """Messages of all types together."""
        self.first: float | None = None
        """Unix time of the first event."""
        self.last = 0.0
        self.peak = 0
        """The most events in one second."""
        self._second = 0
        self._in_second = 0

    @property
    def seconds(self) -> float:
        """Seconds from the first to the last event."""
        return 0.0 if self.first is None else max(0.0, self.last - self.first)

    def total(self) -> Traffic:
        """Returns the statistics of all agents together."""
        total = Traffic()
        for traffic in self.agents.values():
            total.merge(traffic)
        return total

    def add(self, event: Event) -> None:
        """Counts one event; cheap enough for a flood."""
        time, kind, type_ = event.time, event.kind, event.type
        self._clock(time, time)
        traffic = self.agents.get(event.agent)
        if traffic is None:
            traffic = self.agents[event.agent] = Traffic()
        traffic.events += 1
        traffic.bytes += event.size
        line = is_line(event)
        if kind in ("received", "log"):
            traffic.received += line
            if event.echo is not None:
                if event.round_trip is not None:
                    traffic.round_trips.add(event.round_trip)
                return
        elif kind == "sent":
            traffic.sent += line
            traffic.lost += event.lost
        if type_ and kind != "refused":
            self.messages += 1
            counted = self.types.get(type_)
            if counted is None:
                counted = self._new_type(type_)
            counted.count += 1
            counted.last_seen = time

    def add_all(self, events: Sequence[Event]) -> bool:
        """Counts events; in half of the time where one agent floods, so that all of them were
        received from it in the same second. Returns whether that was so."""
        if not _is_flood(events):
            for event in events:
                self.add(event)
            return False
        count = len(events)
        self._clock(events[0].time, events[-1].time, count)
        traffic = self.agents.get(events[0].agent)
        if traffic is None:
            traffic = self.agents[events[0].agent] = Traffic()
        traffic.events += count
        traffic.received += count
        traffic.bytes += sum([event.size for event in events])
        types = [event.type for event in events]
        last_seen = dict(zip(types, [event.time for event in events], strict=True))
        for type_, times in Counter(types).items():
            if type_:
                self.messages += times
                counted = self.types.get(type_) or self._new_type(type_)
                counted.count += times
                counted.last_seen = last_seen[type_]
        return True

    def rate(self, count: int) -> float | None:
        """Returns a count as a number per second; None when no time passed."""
        return count / self.seconds if self.seconds else None

    def share(self, type_: str) -> float:
        """Returns a type's share of all messages, 0 to 1."""
        return self.types[type_].count / self.messages if type_ in self.types else 0.0

    def by_count(self) -> list[tuple[str, TypeCount]]:
        """Returns the types, the most frequent first."""
        return sorted(self.types.items(), key=lambda item: (-item[1].count, item[0]))

    def _clock(self, first: float, last: float, count: int = 1) -> None:
        """Takes note of the times of events in one second."""
        if self.first is None:
            self.first = first
        self.last = last
        second = int(last)
        if second != self._second:
            self._second, self._in_second = second, 0
        self._in_second += count
        self.peak = max(self.peak, self._in_second)

    def _new_type(self, type_: str) -> TypeCount:
        name = type_ if len(self.types) < _TYPES_MAX else _OTHER_TYPES
        return self.types.setdefault(name, TypeCount())


def _is_flood(events: Sequence[Event]) -> bool:
    """Returns whether there are some, all of them received from one agent in one second, without
    echoes."""
    if not events:
        return False
    agent, second = events[0].agent, int(events[0].time)
    return all(
        event.kind == "received"
        and event.agent == agent
        and second <= event.time < second + 1
        and not event.by
        and event.echo is None
        for event in events
    )


class LogStatistics:
    """The statistics of a log as it grows: its summary, and the rates of the last minute.

    Events are taken from the log in slices by `advance`, so that they cost nothing when they are
    appended. `summary` holds the events that `advance` has taken.
    """

    def __init__(self, log: EventLog) -> None:
        self.summary = Summary()
        self.missed = 0
        """Events that left memory before they were counted."""
        self.first_seq = log.first_seq
        """The `seq` of the first event that is counted."""
        self._log = log
        self._taken_up_to = log.first_seq
        self._by_second: Counter[tuple[str, int]] = Counter()

    @property
    def behind(self) -> int:
        """Events that are not counted yet."""
        return self._log.next_seq - self._taken_up_to

    def advance(self, budget: float) -> None:
        """Counts what is new, for about `budget` seconds."""
        deadline = perf_counter() + budget
        while self.behind and perf_counter() < deadline:
            first = max(self._taken_up_to, self._log.first_seq)
            self.missed += first - self._taken_up_to
            events = self._log.slice(first, first + _SLICE)
            self._taken_up_to = first + len(events)
            if self.summary.add_all(events):
                self._by_second[events[0].agent, int(events[0].time)] += len(events)
            else:
                self._by_second.update([(event.agent, int(event.time)) for event in events])
        self._forget()

    def rates(self, agent: str | None, now: float) -> list[int]:
        """Returns how many events an agent (None: all) had in each of the last 60 seconds before
        `now`, Unix time, newest last; the newest second may not be over."""
        newest = int(now)
        rates = [0] * MINUTE
        for (name, second), count in self._by_second.items():
            index = second - newest + MINUTE - 1
            if agent in (None, name) and 0 <= index < MINUTE:
                rates[index] += count
        return rates

    def _forget(self) -> None:
        oldest = int(self.summary.last) - MINUTE
        if any(second < oldest for _, second in self._by_second):
            kept = {key: count for key, count in self._by_second.items() if key[1] >= oldest}
            self._by_second = Counter(kept)
