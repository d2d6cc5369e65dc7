"""The numbers of a session."""

import random
from statistics import median, quantiles

import pytest

from mdxdash.events.event import Event
from mdxdash.events.statistics import Histogram, Summary


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


def test_quantiles_are_within_half_a_percent() -> None:
    chance = random.Random(4)
    values = [chance.lognormvariate(-4, 1) for _ in range(5000)]
    spread = Histogram()
    for value in values:
        spread.add(value)
    assert spread.quantile(0.5) == pytest.approx(median(values), rel=0.005)
    assert spread.quantile(0.95) == pytest.approx(quantiles(values, n=20)[-1], rel=0.02)


@pytest.mark.parametrize("seconds", [0.0, -0.001, 1e-12, 0.011, 5.0, 1e6])
def test_any_duration_is_counted(seconds: float) -> None:
    spread = Histogram()
    spread.add(seconds)
    assert spread.quantile(0.5) == pytest.approx(seconds, rel=0.004, abs=1e-8) or seconds < 0


def test_without_durations_there_is_no_median() -> None:
    assert Histogram().quantile(0.5) is None


def test_each_agent_and_all_have_their_traffic() -> None:
    summary = summary_of(received(1), received(2, agent="chat#2"), sent(3), sent(4, lost=True))
    assert (summary.agents["chat"].received, summary.agents["chat#2"].received) == (1, 1)
    total = summary.total()
    assert (total.events, total.received, total.sent, total.lost) == (4, 2, 2, 1)
    assert total.bytes == 20


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
