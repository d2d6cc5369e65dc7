"""Completion and signature, as the composer sees them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdxdash.catalog.announced import AnnouncedState
from mdxdash.catalog.completion import complete, signature
from tests.catalog.test_announced import after
from tests.catalog.test_dissect import LINES

LIFE = after(
    "MODEL_EVENT_ADD|gene",
    "MODEL_EVENT_ADD|mei",
    "MOTION_EVENT_ADD|gene|walk",
    "MOTION_EVENT_ADD|mei|wave",
    "TIMER_EVENT_START|tea",
    "KEYVALUE_SET|smile|1",
    "MENU_EVENT|ADD|page",
)


def offered(line: str, state: AnnouncedState = LIFE, **used: int) -> list[str]:
    return [one.text for one in complete(line, len(line), state, used).candidates]


def test_commands_come_before_events() -> None:
    assert offered("SYN")[:4] == [
        "SYNTH_START",
        "SYNTH_STOP",
        "SYNTH_EVENT_START",
        "SYNTH_EVENT_STOP",
    ]


def test_letter_case_does_not_matter() -> None:
    assert offered("syn")[0] == "SYNTH_START"


def test_the_more_used_comes_first() -> None:
    assert offered("SYN", SYNTH_STOP=3)[0] == "SYNTH_STOP"


def test_what_begins_so_comes_before_what_only_has_the_letters() -> None:
    found = offered("TURN", MOTION_ADD=9)
    assert found[:2] == ["TURN_START", "TURN_STOP"]


@pytest.mark.parametrize(
    ("typed", "name"), [("moad", "MODEL_ADD"), ("ss", "SYNTH_START"), ("tstart", "TIMER_START")]
)
def test_letters_in_order_are_enough(typed: str, name: str) -> None:
    assert name in offered(typed)


def test_the_first_letters_of_the_words_come_before_letters_anywhere() -> None:
    found = offered("wd")
    assert found.index("WINDOWFRAME_DELETE") < found.index("WINDOWFRAME_ADD")


def test_an_own_type_that_was_used_is_offered() -> None:
    assert offered("TEST", TEST_MESSAGE=2)[0] == "TEST_MESSAGE"


def test_dead_messages_are_not_offered() -> None:
    assert "AUDIO_START" not in offered("AUDIO")


def test_a_block_of_sound_is_not_offered_but_its_control_lines_are() -> None:
    assert offered("SND")[:3] == ["SNDSTRM", "SNDFILE", "SNDBRKS"]


def test_a_type_is_followed_by_its_separator_if_it_takes_arguments() -> None:
    def then(line: str) -> str:
        return complete(line, len(line)).candidates[0].then

    assert then("SYNTH_START") == "|"
    assert then("WINDOWFRAME_DELETEALL") == ""
    assert then("__AV_SETM") == ","


def test_a_separator_that_is_there_is_not_given_again() -> None:
    completion = complete("SYN|mei", 3)
    assert completion.candidates[0].then == ""
    assert (completion.start, completion.end) == (0, 3)


def test_summaries_are_in_the_language_asked_for() -> None:
    summary = complete("SYNTH_START", 5, language="ja").candidates[0].summary
    assert summary == "音声合成でテキストを喋らせる"


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("SYNTH_START|", ["mei", "gene"]),
        ("SYNTH_START|g", ["gene"]),
        ("MOTION_DELETE|gene|", ["walk"]),
        ("MOTION_DELETE|mei|", ["wave"]),
        ("TIMER_STOP|", ["tea"]),
        ("MENU|DELETE|", ["page"]),
        ("__AV_SETMODEL,", ["mei", "gene"]),
        ("__AV_MESSAGE,SYNTH_START|", ["mei", "gene"]),
        ("MODEL_BINDBONE|smile|0|1|", ["mei", "gene"]),
        ("MODEL_ADD|", []),
    ],
)
def test_living_names_are_offered_where_they_belong(line: str, names: list[str]) -> None:
    assert offered(line) == names


def test_either_form_may_be_meant_at_its_first_argument() -> None:
    assert offered("MODEL_BINDBONE|") == ["mei", "gene", "smile"]


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("MODEL_ADD|a|a.pmd|", ["0,0,0"]),
        ("MODEL_ADD|a|a.pmd|0,0,0|0,0,0|", ["ON", "OFF"]),
        ("MOVE_START|mei|0,0,0|l", ["LOCAL", "GLOBAL"]),
        (
            "MOTION_CONFIGURE|mei|wave|MODE_B",
            ["MODE_BONE_REPLACE", "MODE_BONE_ADD", "MODE_BONE_NONE"],
        ),
        ("RECOG_MODIFY|PR", ["PREDICTWORD", "PREDICTWORD_FACTOR"]),
        ("OWN_TYPE|", []),
    ],
)
def test_choices_and_defaults_are_offered(line: str, values: list[str]) -> None:
    assert offered(line) == values


def test_the_span_is_the_whole_argument_under_the_cursor() -> None:
    line = "MOTION_DELETE|gexx|walk"
    completion = complete(line, line.index("xx"), LIFE)
    assert line[completion.start : completion.end] == "gexx"
    assert [one.text for one in completion.candidates] == ["gene"]


def test_the_span_within_a_wrapped_message_counts_from_the_lines_start() -> None:
    completion = complete("__AV_MESSAGE,SYN", 16)
    assert (completion.start, completion.end) == (13, 16)


def lit(line: str, cursor: int | None = None) -> str | None:
    shown = signature(line, len(line) if cursor is None else cursor)
    assert shown is not None
    return shown.parts[shown.current].label if shown.current is not None else None


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("SYNTH_START", None),
        ("SYNTH_START|", "model alias"),
        ("SYNTH_START|mei|normal|こん", "text"),
        ("SYNTH_START|mei|normal|a|b", None),
        ("PROMPT_SHOW|q|a|b|c", "items"),
        ("MODEL_ADD|a|", "model file (.pmd)"),
        ("CAMERA|0,0,0|", "rotation rx,ry,rz (deg)"),
        ("CAMERA|a.vmd", "camera motion file (.vmd)"),
        ("MOTION_CONFIGURE|m|w|MODE_FACE_ADD|", "morph names"),
        ("MENU|SETITEM|page|1|", "label"),
        ("WINDOWFRAME_DELETEALL", None),
    ],
)
def test_the_signature_lights_the_argument_under_the_cursor(line: str, label: str | None) -> None:
    assert lit(line) == label


def test_the_signature_follows_the_cursor_back() -> None:
    assert lit("SYNTH_START|mei|normal|hi", 14) == "model alias"


def test_the_signature_marks_what_is_optional() -> None:
    shown = signature("FST_LOAD|", 9)
    assert shown is not None
    assert [part.optional for part in shown.parts] == [False, True]


def test_an_unknown_message_has_no_signature() -> None:
    assert signature("TEST_MESSAGE|", 13) is None


@given(LINES | st.text(), st.integers(0, 60))
def test_any_line_and_cursor_can_be_completed(line: str, cursor: int) -> None:
    completion = complete(line, cursor, LIFE, {"OWN": 1})
    assert 0 <= completion.start <= completion.end <= len(line)
    signature(line, cursor)
