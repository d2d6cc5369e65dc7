"""Bars drawn with block characters."""

from mdxdash.tui.widgets.bars import bar, progress_bar, sparkline


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


def test_a_bar_of_progress_has_its_cells_whatever_the_numbers_are():
    assert progress_bar(1.0, 4.0, 8) == "━━──────"
    for done, whole in ((1e308, 1e-320), (-1e9, 1.0), (5.0, 0.0), (9.0, 3.0), (1.0, -1.0)):
        assert len(progress_bar(done, whole, 8)) == 8
