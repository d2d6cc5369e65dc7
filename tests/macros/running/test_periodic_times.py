"""The beat: on the grid, once each, without drift or bursts, on a clock that the tests turn."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdxdash.macros.running.periodic_times import PeriodicTimes

starts = st.floats(min_value=0, max_value=1e7)
periods = st.floats(min_value=0.02, max_value=3600)
delays = st.lists(st.floats(min_value=0, max_value=0.999), min_size=1, max_size=200)


def test_the_first_beat_is_at_the_start() -> None:
    schedule = PeriodicTimes(start=100.0, period=2.0)
    assert (schedule.due(99.9), schedule.due(100.0)) == (0, 1)


def test_after_firing_the_next_beat_is_a_period_later() -> None:
    schedule = PeriodicTimes(start=100.0, period=2.0).fire(100.0)
    assert (schedule.next_time, schedule.due(101.9), schedule.due(102.0)) == (102.0, 0, 1)


def test_a_late_beat_does_not_move_the_next() -> None:
    schedule = PeriodicTimes(start=100.0, period=2.0).fire(101.5)
    assert (schedule.next_time, schedule.fired, schedule.skipped) == (102.0, 1, 0)


def test_after_a_gap_it_fires_once_and_counts_what_it_skipped() -> None:
    schedule = PeriodicTimes(start=100.0, period=2.0).fire(100.0)
    assert schedule.due(111.0) == 5
    schedule = schedule.fire(111.0)
    assert (schedule.fired, schedule.skipped, schedule.next_time) == (2, 4, 112.0)


def test_firing_before_the_time_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"^nothing is due at 101.0: the next time is 102.0$"):
        PeriodicTimes(start=100.0, period=2.0).fire(100.0).fire(101.0)


@pytest.mark.parametrize("period", [0.0, -1.0, float("nan"), float("inf")])
def test_a_period_that_is_none_is_an_error(period: float) -> None:
    with pytest.raises(ValueError, match=r"^expected a period above 0 seconds, got "):
        PeriodicTimes(start=0.0, period=period)


@given(starts, periods, delays)
def test_a_waker_that_is_late_by_less_than_a_period_misses_no_beat(
    start: float, period: float, lateness: list[float]
) -> None:
    schedule = PeriodicTimes(start, period)
    for late in lateness:
        # Never so late that rounding makes it the next beat.
        schedule = schedule.fire(schedule.next_time + late * period * 0.99)
    assert (schedule.fired, schedule.skipped) == (len(lateness), 0)
    assert schedule.next_time == start + len(lateness) * period


@given(starts, periods, st.integers(min_value=0, max_value=10**6))
def test_a_beat_is_due_at_its_time_and_not_before(start: float, period: float, over: int) -> None:
    schedule = PeriodicTimes(start, period, fired=over)
    assert schedule.due(schedule.next_time) == 1
    assert schedule.due(schedule.next_time - period / 1000) == 0


@given(starts, periods, st.lists(st.floats(min_value=0, max_value=1e5), min_size=1, max_size=50))
def test_whatever_the_gaps_each_beat_is_fired_or_skipped_once(
    start: float, period: float, gaps: list[float]
) -> None:
    schedule, now = PeriodicTimes(start, period), start
    for gap in gaps:
        now += gap
        if schedule.due(now):
            schedule = schedule.fire(now)
        assert schedule.due(now) == 0
    over = schedule.fired + schedule.skipped
    assert start + (over - 1) * period <= now < start + over * period
    assert schedule.fired <= len(gaps)


def test_rounding_hides_no_time_that_has_come() -> None:
    # 29 * 0.02 / 0.02 is a little less than 29.
    times = PeriodicTimes(start=0.0, period=0.02)
    assert math.floor(29 * 0.02 / 0.02) == 28
    assert times.due(29 * 0.02) == 30


def test_rounding_brings_no_time_that_has_not_come() -> None:
    # The last float before 35 * 0.02, divided by 0.02, is 35.
    times, before = PeriodicTimes(start=0.0, period=0.02), math.nextafter(35 * 0.02, 0.0)
    assert math.floor(before / 0.02) == 35
    assert times.due(before) == 35
