"""A row: text that grows, is corrected and settled; sound with seconds and level."""

from mdxdash.remdis.rows import Row, measure
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
        found.add_sound(read_unit("tts", unit("add", block(0.05, number / 10), str(number))))
    found.add_sound(read_unit("tts", unit("commit", "", "x")))
    assert (found.text, found.state) == ("0.50 s  level 0.90", "settled")
