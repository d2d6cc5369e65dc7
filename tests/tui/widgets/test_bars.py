"""Bars drawn with block characters."""

from mdxdash.tui.widgets.bars import bar, sparkline


def test_a_bar_is_as_long_as_its_part():
    assert bar(1.0, 10) == "█" * 10
    assert bar(0.5, 3) == "█▌"
    assert bar(0.0, 10) == ""
    assert bar(2.0, -1) == ""


def test_the_highest_value_of_a_sparkline_has_the_full_height():
    assert sparkline([0, 4, 8]) == "▁▄█"


def test_a_sparkline_without_values_above_zero_is_flat():
    assert sparkline([0, 0]) == "▁▁"
    assert sparkline([]) == ""
