"""Columns from the settings and back, and times since something."""

import pytest

from mdxdash.settings.model import ScreenSettings
from mdxdash.tui.rows.row_columns import (
    ALL_COLUMNS,
    RowColumns,
    columns_of,
    seconds_text,
    settings_of,
)


def test_the_settings_default_is_all_columns() -> None:
    assert columns_of(ScreenSettings()) == ALL_COLUMNS


def test_columns_become_settings_and_columns_again() -> None:
    columns = ALL_COLUMNS._replace(
        shown=frozenset({"type", "arguments"}), time="previous", type_width=30, wrap=True
    )
    saved = settings_of(columns)
    assert saved["columns"] == ["type", "arguments"]
    assert columns_of(ScreenSettings(**{**saved, "columns": tuple(saved["columns"])})) == columns


@pytest.mark.parametrize(
    ("seconds", "wide", "narrow"),
    [
        (0.25, "+0.250", "+0.2"),
        (-1.5, "-1.500", "-1.5"),
        (61.5, "01:01.500", "01:01"),
        (3723.25, "1:02:03.250", "1:02:03"),
        (-3600, "-1:00:00.000", "-1:00:00"),
    ],
)
def test_times_since_something(seconds: float, wide: str, narrow: str) -> None:
    assert seconds_text(seconds, narrow=False) == wide
    assert seconds_text(seconds, narrow=True) == narrow


@pytest.mark.parametrize(
    ("setting", "longest", "pane", "width"),
    [(0, 4, 120, 4), (0, 30, 120, 30), (0, 50, 120, 40), (0, 30, 60, 20), (9, 30, 120, 9)],
)
def test_names_take_what_they_need_and_a_third_of_the_pane_at_most(
    setting: int, longest: int, pane: int, width: int
):
    assert RowColumns(agent_width=setting).name_width(longest, pane) == width
