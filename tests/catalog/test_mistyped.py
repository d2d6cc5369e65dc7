"""Lines that are probably not what was meant: found, corrected, and ordinary ones let through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdxdash.catalog.check import check, check_lines, dangers
from mdxdash.catalog.completion import complete
from mdxdash.catalog.lookup import entries
from mdxdash.catalog.mistyped import corrected, is_running_text
from mdxdash.wire.message import parse_message
from tests.catalog.test_announced import after


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ＳＹＮＴＨ_ＳＴＡＲＴ｜0｜mei｜こんにちは！", "SYNTH_START|0|mei|こんにちは！"),
        ("SYNTH_START｜0|mei|ＡＢＣ", "SYNTH_START|0|mei|ＡＢＣ"),
        ("ＳＹＮＴＨ_START|０|mei|１２", "SYNTH_START|0|mei|１２"),
        ("MODEL_ADD｜a｜b.pmd｜１，２，３", "MODEL_ADD|a|b.pmd|1,2,3"),
        ("ＭＥＮＵ｜ＡＤＤ｜page", "MENU|ADD|page"),
        ("ＭＹ_ＥＶＥＮＴ｜x", "MY_EVENT|x"),
        ("イベント｜x", "イベント|x"),
        ("ｓｔｏｐ", "stop"),
        ("WINDOWFRAME_DELETEALL ", "WINDOWFRAME_DELETEALL"),
        ("　RECOG_EVENT_START|x", "RECOG_EVENT_START|x"),
    ],
)
def test_a_head_in_full_width_is_asked_about_with_what_was_meant(typed: str, meant: str) -> None:
    assert corrected(typed) == meant
    finding = next(one for one in check(parse_message(typed)) if one.code == "A314")
    assert finding.severity == "ask"
    assert finding.text.endswith(f"probably meant: {meant}")


def test_the_completion_of_a_head_in_full_width_is_the_line_that_was_meant() -> None:
    typed = "ＭＹ_ＥＶＥＮＴ｜x"
    found = complete(typed, len(typed))
    assert ([one.text for one in found.candidates], found.start, found.end) == (
        ["MY_EVENT|x"],
        0,
        len(typed),
    )


@pytest.mark.parametrize(
    "line", ["Hello world", "今日は晴れ", "done.", "TEXT　A", "and a\ttab", "ほんと？"]
)
def test_running_text_is_asked_about(line: str) -> None:
    assert [f.code for f in check(parse_message(line)) if f.severity == "ask"] == ["A315"]


@pytest.mark.parametrize(
    "line",
    [
        "MY_EVENT|x",
        "MY_EVENT",
        "my_event",
        "hello",
        "Hello|こんにちは 世界！",
        "イベント|x",
        "My Event|x",
        "SYNTH_START|0|mei|a｜b",
        "KEY|ａ",
        "__AV_SETMODEL,mei",
        "__AV_MESSAGE,SYNTH_START|0|mei|今日は 晴れ。",
        "",
        "  ",
    ],
)
def test_an_ordinary_line_is_not_asked_about(line: str) -> None:
    codes = {finding.code for finding in check(parse_message(line))}
    assert not codes & {"A314", "A315"}


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.name)
def test_a_known_type_is_not_asked_about(entry: object) -> None:
    name = getattr(entry, "name", "")
    assert corrected(name) is None
    assert not is_running_text(name)


@given(st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from("|｜ＡＢ　_1"))))
def test_what_was_meant_is_all_right_itself(line: str) -> None:
    meant = corrected(line)
    assert meant is None or corrected(meant) is None


@pytest.mark.parametrize("line", ["ＭＹ_ＥＶＥＮＴ｜x", "Hello world"])
def test_a_program_may_send_such_a_line(line: str) -> None:
    assert dangers(parse_message(line)) == ()


def test_each_of_several_lines_is_checked_after_those_before_it() -> None:
    state = after("MODEL_EVENT_ADD|mei")
    lines = [
        "SPEAK_START|mei|a.wav",
        "MY_EVENT|x",
        "SPEAK_START|mei|b.wav",
        "and text",
        "RECOG_STAR",
    ]
    found = [{one.code for one in each} for each in check_lines(lines, state)]
    assert len(found) == len(lines)
    assert ["A304" in codes for codes in found] == [False, False, True, False, False]
    assert "A315" in found[3]
    assert not state.names("speaking")
