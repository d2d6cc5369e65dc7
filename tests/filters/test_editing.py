"""Types as switches of the filter's text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdxdash.filters.editing import all_types, only_type, switch_type, type_is_on
from mdxdash.filters.filter import parse


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("", True),
        ("hello", True),
        ("type:A,X", True),
        ("type:A", False),
        ("-type:x", False),
        ("type:A OR hello", True),
        ("type:A OR -type:X", False),
        ("-(type:X hello)", True),
        ("-(type:X OR hello)", False),
        ("type:* -type:X", False),
    ],
)
def test_type_is_on_unless_no_event_of_it_can_pass(text: str, on: bool) -> None:
    assert type_is_on(parse(text), "X") is on


@pytest.mark.parametrize(
    ("text", "type_", "edited"),
    [
        ("", "X", "-type:X"),
        ("-type:X", "Y", "-type:X,Y"),
        ("hello -type:X  is:lost", "Y", "hello -type:X,Y  is:lost"),
        ("type:A,B", "A", "type:B"),
        ("type:A,B", "B", "type:A"),
        ("type:A,B,C", "b", "type:A,C"),
        ("type:A", "A", "type:A -type:A"),
        ("type:RECOG_*", "RECOG_EVENT_START", "type:RECOG_* -type:RECOG_EVENT_START"),
        ("type:A,RECOG_*", "RECOG_X", "type:A,RECOG_* -type:RECOG_X"),
        ("type:A*,AB", "AB", "type:A* -type:AB"),
        ("hello OR  is:lost", "X", "(hello OR  is:lost) -type:X"),
        ("(hello OR is:lost)", "X", "(hello OR is:lost) -type:X"),
        ("hello ", "X", "hello -type:X"),
        ("", "two words", '-type:"two words"'),
        ("", "A*", '-type:"A\\*"'),
        ("", 'a"b\\,', '-type:"a\\"b\\\\,"'),
        ("-type:X", "X", "-type:X"),
    ],
)
def test_switching_off(text: str, type_: str, edited: str) -> None:
    assert switch_type(text, type_, on=False) == edited


@pytest.mark.parametrize(
    ("text", "type_", "edited"),
    [
        ("-type:X", "X", ""),
        ("-type:X,Y", "X", "-type:Y"),
        ("-type:X,Y", "Y", "-type:X"),
        ("-type:X,x,Y,X", "X", "-type:Y"),
        ("hello  -type:X  lost", "X", "hello  lost"),
        ("-type:X  hello", "X", "hello"),
        ("-type:X   -type:X b", "X", "b"),
        ("type:A,B", "X", "type:A,B,X"),
        ("type:A -type:A", "A", "type:A"),
        ("type:A -type:X", "X", "type:A,X"),
        ("-type:RECOG_*", "RECOG_X", "(-type:RECOG_* OR type:RECOG_X)"),
        ("(-type:R* OR type:RX)", "RY", "(-type:R* OR type:RX,RY)"),
        ("type:A OR type:B hello", "X", "type:A OR type:B hello OR type:X"),
        ("-(type:X OR hello) a", "X", "(-(type:X OR hello) OR type:X) a"),
        ("hello", "X", "hello"),
    ],
)
def test_switching_on(text: str, type_: str, edited: str) -> None:
    assert switch_type(text, type_, on=True) == edited


@pytest.mark.parametrize(
    ("text", "edited"),
    [
        ("", "type:X"),
        ("hello", "hello type:X"),
        ("-type:A  hello type:B,C", "type:X  hello"),
        ("(-type:R* OR type:RX) hello", "type:X hello"),
        ("type:A OR type:B", "type:X"),
        ("type:A OR hello", "(type:A OR hello) type:X"),
    ],
)
def test_only_type(text: str, edited: str) -> None:
    assert only_type(text, "X") == edited


@pytest.mark.parametrize(
    ("text", "edited"),
    [
        ("", ""),
        ("-type:A  hello type:B,C", "hello"),
        ("a (-type:R* OR type:RX) b", "a b"),
        ("type:A OR type:B", ""),
        ("type:A OR hello", "type:A OR hello"),
    ],
)
def test_all_types(text: str, edited: str) -> None:
    assert all_types(text) == edited


TYPES = ["A", "AB", "ABC", "RECOG_X", "two words", "A*", 'q"\\', "a,b", "-x", "(", "", "日本|語"]
type_terms = st.lists(
    st.sampled_from(
        ["A", "a", "AB", "A*", "*B*", "?", '"two words"', '"A\\*"', "RECOG_*", '"a,b"', "x", '""']
    ),
    min_size=1,
    max_size=3,
).map(lambda values: "type:" + ",".join(values))
leaves = st.one_of(
    type_terms, type_terms, st.sampled_from(["hello", "is:lost", "/a|b/", '"x  y"', "args:*a*"])
)


def composed(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        parts.map(lambda part: f"-({part})"),
        parts.map(lambda part: f"( {part})"),
        st.lists(parts, min_size=2, max_size=3).map("  ".join),
        st.lists(parts, min_size=2, max_size=3).map(" OR ".join),
    )


texts = st.one_of(
    st.sampled_from(["", "  "]),
    st.recursive(st.one_of(leaves, leaves.map(lambda leaf: f"-{leaf}")), composed, max_leaves=6),
)


def states(text: str, types: list[str]) -> list[bool]:
    found = parse(text)
    return [type_is_on(found, type_) for type_ in types]


@given(texts, st.sampled_from(TYPES), st.booleans())
def test_switching_a_type_changes_its_own_state_only(text: str, type_: str, on: bool) -> None:
    edited = switch_type(text, type_, on)
    others = [other for other in TYPES if other != type_]
    assert states(edited, [type_]) == [on]
    assert states(edited, others) == states(text, others)


@given(texts, st.sampled_from(TYPES))
def test_all_types_after_only_type_is_all_types(text: str, type_: str) -> None:
    assert parse(all_types(only_type(text, type_))) == parse(all_types(text))


@given(st.text(min_size=1), st.text())
def test_any_type_can_be_switched_off_and_on_again(type_: str, other: str) -> None:
    off = switch_type("", type_, on=False)
    assert (type_is_on(parse(off), type_), switch_type(off, type_, on=True)) == (False, "")


def test_the_first_of_several_types_is_removed_alone() -> None:
    assert switch_type("type:A,B,C", "A", False) == "type:B,C"
    assert switch_type("type:A,a,B,C", "A", False) == "type:B,C"
