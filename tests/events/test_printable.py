"""Text that is safe to show, and its width."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdxdash.events.printable import cell_width, printable, printable_same_length


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("こんにちは　世界", "こんにちは　世界"),
        ("\x1b[31mred", "␛[31mred"),
        ("a\nb\tc\0", "a␊b␉c␀"),
        ("\x7f\x9b", "␡<U+009B>"),
        ("\u202eabc\u2066", "<U+202E>abc<U+2066>"),
        ("a\u200bb\ufeff", "a<U+200B>b<U+FEFF>"),
        ("[bold]x[/bold]", "[bold]x[/bold]"),
        ("\ud800", "<U+D800>"),
    ],
)
def test_nothing_is_left_that_a_terminal_obeys(text: str, shown: str):
    assert printable(text) == shown


@given(st.text())
def test_in_a_text_field_every_character_keeps_its_position(text: str):
    shown = printable_same_length(text)
    assert len(shown) == len(text)
    assert all(a == b for a, b in zip(text, shown, strict=True) if printable(a) == a)
    assert printable(shown) == shown


@given(st.text())
def test_printable_text_holds_no_control_and_no_format_character(text: str):
    categories = {unicodedata.category(character) for character in printable(text)}
    assert not categories & {"Cc", "Cs", "Zl", "Zp"}
    assert not any(
        ch in printable(text) for ch in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("", 0),
        ("abc", 3),
        ("こんにちは", 10),
        ("か\u3099こ", 4),
        ("e\u0301", 1),
        ("\U0001f469\u200d\U0001f469", 2),
        ("ﾊﾝｶｸ", 4),
        ("a\x1bか", 3),
    ],
)
def test_a_text_is_as_wide_as_a_terminal_shows_it(text: str, width: int):
    assert cell_width(text) == width


def test_what_has_no_picture_is_one_character_in_a_text_field():
    assert printable_same_length("a\x1b\u202e\x7f") == "a␛�␡"
