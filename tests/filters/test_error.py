"""What an error in a filter shows."""

import pytest

from mdxdash.filters.error import FilterError, one_of
from mdxdash.filters.filter import parse
from mdxdash.language.translation import use


def test_the_caret_is_below_the_error_in_terminal_cells() -> None:
    text = "か\u3099こ is:old"
    with pytest.raises(FilterError) as caught:
        parse(text)
    assert caught.value.caret(text) == (text, " " * 8 + f"^ {caught.value}")


def test_the_caret_stands_below_control_characters_as_they_are_shown() -> None:
    error = FilterError(3, "b", "a")
    assert error.caret("\x1b\u202ex(") == ("␛�x(", "   ^ a: expected b")


def test_an_error_names_what_is_wrong_and_what_was_expected() -> None:
    error = FilterError(3, "echo or lost", 'is: knows no "old"')
    assert str(error) == 'is: knows no "old": expected echo or lost'


@pytest.mark.parametrize(
    ("choices", "expected"),
    [(("a",), "a"), (("a", "b"), "a or b"), (("a", "b", "c"), "a, b or c")],
)
def test_choices_are_listed(choices: tuple[str, ...], expected: str) -> None:
    assert one_of(choices) == expected


def test_what_is_shown_is_in_the_users_language() -> None:
    with pytest.raises(FilterError) as caught:
        parse("(a")
    use("ja")
    assert caught.value.caret("(a")[1] == '  ^ 1 の "(" が閉じていない: 正しくは ")"'
