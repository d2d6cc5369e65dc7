"""Messages and their lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdxdash.wire.message import Message, format_message, parse_message, split_arguments

no_bar = st.text(st.characters(exclude_characters="|\n"), min_size=1)


@pytest.mark.parametrize(
    ("line", "message", "arguments"),
    [
        ("TEST_MESSAGE", Message("TEST_MESSAGE"), ()),
        ("A|b", Message("A", "b"), ("b",)),
        ("A|b|", Message("A", "b|"), ("b", "")),
        ("A||b", Message("A", "|b"), ("", "b")),
        (
            "SYNTH_START|0|mei|こんにちは",
            Message("SYNTH_START", "0|mei|こんにちは"),
            ("0", "mei", "こんにちは"),
        ),
        ("", Message(""), ()),
        ("|A|b", Message("", "A|b"), ("A", "b")),
    ],
)
def test_parse_splits_at_the_first_bar(line: str, message: Message, arguments: tuple[str, ...]):
    assert parse_message(line) == message
    assert parse_message(line).arguments == arguments


def test_empty_arguments_drop_the_bar_as_the_agent_does():
    assert format_message(parse_message("A|")) == "A"


@given(no_bar, st.lists(st.text(st.characters(exclude_characters="|\n"))))
def test_what_is_formatted_parses_back(type_: str, arguments: list[str]):
    message = Message(type_, "|".join(arguments))
    assert parse_message(format_message(message)) == message


def test_a_message_is_shown_as_its_line():
    assert str(Message("A", "b|c")) == "A|b|c"
    assert str(Message("A")) == "A"


def test_an_empty_text_has_no_arguments():
    assert split_arguments("") == ()
    assert split_arguments("|") == ("", "")
