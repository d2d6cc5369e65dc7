"""Taking lines apart: pieces, places, forms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdxdash.catalog.dissect import best_forms, dissect, dissect_command, fits, named_arguments
from mdxdash.catalog.entry import Argument, ArgumentType
from mdxdash.catalog.lookup import find
from mdxdash.wire.framing import LINE_MAX_BYTES
from mdxdash.wire.message import parse_message

FRAGMENTS = (
    "MENU MENU_EVENT ADD SYNTH_START __AV_MESSAGE __AV_SETMODEL SND0004 TIMER_STOP CAMERA "
    "| | , 1,2,3 こんにちは \t \ud800"
)
LINES = st.lists(st.sampled_from(FRAGMENTS.split(" "))).map("".join)


@given(LINES | st.text())
def test_every_piece_stands_where_it_says(line: str) -> None:
    dissected = dissect(line)
    for piece in (dissected.head, *dissected.pieces):
        assert line[piece.start : piece.end] == piece.text


@given(LINES | st.text())
def test_head_and_pieces_are_the_whole_line(line: str) -> None:
    dissected = dissect(line)
    last = dissected.pieces[-1] if dissected.pieces else dissected.head
    assert dissected.head.start == 0
    assert last.end == len(line)


@given(LINES | st.text())
def test_naming_the_arguments_never_fails(line: str) -> None:
    named_arguments(parse_message(line))


@pytest.mark.parametrize(
    ("line", "head", "values"),
    [
        ("SYNTH_START|mei|v|こん", "SYNTH_START", ("mei", "v", "こん")),
        ("SYNTH_START||v|こん", "SYNTH_START", ("v", "こん")),
        ("MENU|ADD|page", "MENU|ADD", ("page",)),
        ("MENU|ADD", "MENU|ADD", ()),
        ("__AV_SETMODEL,mei", "__AV_SETMODEL", ("mei",)),
        ("__AV_MESSAGE,X|a,b|c", "__AV_MESSAGE", ("X|a,b|c",)),
        ("TIMER_STOP|a|b", "TIMER_STOP", ("a|b",)),
        ("EXECUTE|cmd /c a||b", "EXECUTE", ("cmd /c a||b",)),
        ("OWN||x", "OWN", ("x",)),
    ],
)
def test_values_are_what_the_command_gets(line: str, head: str, values: tuple[str, ...]) -> None:
    dissected = dissect(line)
    assert dissected.head.text == head
    assert dissected.values == values


@pytest.mark.parametrize(
    ("type", "value", "fitting"),
    [
        ("number", "-1.5", True),
        ("number", ".5", True),
        ("number", "1e3", True),
        ("number", "one", False),
        ("integer", "3", True),
        ("integer", "3.5", False),
        ("vec3", "0,-1,2.5", True),
        ("vec3", "0, 1, 2", True),
        ("vec3", "0,1", False),
        ("vec3", "0,1,", False),
        ("vec3-4", "1,2,3,4", True),
        ("rgba", "1,1,1", False),
        ("text", "anything", True),
    ],
)
def test_a_value_fits_its_argument_type(type: ArgumentType, value: str, fitting: bool) -> None:
    assert fits(Argument("x", type), value) is fitting


@pytest.mark.parametrize(
    ("line", "form"),
    [
        ("MODEL_BINDBONE|mei|head|0,0,0|0,0,0", 0),
        ("MODEL_BINDBONE|key|0|1|mei|head|0,0,0|0,0,0|0,0,0|0,0,0", 1),
        ("CAMERA|a.vmd", 1),
        ("CAMERA|0,10,0|0,0,0|100|16", 0),
        ("CAMERA|0,10,0|0,0,0", 0),
        ("STAGE|floor.png,back.png", 0),
        ("STAGE|room.pmd", 1),
        ("RECOG_MODIFY|CHANGE_CONF|quiet", 3),
        ("CAPTION_SETSTYLE|a|default|1,1,1,1", 0),
        ("VALUE_SET|dice|1|6", 1),
    ],
)
def test_the_form_is_the_one_that_fits_best(line: str, form: int) -> None:
    dissected = dissect(line)
    assert dissected.entry is not None
    assert best_forms(dissected.entry, dissected.values)[0] == form


def test_an_unfinished_line_leaves_open_which_form_it_will_be() -> None:
    configure = find("MOTION_CONFIGURE")
    assert configure is not None
    assert best_forms(configure, ["mei", "wave"], unfinished=True) == [0, 1, 2, 3]


def test_arguments_are_named() -> None:
    message = parse_message("SYNTH_START|mei|normal|こんにちは")
    assert named_arguments(message) == (
        ("model alias", "mei"),
        ("voice alias", "normal"),
        ("text", "こんにちは"),
    )


def test_the_rest_of_a_line_is_one_argument() -> None:
    message = parse_message("PROMPT_SHOW|Which?|tea|coffee|water")
    assert named_arguments(message) == (("main text", "Which?"), ("items", "tea|coffee|water"))


def test_what_is_too_much_or_unknown_has_no_name() -> None:
    assert named_arguments(parse_message("MOVE_STOP|mei|x")) == (("model alias", "mei"), ("", "x"))
    assert named_arguments(parse_message("OWN|x")) == (("", "x"),)


def test_a_line_is_split_once() -> None:
    assert dissect("MODEL_ADD|once|a.pmd") is dissect("MODEL_ADD|once|a.pmd")


def test_a_line_that_is_too_long_to_be_sent_is_not_kept() -> None:
    line = "A|" + "x" * LINE_MAX_BYTES
    assert dissect(line) == dissect(line)
    assert dissect(line) is not dissect(line)


def test_the_longest_line_that_is_sent_is_kept() -> None:
    line = "A|" + "x" * (LINE_MAX_BYTES - 2)
    assert dissect(line) is dissect(line)


@pytest.mark.parametrize(
    ("line", "head", "pieces"),
    [
        ("A|b", "A", ["b"]),
        ("|A|b", "|A|b", []),
        ("MENU||x", "MENU|", ["x"]),
        ("MENU|ADD", "MENU|ADD", []),
        ("__AV_MESSAGE,X|a,b", "__AV_MESSAGE", ["X|a,b"]),
        ("__AV_EXMORPH,a=1,b=2", "__AV_EXMORPH", ["a=1,b=2"]),
        ("__AV_OWN,a,b", "__AV_OWN", ["a", "b"]),
    ],
)
def test_a_line_is_split_into_head_and_pieces(line: str, head: str, pieces: list[str]) -> None:
    dissected = dissect(line)
    assert dissected.head.text == head
    assert [piece.text for piece in dissected.pieces] == pieces


@pytest.mark.parametrize("line", ["", "|A", "__AV_MESSAGE,", "__AV_MESSAGE,|A"])
def test_a_line_without_a_type_is_no_command(line: str) -> None:
    assert dissect_command(line) is None


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("A|b", "A|b"),
        ("__AV_MESSAGE,A|b", "A|b"),
        ("__AV_MESSAGE,A|", "A"),
        ("__AV_START", "__AV_START"),
    ],
)
def test_a_command_is_what_the_agent_acts_on(line: str, command: str) -> None:
    assert dissect_command(line) == dissect(command)


@pytest.mark.parametrize(
    ("values", "unfinished", "forms"),
    [
        (["a", "a.ttf", "1,1,1,1"], False, [0]),
        (["a", "a.ttf", "1,1,1,1"], True, [0, 1]),
        (["a", "a.ttf", "1,1,1,1", "0,0,0,1,2"], False, [0, 1]),
        (["a", "a.ttf", "1,1,1,1", "0,0,0,1,2"], True, [1]),
    ],
)
def test_the_best_form_has_neither_too_few_nor_too_many_values(
    values: list[str], unfinished: bool, forms: list[int]
) -> None:
    entry = find("CAPTION_SETSTYLE")
    assert entry is not None
    assert best_forms(entry, values, unfinished=unfinished) == forms
