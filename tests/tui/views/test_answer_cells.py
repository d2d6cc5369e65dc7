"""The line of answers over the lanes."""

import pytest

from mdxdash.dialogue.turn import Turn
from mdxdash.tui.views.answer_cells import answer_cells
from mdxdash.tui.views.time_axis import TimeAxis
from tests.support.dialogues import BEGIN, follow

AXIS = TimeAxis(BEGIN, 0.2, 40)


def line(turns: list[Turn], *, axis: TimeAxis = AXIS, now: float = 8.0, limit: float = 1.2) -> str:
    cells = answer_cells(turns, axis, BEGIN + now, limit, lambda turn: True)
    return "".join(cell.text for cell in cells).rstrip()


def styles(turns: list[Turn], limit: float | None = 1.2) -> set[str]:
    cells = answer_cells(turns, AXIS, BEGIN + 8, limit, lambda turn: True)
    return {cell.style for cell in cells if cell.text != " "}


def answered(after: float) -> list[Turn]:
    return follow("1 RECOG_EVENT_STOP|a", f"{1 + after} SYNTH_EVENT_START|m").turns


def test_a_wait_is_a_bar_of_its_length_with_the_number() -> None:
    assert line(answered(2.4)) == "     ╌╌╌2.40 s╌╌╌╌"


def test_a_short_wait_is_one_cell_as_high_as_its_part_of_the_limit() -> None:
    assert line(answered(0.1), limit=1.2) == "     ▁"
    assert line(answered(0.1), limit=0.1) == "     █"


@pytest.mark.parametrize(("limit", "style"), [(None, "strong"), (2.0, "good"), (0.5, "bad")])
def test_its_style_says_whether_it_is_over_the_limit(limit: float | None, style: str) -> None:
    assert styles(answered(1), limit) == {style}


def test_no_answer_ends_with_a_cross_and_one_to_come_goes_on() -> None:
    turns = follow("1 RECOG_EVENT_STOP|a", "3 RECOG_EVENT_STOP|b").turns
    assert line(turns[:1]) == "     ╌✕ 2.00 s╌╌"
    assert styles(turns[:1]) == {"bad"}
    short = follow("1 RECOG_EVENT_STOP|a", "1.5 RECOG_EVENT_STOP|b").turns
    assert line(short[:1]) == "     ╌✕╌"
    [waiting] = answered_by_nobody()
    assert line([waiting], now=1.9) == "     ╌╌╌╌╌"


def answered_by_nobody() -> list[Turn]:
    from tests.support.dialogues import Followed, script

    return Followed(script("1 RECOG_EVENT_STOP|a"), finish=False).turns


def test_the_time_in_which_both_speak_is_marked() -> None:
    turns = follow(
        "1 SYNTH_EVENT_START|m",
        "2 RECOG_EVENT_START",
        "2.5 SYNTH_EVENT_STOP|m",
        "3 RECOG_EVENT_STOP|a",
        "3.1 SYNTH_EVENT_START|m",
    ).turns
    assert line(turns) == "          ↯↯↯  ▁"


def test_what_does_not_pass_is_left_out() -> None:
    cells = answer_cells(answered(1), AXIS, BEGIN + 8, None, lambda turn: False)
    assert {cell.text for cell in cells} == {" "}


def test_many_turns_cost_no_more_than_the_cells_and_the_worst_is_seen() -> None:
    turns = [
        turn
        for number in range(40)
        for turn in follow(
            f"{number * 0.2} RECOG_EVENT_STOP|a", f"{number * 0.2 + 0.01} SYNTH_EVENT_START|m"
        ).turns
    ] * 3
    turns.sort(key=lambda turn: turn.begin)
    looked: list[Turn] = []

    def passes(turn: Turn) -> bool:
        looked.append(turn)
        return True

    cells = answer_cells(turns, AXIS, BEGIN + 8, 0.005, passes)
    assert {(cell.text, cell.style) for cell in cells} == {("▒", "bad")}
    assert len(looked) <= 3 * AXIS.width
