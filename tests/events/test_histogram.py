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
