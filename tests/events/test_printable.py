"""Text that is safe to show, and its width."""

import json
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdxdash.events.printable import cell_width, escape_json, printable, printable_same_length
from tests.support.hostile_text import HOSTILE_CHARACTERS, active


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


def test_no_character_that_unicode_calls_a_control_or_a_format_is_printable():
    left = [
        character
        for character in map(chr, range(sys.maxunicode + 1))
        if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
        and printable(character) == character
    ]
    assert left == []


@given(st.text(HOSTILE_CHARACTERS))
def test_escaped_json_holds_no_active_character_and_the_same_value(text: str):
    encoded = json.dumps({"text": text}, ensure_ascii=False) + "\n"
    escaped = escape_json(encoded.encode("utf-8"))
    assert active(escaped.decode("utf-8")) == set()
    assert json.loads(escaped) == {"text": text}


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


@pytest.mark.parametrize(
    "text", ["\ufffe", "\uffff", "\ufdd0", "\U0001fffe", "\U0010ffff", "\u3164", "\u115f", "\u034f"]
)
def test_what_has_no_width_that_terminals_agree_on_is_shown_as_its_number(text: str) -> None:
    assert printable(f"a{text}b") == f"a<U+{ord(text):04X}>b"
    assert printable_same_length(f"あ{text}") == "あ�"
