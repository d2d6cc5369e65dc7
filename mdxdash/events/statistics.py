"""What a stream of events comes to, in numbers: for each agent, for each type, in total.

Fed event by event, live or from a recording; what it holds grows with the agents and types there
are, not with the events.
"""

from collections import Counter
from math import frexp, ldexp

import msgspec

from mdxdash.events.event import Event

_STEPS = 256
"""Steps between a duration and its double, so that one is known to 0.4 %."""

_TYPES_MAX = 20_000
"""Types that are counted one by one; an agent that makes up types must not fill the memory."""

_OTHER_TYPES = "(other types)"


class Histogram:
    """How durations in seconds are spread, in constant memory."""

    def __init__(self) -> None:
        self.count = 0
        self._steps: Counter[int] = Counter()

    def add(self, seconds: float) -> None:
        """Takes one duration."""
        mantissa, exponent = frexp(max(seconds, 1e-9))
        self._steps[exponent * _STEPS + int((mantissa - 0.5) * 2 * _STEPS)] += 1
        self.count += 1

    def merge(self, other: "Histogram") -> None:
        """Takes all the durations of another."""
        self._steps.update(other._steps)
        self.count += other.count

    def quantile(self, share: float) -> float | None:
        """The duration that a share of them (0.5 for the median) does not exceed, within 0.4 %;
        None when there is none."""
        wanted = share * self.count
        passed = 0
        for step in sorted(self._steps):
            passed += self._steps[step]
            if passed >= wanted:
                exponent, part = divmod(step, _STEPS)
                return ldexp(0.5 + (part + 0.5) / _STEPS / 2, exponent)
        return None


class Traffic:
    """The numbers of one agent, or of all."""

    def __init__(self) -> None:
        self.events = 0
        self.received = 0
        """Messages and log lines that came, echoes among them."""
        self.sent = 0
        self.lost = 0
        """Sent ones without an echo, as far as their events say so. In a live log that comes only
        later, and the agent itself counts."""
        self.bytes = 0
        """Bytes on the wire, both ways."""
        self.round_trips = Histogram()

    def merge(self, other: "Traffic") -> None:
        """Adds the numbers of another agent."""
        self.events += other.events
        self.received += other.received
        self.sent += other.sent
        self.lost += other.lost
        self.bytes += other.bytes
        self.round_trips.merge(other.round_trips)


class TypeCount(msgspec.Struct):
    """How often a message type came or went; its echoes are not counted."""

    count: int = 0
    last_seen: float = 0.0
    """Unix time."""


class Summary:
    """The numbers of a session, or of what passed a filter."""

    def __init__(self) -> None:
        self.agents: dict[str, Traffic] = {}
        """By name; what concerns no agent is under the empty name."""
        self.types: dict[str, TypeCount] = {}
        self.messages = 0
        """Messages of all types, of which each type has its share."""
        self.first: float | None = None
        """Unix time of the first event."""
        self.last = 0.0
        self.peak = 0
        """The most events in one second of the clock."""
        self._second = 0
        self._in_second = 0

    @property
    def seconds(self) -> float:
        """From the first to the last event."""
        return 0.0 if self.first is None else max(0.0, self.last - self.first)

    def total(self) -> Traffic:
        """The numbers of all agents together."""
        total = Traffic()
        for traffic in self.agents.values():
            total.merge(traffic)
        return total

    def add(self, event: Event) -> None:
        """Counts one event; cheap enough for a flood."""
        time, kind, type_ = event.time, event.kind, event.type
        self._clock(time)
        traffic = self.agents.get(event.agent)
        if traffic is None:
            traffic = self.agents[event.agent] = Traffic()
        traffic.events += 1
        traffic.bytes += event.size
        if kind in ("received", "log"):
            traffic.received += 1
            if event.echo is not None:
                if event.round_trip is not None:
                    traffic.round_trips.add(event.round_trip)
                return
        elif kind == "sent":
            traffic.sent += 1
            traffic.lost += event.lost
        if type_ and kind != "refused":
            self.messages += 1
            counted = self.types.get(type_)
            if counted is None:
                counted = self._new_type(type_)
            counted.count += 1
            counted.last_seen = time

    def rate(self, count: int) -> float | None:
        """So many in all as so many a second; None when no time passed."""
        return count / self.seconds if self.seconds else None

    def share(self, type_: str) -> float:
        """A type's part of all messages, 0 to 1."""
        return self.types[type_].count / self.messages if type_ in self.types else 0.0

    def by_count(self) -> list[tuple[str, TypeCount]]:
        """The types, the most frequent first."""
        return sorted(self.types.items(), key=lambda item: (-item[1].count, item[0]))

    def _clock(self, time: float) -> None:
        if self.first is None:
            self.first = time
        self.last = time
        second = int(time)
        if second != self._second:
            self._second, self._in_second = second, 0
        self._in_second += 1
        self.peak = max(self.peak, self._in_second)

    def _new_type(self, type_: str) -> TypeCount:
        name = type_ if len(self.types) < _TYPES_MAX else _OTHER_TYPES
        return self.types.setdefault(name, TypeCount())
