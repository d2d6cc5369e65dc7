"""The numbers of a session."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.events.statistics import LogStatistics, Summary
from tests.support.random_events import BEGIN, events


def summary_of(*events: Event) -> Summary:
    summary = Summary()
    for event in events:
        summary.add(event)
    return summary


def received(seq: int, type_: str = "A", agent: str = "chat", time: float = 1e9) -> Event:
    return Event(seq, time, "received", agent, type_, size=10)


def sent(seq: int, lost: bool = False) -> Event:
    return Event(seq, 1e9, "sent", "chat", "TEST", lost=lost)


def echo(seq: int, round_trip: float) -> Event:
    return Event(seq, 1e9, "received", "chat", "TEST", echo=1, round_trip=round_trip)


def test_each_agent_and_all_have_their_traffic() -> None:
    summary = summary_of(received(1), received(2, agent="chat#2"), sent(3), sent(4, lost=True))
    assert (summary.agents["chat"].received, summary.agents["chat#2"].received) == (1, 1)
    total = summary.total()
    assert (total.events, total.received, total.sent, total.lost) == (4, 2, 2, 1)
    assert total.bytes == 20


def test_notes_of_mdxdash_are_events_but_no_traffic() -> None:
    note = Event(1, 1e9, "sent", "chat", args="0|1", text="model 0 speaks: a", by="speech")
    total = summary_of(note, Event(2, 1e9, "log", "chat", text="x", by="program")).total()
    assert (total.events, total.received, total.sent) == (2, 0, 0)


def test_round_trips_come_from_echoes() -> None:
    summary = summary_of(sent(1), echo(2, 0.010), echo(3, 0.020), echo(4, 0.020))
    assert summary.agents["chat"].round_trips.quantile(0.5) == pytest.approx(0.020, rel=0.004)


def test_an_echo_counts_for_no_type() -> None:
    summary = summary_of(sent(1), echo(2, 0.010), received(3), received(4))
    assert [(name, each.count) for name, each in summary.by_count()] == [("A", 2), ("TEST", 1)]
    assert summary.share("A") == pytest.approx(2 / 3)
    assert summary.share("NEVER") == 0


def test_what_was_refused_counts_for_no_type() -> None:
    assert not summary_of(Event(1, 1e9, "refused", type="A")).types


def test_a_type_was_last_seen_at_its_last_event() -> None:
    summary = summary_of(received(1, time=1e9), received(2, time=1e9 + 4), received(3, "B"))
    assert summary.types["A"].last_seen == 1e9 + 4


def test_rates_are_over_the_whole_time() -> None:
    summary = summary_of(received(1, time=1e9), received(2, time=1e9 + 4))
    assert summary.rate(2) == 0.5
    assert summary_of(received(1)).rate(1) is None


def test_the_peak_is_the_fullest_second() -> None:
    times = [0.1, 1.0, 1.2, 1.9, 2.5, 9.0]
    assert summary_of(*(received(1, time=time) for time in times)).peak == 3


def test_made_up_types_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mdxdash.events.statistics._TYPES_MAX", 3)
    summary = summary_of(*(received(number, f"T{number}") for number in range(10)))
    assert len(summary.types) == 4
    assert sum(each.count for each in summary.types.values()) == 10


LONG = 10.0
"""Seconds: more than counting takes."""


def happen(log: EventLog, at: float, agent: str = "chat", type_: str = "A", count: int = 1) -> None:
    for _ in range(count):
        log.append("received", agent, type_, time=at)


def test_each_event_is_counted_once_however_often_one_looks():
    log = EventLog()
    numbers = LogStatistics(log)
    for _ in range(3):
        happen(log, 1000.0, count=700)
        numbers.advance(LONG)
        numbers.advance(LONG)
    assert numbers.summary.total().events == 2100
    assert numbers.behind == 0


def test_the_last_minute_is_counted_by_seconds_for_each_agent():
    log = EventLog()
    numbers = LogStatistics(log)
    happen(log, 1000.5, count=2)
    happen(log, 1001.0, "other", count=3)
    numbers.advance(LONG)
    assert numbers.rates("chat", 1001.9)[-3:] == [0, 2, 0]
    assert numbers.rates(None, 1001.9)[-3:] == [0, 2, 3]
    assert numbers.rates("chat", 1060.0)[:2] == [0, 0]


def test_seconds_older_than_a_minute_are_forgotten():
    log = EventLog()
    numbers = LogStatistics(log)
    for second in range(1000, 2000):
        happen(log, float(second))
        numbers.advance(LONG)
    assert numbers.rates("chat", 1999.0) == [1] * 60
    assert len(numbers._by_second) <= 61


def test_events_that_left_memory_uncounted_are_counted_as_missed():
    log = EventLog(limit=100)
    numbers = LogStatistics(log)
    happen(log, 1000.0, count=1000)
    numbers.advance(LONG)
    assert numbers.summary.total().events + numbers.missed == 1000
    assert numbers.missed == log.first_seq - 1


def test_the_round_trips_of_all_agents_are_taken_together() -> None:
    events = [msgspec.structs.replace(echo(seq, 0.5), agent=f"chat#{seq}") for seq in (1, 2, 3)]
    assert summary_of(*events).total().round_trips.count == 3


def test_types_of_equal_count_are_in_the_order_of_their_names() -> None:
    summary = summary_of(*(received(seq, type_) for seq, type_ in enumerate("CABBA", 1)))
    assert [name for name, _ in summary.by_count()] == ["A", "B", "C"]


@given(st.lists(st.tuples(events(), st.integers(0, 9), st.floats(0, 1.2)), max_size=5))
@settings(max_examples=50, deadline=None)
def test_events_together_count_as_one_by_one(
    runs: list[tuple[list[Event], int, float]],
) -> None:
    """Events of all sorts, and floods among them, cut into pieces of seven."""
    both: list[Event] = []
    for others, count, step in runs:
        begin = BEGIN + len(both)
        both += [received(0, f"T{n % 3 or ''}", time=begin + n * step / 9) for n in range(count)]
        both += others
    together = Summary()
    for first in range(0, len(both), 7):
        together.add_all(both[first : first + 7])
    alone = summary_of(*both)
    for name, value in vars(alone).items():
        if name != "agents":
            assert getattr(together, name) == value
    assert together.agents.keys() == alone.agents.keys()
    for name, traffic in alone.agents.items():
        for field in ("events", "received", "sent", "lost", "bytes"):
            assert getattr(together.agents[name], field) == getattr(traffic, field)


def test_the_rates_of_a_flood_are_those_of_its_events() -> None:
    log = EventLog()
    log.extend([received(seq, time=1e9 + seq // 1300) for seq in range(1, 5201)])
    statistics = LogStatistics(log)
    statistics.advance(60.0)
    assert statistics.rates("chat", 1e9 + 4)[-5:] == [1299, 1300, 1300, 1300, 1]
    assert statistics.summary.peak == 1300
