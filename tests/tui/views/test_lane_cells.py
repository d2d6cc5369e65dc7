"""Bars of a lane, at every zoom."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from mdxdash.dialogue.history import LaneHistory
from mdxdash.dialogue.interval import Ending, Interval, Lane
from mdxdash.tui.views.lane_cells import interval_at, lane_cells, parts
from mdxdash.tui.views.time_axis import SECONDS_PER_CELL, TimeAxis
from tests.support.dialogues import BEGIN, follow

NOW = BEGIN + 30


def lane(*lines: str, kind: str = "speech") -> LaneHistory:
    intervals = [each for each in follow(*lines).intervals if each.lane.kind == kind]
    history = LaneHistory(intervals[0].lane)
    for each in intervals:
        history.put(each)
    return history


def drawn(history: LaneHistory, *, step: float = 1.0, begin: float = 0.0, width: int = 20) -> str:
    cells = lane_cells(history, TimeAxis(BEGIN + begin, step, width), NOW, lambda each: True)
    return "".join(part.text for part, _ in parts(cells))


def test_a_bar_from_its_begin_to_its_end() -> None:
    history = lane("2 TIMER_EVENT_START|t", "8 TIMER_EVENT_STOP|t", kind="timer")
    assert drawn(history) == "  ▐█████▌           "


def test_the_text_stands_in_the_bar() -> None:
    history = lane("0 SYNTH_START|m|s|こんにちは", "1 SYNTH_EVENT_START|m", "14 SYNTH_EVENT_STOP|m")
    assert drawn(history) == " ▐こんにちは██▌     "
    assert drawn(history, step=1.5) == "▐こんにち▌          "


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("2 SYNTH_EVENT_START|m", "6 SYNTH_STOP|m", "6 SYNTH_EVENT_STOP|m"), "  ▐███╳"),
        (("2 SYNTH_EVENT_START|m",), "  ▐█████████████████"),
        (("2 SYNTH_EVENT_START|m", "2 SYNTH_EVENT_STOP|m"), "  █"),
        (("2 SYNTH_EVENT_START|m", "5 SYNTH_EVENT_START|m"), "  ▐██▒██████████████"),
    ],
)
def test_how_a_bar_ends(lines: tuple[str, ...], expected: str) -> None:
    assert drawn(lane(*lines)).rstrip() == expected


def test_what_is_open_goes_on_until_now_and_is_predicted_from_there() -> None:
    history = lane("25 SYNTH_EVENT_START|m", "25 LIPSYNC_START|m|a,9000")
    assert drawn(history, begin=22) == "   ▐████→░░░░       "


def test_an_end_that_is_overdue_is_missing() -> None:
    history = lane("20 SYNTH_EVENT_START|m", "20 LIPSYNC_START|m|a,2000")
    assert drawn(history, begin=18).rstrip() == "  ▐█████████?"


def test_many_bars_in_few_cells() -> None:
    lines = [f"{at / 10} SYNTH_EVENT_{what}|m" for at, what in enumerate(["START", "STOP"] * 100)]
    assert drawn(lane(*lines)) == "▒" * 20


def test_what_does_not_pass_is_left_out() -> None:
    history = lane("2 SYNTH_EVENT_START|m", "8 SYNTH_EVENT_STOP|m")
    cells = lane_cells(history, TimeAxis(BEGIN, 1.0, 20), NOW, lambda each: False)
    assert {cell.text for cell in cells} == {" "}


def test_the_colour_of_many_bars_in_a_cell_is_that_of_one_that_passes() -> None:
    history = LaneHistory(Lane("chat", "timer", "t"))
    for number in range(1, 9):
        ending: Ending = "no end seen" if number < 4 else ""
        begin = BEGIN + number / 10
        history.put(Interval(number, history.lane, begin, begin + 0.05, ending=ending))
    cells = lane_cells(history, TimeAxis(BEGIN, 2.0, 4), NOW, lambda each: each.number == 5)
    alone = lane_cells(history, TimeAxis(BEGIN, 0.1, 20), NOW, lambda each: each.number == 5)
    assert cells[0].text == "▒"
    assert cells[0].style == next(cell.style for cell in alone if cell.text != " ")


def test_the_bar_at_a_time_or_near_it() -> None:
    history = lane("2 SYNTH_EVENT_START|m", "8 SYNTH_EVENT_STOP|m")
    assert interval_at(history, BEGIN + 5, 0.1) is history.intervals[0]
    assert interval_at(history, BEGIN + 9, 1.5) is history.intervals[0]
    assert interval_at(history, BEGIN + 12, 1.0) is None


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.floats(0, 20), st.floats(0, 20), st.sampled_from("あabc")), max_size=30),
    st.sampled_from(SECONDS_PER_CELL),
    st.floats(-50, 200),
)
def test_a_lane_is_as_wide_as_its_cells(
    bars: list[tuple[float, float, str]], step: float, begin: float
) -> None:
    history = LaneHistory(Lane("chat", "speech", "m"))
    time = 0.0
    for number, (pause, length, letter) in enumerate(bars, start=1):
        time += pause
        end = time + length
        interval = Interval(number, history.lane, BEGIN + time, BEGIN + end, letter * number)
        history.put(interval)
        time = end
    assert cell_len(drawn(history, step=step, begin=begin, width=37)) == 37
