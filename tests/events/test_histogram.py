"""How durations are distributed."""

import random
from statistics import median, quantiles

import pytest

from mdxdash.events.histogram import Histogram, bucket_counts


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


def test_a_histogram_reaches_from_the_shortest_to_the_longest() -> None:
    assert bucket_counts([0.0121, 0.013, 0.0005, 0.0021]) == [
        (0.001, 1),
        (0.002, 0),
        (0.005, 1),
        (0.01, 0),
        (0.02, 2),
    ]


def test_a_duration_beyond_all_limits_is_counted_too() -> None:
    assert bucket_counts([5.0]) == [(None, 1)]


def test_of_nothing_there_is_no_histogram() -> None:
    assert bucket_counts([]) == []


def test_a_duration_at_a_limit_is_in_the_bucket_above_it() -> None:
    limits = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0]
    assert bucket_counts(limits) == [(limit, 1) for limit in [*limits[1:], None]]


def test_two_histograms_become_one() -> None:
    histogram, other = Histogram(), Histogram()
    for seconds in (1.0, 1.0, 2.0):
        histogram.add(seconds)
    for seconds in (1.0, 8.0, 8.0, 8.0):
        other.add(seconds)
    histogram.merge(other)
    assert histogram.count == 7
    assert histogram.quantile(0.5) == pytest.approx(2.0, rel=0.004)
    assert histogram.quantile(1.0) == pytest.approx(8.0, rel=0.004)
    assert other.count == 4


def test_a_quantile_is_a_duration_that_so_many_do_not_exceed() -> None:
    histogram = Histogram()
    for seconds in (1.0, 2.0, 4.0, 8.0):
        histogram.add(seconds)
    found = [histogram.quantile(share) for share in (0.25, 0.5, 0.51, 0.75, 1.0)]
    assert found == [pytest.approx(each, rel=0.004) for each in (1.0, 2.0, 4.0, 4.0, 8.0)]
