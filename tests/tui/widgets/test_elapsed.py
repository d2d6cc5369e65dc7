"""Elapsed time as a short text."""

import pytest

from mdxdash.tui.widgets.elapsed import elapsed


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.9, "0 s"), (59.9, "59 s"), (60, "01:00"), (3599, "59:59"), (3723, "1:02:03")],
)
def test_seconds_become_minutes_and_hours(seconds: float, text: str):
    assert elapsed(seconds) == text
