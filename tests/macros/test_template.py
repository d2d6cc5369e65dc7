"""Filling in: values stay plain text, whatever they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdxdash.events.event import Event
from mdxdash.filters.filter import Context, parse
from mdxdash.macros.template import (
    UnfillableError,
    escape_braces,
    fill,
    fill_filter,
    fill_message,
    names_in,
    names_in_filter,
    names_in_message,
)
from mdxdash.wire.message import Message

CONTEXT = Context(now=lambda: 0.0, marked=())


def test_names_are_filled_in_and_double_braces_are_braces() -> None:
    assert fill("{a}-{{a}-}}", {"a": "1"}.__getitem__) == "1-{a}-}}"
    assert names_in("{a}{{b}{c}") == ("a", "c")


def test_a_value_is_not_filled_in_again() -> None:
    assert fill("{a}", {"a": "{a}"}.__getitem__) == "{a}"


def test_a_brace_that_opens_nothing_is_an_error() -> None:
    with pytest.raises(UnfillableError) as caught:
        names_in("a { b")
    assert str(caught.value) == '"a { b" has a { without }: expected {name}, or {{ for a brace'


def test_plain_text_is_escaped_so_that_it_is_filled_in_as_itself() -> None:
    assert escape_braces("{a}{{") == "{{a}{{{{"
    assert fill(escape_braces("{a}{{"), {}.__getitem__) == "{a}{{"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("私|b", "'私|b': a value with a bar is not filled in"),
        ("a\nb", r"'a\nb': a value with a newline is not filled in"),
        ("私\r", r"'\u79c1\r': a value with a carriage return is not filled in"),
    ],
)
def test_a_value_cannot_smuggle_in_an_argument_or_a_line(value: str, shown: str) -> None:
    with pytest.raises(UnfillableError) as caught:
        fill_message(Message("SYNTH_START", "0|mei|{text}"), {"text": value}.__getitem__)
    assert str(caught.value) == (
        "{text} is " + shown + "; take a part of it with {args[0]}, {args[1]}, …"
    )


def test_names_are_filled_into_the_type_and_the_arguments() -> None:
    values = {"a": "B", "b": "x y"}
    filled = fill_message(Message("A_{a}", "0|{b}|{{"), values.__getitem__)
    assert filled == Message("A_B", "0|x y|{")


def test_the_names_of_a_message_are_those_of_its_type_and_arguments() -> None:
    assert names_in_message(Message("{a}", "x|{b}")) == ("a", "b")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ()),
        ("type:{a},B args:{b}* agent:{c} {d}", ("a", "b", "c", "d")),
        ("-type:{a} OR (is:echo {b})", ("a", "b")),
        ("/^A{3}/ /{x}/", ()),
        ("type:A{{", ()),
    ],
)
def test_the_names_of_a_filter_are_those_of_its_values(text: str, names: tuple[str, ...]) -> None:
    assert names_in_filter(parse(text)) == names


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("", ""),
        ("type:{a},B args:{b}|* agent:{a} {b}", 'type:1,B args:"2 2|*" agent:1 "2 2"'),
        ("-type:{a} OR (is:echo args:{b})", '-type:1 OR (is:echo args:"2 2")'),
        ("type:A{{a}", "type:A{a}"),
        ("type:A args:{c}", 'type:A args:""'),
    ],
)
def test_a_filter_is_filled_in_wherever_its_names_are(text: str, filled: str) -> None:
    values = {"a": "1", "b": "2 2", "c": ""}
    assert fill_filter(parse(text), values.__getitem__) == parse(filled)


@given(st.text(max_size=12))
def test_a_value_in_a_filter_matches_itself_and_nothing_else(value: str) -> None:
    filter_ = fill_filter(parse("type:A args:{value}"), lambda name: value)
    passes = filter_.compile(CONTEXT)
    assert passes(Event(1, 0.0, "received", "chat", "A", value))
    assert not passes(Event(1, 0.0, "received", "chat", "A", value + "x"))
    assert not passes(Event(1, 0.0, "received", "chat", "B", value))


def test_braces_in_an_expression_count_repetitions() -> None:
    passes = fill_filter(parse("/^A{3}$/"), lambda name: "never asked").compile(CONTEXT)
    assert passes(Event(1, 0.0, "received", "chat", "AAA"))
