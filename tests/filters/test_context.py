"""The time zone of a filter."""

import sys
import time
from collections.abc import Iterator

import pytest

from mdxdash.filters.context import local_offset


@pytest.fixture
def in_japan(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "JST-9")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no tzset")
@pytest.mark.usefixtures("in_japan")
def test_the_offset_is_that_of_this_machine() -> None:
    assert local_offset(1e9) == 9 * 3600


@pytest.mark.parametrize("moment", [1e300, -1e300, float("nan")])
def test_a_time_that_no_calendar_has_is_in_utc(moment: float) -> None:
    assert local_offset(moment) == 0.0
