"""Filling in: values stay plain text, whatever they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdxdash.events.event import Event
from mdxdash.filters.filter import Context, parse
from mdxdash.macros.template import UnfillableError, fill, fill_filter, fill_message, names_in
from mdxdash.wire.message import Message

CONTEXT = Context(now=lambda: 0.0, marked=())


def test_names_are_filled_in_and_double_braces_are_braces() -> None:
    assert fill("{a}-{{a}-}}", {"a": "1"}.__getitem__) == "1-{a}-}}"
    assert names_in("{a}{{b}{c}") == ("a", "c")


def test_a_value_is_not_filled_in_again() -> None:
    assert fill("{a}", {"a": "{a}"}.__getitem__) == "{a}"


def test_a_brace_that_opens_nothing_is_an_error() -> None:
    with pytest.raises(UnfillableError, match=r"has a \{ without \}"):
        names_in("a { b")


@pytest.mark.parametrize("value", ["a|b", "a\nb", "a\r"])
def test_a_value_cannot_smuggle_in_an_argument_or_a_line(value: str) -> None:
    with pytest.raises(UnfillableError, match="is not filled in"):
        fill_message(Message("SYNTH_START", "0|mei|{text}"), {"text": value}.__getitem__)


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
