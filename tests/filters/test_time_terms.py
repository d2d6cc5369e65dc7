"""The terms of time: after, before, last."""

import pytest

from mdxdash.filters.filter import Context, FilterError, parse
from mdxdash.filters.time_terms import read_moment
from tests.support.filtering import NOW, passes, received

RECOG = received("RECOG_EVENT_STOP|Hello World")

TIMES = [
    ("after:13:46", True),
    ("after:13:46:40", True),
    ("after:13:46:41", False),
    ("before:13:46:40", False),
    ("before:13:46:40.5", True),
    ("before:9:00", False),
    ("after:9:00", True),
    ("after:1970-01-12T13:46", True),
    ("after:1970-01-12", True),
    ("before:1970-01-12T13:46:40", False),
    ("before:1970-01-13", True),
    ('after:"1970-01-12 13:47"', False),
    ("after:1970-01-12T13:46:40Z", True),
    ("after:1970-01-12T14:46:40+01:00", True),
    ("after:1970-01-12T13:47:00+00:00", False),
    ("last:1s", True),
]


@pytest.mark.parametrize(("text", "expected"), TIMES)
def test_time_matches(text: str, expected: bool) -> None:
    assert passes(text, RECOG) is expected


@pytest.mark.parametrize(
    ("text", "seconds"), [("last:30s", 30), ("last:5m", 300), ("last:1h", 3600), ("last:1.5s", 1.5)]
)
def test_last_matches_events_of_its_span_of_time(text: str, seconds: float) -> None:
    ages = [seconds - 0.25, seconds + 0.25]
    assert [passes(text, received("A", time=NOW - age)) for age in ages] == [True, False]


def test_last_moves_with_the_clock() -> None:
    now = [NOW]
    holds = parse("last:30s").compile(Context(now=lambda: now[0], marked=()))
    before = holds(RECOG)
    now[0] += 31
    assert (before, holds(RECOG)) == (True, False)


SUMMER = 999_900.0
"""1970-01-12 13:45:00 UTC: the clocks go from an hour ahead of UTC to two."""
AT_SUMMER = Context(lambda: NOW, (), lambda time: 7200.0 if time >= SUMMER else 3600.0)


@pytest.mark.parametrize(
    ("time", "wall"),
    [
        (SUMMER - 3600, "13:45:00"),
        (SUMMER - 1, "14:44:59"),
        (SUMMER, "15:45:00"),
        (SUMMER + 3600, "16:45:00"),
    ],
)
@pytest.mark.parametrize("date", ["", "1970-01-12T"])
def test_time_is_the_wall_clock_on_both_sides_of_summer_time(
    date: str, time: float, wall: str
) -> None:
    after = parse(f"after:{date}{wall}").compile(AT_SUMMER)
    before = parse(f"before:{date}{wall}").compile(AT_SUMMER)
    earlier, exact = received(time=time - 0.5), received(time=time)
    answers = [after(earlier), before(earlier), after(exact), before(exact)]
    assert answers == [False, True, True, False]


def test_time_that_no_calendar_has_is_no_error() -> None:
    holds = parse("after:12:30 OR before:12:30").compile(Context(lambda: NOW, ()))
    assert holds(received(time=1e300))


def test_a_time_without_seconds_is_that_of_the_full_minute() -> None:
    minute = NOW - 40
    assert [passes("after:13:46", received(time=minute + late)) for late in (-0.5, 0)] == [
        False,
        True,
    ]
    assert [passes("before:13:46", received(time=minute + late)) for late in (-0.5, 0)] == [
        True,
        False,
    ]


def test_a_span_of_time_includes_its_beginning() -> None:
    assert passes("last:30s", received(time=NOW - 30))


@pytest.mark.parametrize("text", ["after:00:00", "after:23:59:59.9", "before:0:00"])
def test_the_first_and_the_last_time_of_a_day_can_be_written(text: str) -> None:
    assert str(parse(text)) == text


NOON = 1_700_049_600.0
"""2023-11-15T12:00:00Z"""


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("12:00", 0),
        ("11:30:05", -1795),
        ("12:01", 60 - 86_400),
        ("-5m", -300),
        ("-1.5h", -5400),
        (" －30s", -30),
        ("2023-11-15T11:00", -3600),
        ("2023-11-15T21:00+09:00", 0),
    ],
)
def test_a_moment_is_a_time_of_the_last_day_a_date_or_so_long_ago(text: str, seconds: float):
    assert read_moment(text, NOON, lambda time: 0.0) == NOON + seconds


def test_a_moment_is_in_local_time():
    assert read_moment("21:00", NOON, lambda time: 9 * 3600.0) == NOON
    assert read_moment("2023-11-15T21:00", NOON, lambda time: 9 * 3600.0) == NOON


@pytest.mark.parametrize("text", ["", "-", "5m", "25:00", "noon", "-5", "12"])
def test_what_is_no_moment_is_said(text: str):
    with pytest.raises(FilterError, match=r"is not a time: expected 12:30, .* or -5m"):
        read_moment(text, NOON)
