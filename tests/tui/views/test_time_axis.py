"""The time axis."""

import time

import pytest

from mdxdash.tui.views.time_axis import TimeAxis

DAY = 1_699_920_000.0
"""Unix time of a midnight."""


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> None:
    if not hasattr(time, "tzset"):
        pytest.skip("there is no tzset here")
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()


def test_columns_and_times() -> None:
    axis = TimeAxis(100.0, 0.5, 20)
    assert (axis.end, axis.column(100.0), axis.column(100.9), axis.column(99.9)) == (110, 0, 1, -1)
    assert axis.time(1) == 100.75
    assert axis.column(1e300) > 20


@pytest.mark.parametrize(
    ("begin", "step", "marks"),
    [
        (0.0, 0.2, "00:00:00                 :05                      :10"),
        (59.0, 0.5, "  00:01:00            :10                 :20"),
        (0.0, 0.01, "00:00:00.0          :00.2               :00.4"),
        (0.0, 60.0, "00:00          00:15          00:30          00:45"),
        (0.0, 3600.0, "11-14                   11-15                   11-16"),
    ],
)
def test_the_marks_are_times_of_day(begin: float, step: float, marks: str) -> None:
    assert TimeAxis(DAY + begin, step, 54).marks().rstrip() == marks
