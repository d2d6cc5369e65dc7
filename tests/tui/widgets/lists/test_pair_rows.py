"""Two turns side by side."""

import pytest
from rich.cells import cell_len

from mdxdash.dialogue.comparison import Comparison, Pair
from mdxdash.dialogue.turn import Turn
from mdxdash.tui.widgets.lists.pair_rows import column_width, fitted, pair_rows
from mdxdash.tui.widgets.lists.row_parts import RowPart
from tests.support.dialogues import follow


def turns(answer: str = "はい", after: float = 0.5, words: str = "元気") -> list[Turn]:
    return follow(
        f"0 RECOG_EVENT_STOP|{words}",
        f"{after} SYNTH_START|m|s|{answer}",
        f"{after} SYNTH_EVENT_START|m",
        f"{after + 1} SYNTH_EVENT_STOP|m",
    ).turns


def lines(pair: Pair, width: int = 81) -> list[str]:
    rows = pair_rows(pair, width, None)
    texts = ["".join(part.text for part in row) for row in rows]
    assert {cell_len(text) for text in texts} == {2 * column_width(width) + 3}
    return texts


def test_what_is_alike_stands_side_by_side() -> None:
    [pair] = Comparison(turns(), turns()).pairs
    first, second = lines(pair)
    assert first.count("user ▏ 元気") == 2
    assert second.count("m ▏ はい") == second.count("0.50 s") == 2
    assert " = " in first


def test_another_answer_and_how_much_later_it_came_are_marked() -> None:
    [pair] = Comparison(turns(), turns("いいえ", 0.8)).pairs
    first, second, third = lines(pair)
    assert " ~ " in first
    assert "はい" in second and "いいえ" in second
    assert third.rstrip().endswith("300 ms later")


def test_a_change_below_what_frames_tell_is_not_named() -> None:
    [pair] = Comparison(turns(), turns(after=0.52)).pairs
    assert len(lines(pair)) == 2


@pytest.mark.parametrize(
    ("old", "new", "sign", "word"), [(True, False, "-", "missing"), (False, True, "+", "")]
)
def test_one_that_is_in_one_session_only(old: bool, new: bool, sign: str, word: str) -> None:
    [pair] = Comparison(turns() if old else [], turns() if new else []).pairs
    first = lines(pair)[0]
    assert f" {sign} " in first
    assert word in first
    assert first.count("元気") == 1


def test_long_texts_are_broken_in_their_column() -> None:
    [pair] = Comparison(turns("とても長い返事です。" * 6), turns("短い")).pairs
    assert len(lines(pair, 78)) > 4


def test_parts_are_cut_in_their_column() -> None:
    assert fitted([RowPart("ab"), RowPart("cdef")], 4) == [RowPart("ab"), RowPart("c…")]
    assert fitted([RowPart("ab")], 3) == [RowPart("ab"), RowPart(" ")]
