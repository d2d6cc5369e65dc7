"""A row: text that grows, is corrected and settled; sound with seconds and level."""

import pytest

from mdxdash.remdis.rows import Row, measure, shown
from mdxdash.remdis.units import read_unit
from tests.support.remdis_traffic import block, unit


def row() -> Row:
    return Row(1, "asr", "ASR", 0.0, 0.0, parts={})


def test_text_grows_is_corrected_and_is_settled():
    found = row()
    states = []
    for update, body, id_ in (
        ("add", "今日", "1"),
        ("add", "歯", "2"),
        ("revoke", "", "2"),
        ("add", "は", "3"),
        ("commit", "", "4"),
    ):
        found.add_text(read_unit("asr", unit(update, body, id_)))
        states.append((found.text, found.state))
    assert states == [
        ("今日", "growing"),
        ("今日歯", "growing"),
        ("今日", "corrected"),
        ("今日は", "corrected"),
        ("今日は", "settled"),
    ]
    assert found.revoked == 1


def test_a_commit_settles_what_it_bears_once():
    found = row()
    found.add_text(read_unit("asr", unit("add", "はい", "1")))
    found.add_text(read_unit("asr", unit("commit", "はい", "1")))
    assert (found.text, found.state) == ("はい", "settled")


def test_a_revoke_of_something_else_changes_nothing():
    found = row()
    found.add_text(read_unit("asr", unit("add", "はい", "1")))
    found.add_text(read_unit("asr", unit("revoke", "", "9")))
    assert (found.text, found.state, found.revoked) == ("はい", "growing", 0)


def test_sound_is_measured():
    seconds, level = measure(block(0.05, 0.5))
    assert (round(seconds, 3), round(level, 2)) == (0.05, 0.5)
    assert measure("no base64!") == (0.0, 0.0)
    assert measure("") == (0.0, 0.0)


def test_sound_is_one_row():
    found = row()
    for number in range(10):
        data = block(0.05, number / 10)
        found.add_sound(read_unit("tts", unit("add", data, str(number))), *measure(data))
    found.add_sound(read_unit("tts", unit("commit", "", "x")), 0.0, 0.0)
    assert (found.text, found.state) == ("0.50 s  level 0.90", "settled")


def test_a_text_that_never_ends_is_cut():
    found = row()
    for number in range(100):
        found.add_text(read_unit("asr", unit("add", "あ" * 1000, str(number))))
    assert found.text == "あ" * 20_000 + "…"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"expression": "joy", "action": "nod"}, "expression joy, action nod"),
        ({"p_now": 0.123456}, "p_now 0.12"),
        ({"a": [1]}, '{"a": [1]}'),
        (None, ""),
        ("\ud800", "?"),
        ("x" * 300, "x" * 200 + "…"),
    ],
)
def test_a_value_is_shown_as_it_is_read(body: object, text: str):
    assert shown(body) == text


def test_what_is_taken_back_after_it_was_settled_stays_to_be_read():
    found = row()
    found.add_text(read_unit("dialogue", unit("add", "はい", "1")))
    found.add_text(read_unit("dialogue", unit("commit", "", "2")))
    assert [found.take_back("9"), found.take_back("1"), found.take_back("1")] == [
        False,
        True,
        False,
    ]
    assert (found.text, found.state, found.revoked) == ("はい", "revoked", 1)
