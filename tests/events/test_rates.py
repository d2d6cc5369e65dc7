"""Rates, read off a running total."""

from mdxdash.events.rates import RateMeter


def test_each_second_has_its_own_count():
    meter = RateMeter(seconds=4)
    for now, total in [(10.0, 0), (10.9, 5), (11.1, 7), (13.5, 8)]:
        meter.observe(now, total)
    assert meter.per_second == [5, 2, 0, 1]


def test_a_long_silence_empties_it():
    meter = RateMeter(seconds=3)
    meter.observe(1.0, 0)
    meter.observe(1.5, 9)
    meter.observe(1000.0, 9)
    assert meter.per_second == [0, 0, 0]


def test_a_minute_is_measured_unless_another_time_is_given():
    assert RateMeter().per_second == [0] * 60
