"""A parsed filter as its users have it."""

import pytest

from mdxdash.filters.filter import EMPTY, TERMS, help_table, parse
from tests.support.filtering import CONTEXT, received


def test_blank_text_is_the_empty_filter() -> None:
    assert [parse(text).is_empty for text in ("", " \t\u3000", "a")] == [True, True, False]


@pytest.mark.parametrize(
    ("text", "term", "expected"),
    [
        ("is:echo", "is:echo", True),
        ("a OR -(b IS:Lost,ECHO)", "is:echo", True),
        ("is:lost", "is:echo", False),
        ('"is:echo"', "is:echo", False),
        ("type:A", "type", True),
        ("", "is:echo", False),
    ],
)
def test_a_term_that_is_in_it_is_mentioned(text: str, term: str, expected: bool) -> None:
    assert parse(text).mentions(term) is expected


@pytest.mark.parametrize(
    ("text", "expected"), [("last:30s", True), ("-(a OR last:1h)", True), ("after:12:30", False)]
)
def test_a_filter_of_the_last_seconds_depends_on_time(text: str, expected: bool) -> None:
    assert parse(text).depends_on_time is expected


def test_help_table_has_every_term() -> None:
    assert {term.form for term in TERMS} <= {form for form, _ in help_table()}


def test_every_event_passes_the_empty_filter() -> None:
    assert EMPTY.compile(CONTEXT)(received())
    assert parse(" ") is EMPTY


@pytest.mark.parametrize(
    ("text", "expected"), [("/a/", True), ("-(b OR /a/i)", True), ('"/a/"', False), ("", False)]
)
def test_regular_expressions_in_it_are_known(text: str, expected: bool) -> None:
    assert parse(text).has_patterns is expected


def test_filters_are_equal_however_they_are_written() -> None:
    assert parse(' type:"A"  hello ') == parse("type:A hello")
    assert parse("type:A hello") != parse("hello type:A")
    assert hash(parse("(a)")) == hash(parse("a"))


@pytest.mark.parametrize("text", ["a", "-a", "a b", "a OR b", "type:A", "/a/", "-(a b)", "last:1s"])
def test_the_position_of_a_filter_in_its_text_makes_no_difference(text: str) -> None:
    assert parse(f"   {text}  ") == parse(text)
    assert hash(parse(f"   {text}  ")) == hash(parse(text))


def test_the_empty_filter_has_the_empty_text() -> None:
    assert str(EMPTY) == ""
