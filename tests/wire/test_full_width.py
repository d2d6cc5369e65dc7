"""Full-width characters: their half-width forms, and comparisons without width."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdxdash.wire.full_width import fold, half_width

ASCII = "".join(map(chr, range(ord("!"), ord("~") + 1)))


def test_each_full_width_form_becomes_its_character() -> None:
    full = "".join(chr(ord(character) + 0xFEE0) for character in ASCII)
    assert half_width(full) == unicodedata.normalize("NFKC", full) == ASCII
    assert half_width("\u3000") == unicodedata.normalize("NFKC", "\u3000") == " "


@given(st.text())
def test_the_length_stays(text: str) -> None:
    assert len(half_width(text)) == len(text)


@pytest.mark.parametrize("text", ["日本語、カタカナ。「ー」・", "ASCII text|1"])
def test_other_text_stays(text: str) -> None:
    assert half_width(text) == text


@pytest.mark.parametrize(
    ("one", "other"), [("ＳＹＮＴＨ", "synth"), ("ｶﾞ", "ガ"), ("元気？", "元気?"), ("１２", "12")]
)
def test_neither_case_nor_width_counts_in_a_comparison(one: str, other: str) -> None:
    assert fold(one) == fold(other)
