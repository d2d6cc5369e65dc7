"""Words in a column of texts."""

import re
import sys
from unicodedata import is_normalized

import pytest

from mdxdash.events.event import Event
from mdxdash.events.storage.event_block import EventBlock
from mdxdash.filters.columns import text_search
from mdxdash.filters.columns.block_predicate import Part, everything
from mdxdash.filters.columns.masks import rows_of
from mdxdash.filters.columns.text_search import texts_with
from mdxdash.wire.full_width import fold


def rows_with(word: str, texts: list[str], wanted: bytes | None = None) -> list[int]:
    block = EventBlock(
        [Event(seq, 0.0, "received", args=text) for seq, text in enumerate(texts, start=1)]
    )
    part = Part(block, 0, len(texts))
    found = texts_with(fold(word), lambda block: block.args)
    return rows_of(found(part, wanted or everything(part)))


@pytest.mark.parametrize("every", [1, 2, 7, 100, 1999])
@pytest.mark.parametrize("word", ["gene", "こんにちは", "é"])
def test_words_are_found_however_many_texts_have_them(word: str, every: int) -> None:
    texts = [f"0|{word.upper()}|い" if row % every == 0 else f"{row}|…" for row in range(2000)]
    assert rows_with(word, texts) == list(range(0, 2000, every))


def test_a_word_that_is_frequent_only_later_is_found_in_all_texts() -> None:
    texts = ["a gene"] + ["nothing"] * 900 + ["gene gene"] * 1100
    assert rows_with("gene", texts) == [0, *range(901, 2001)]


FORMS = {
    "same end": [f"{row}|x gene." for row in range(300)],
    "same beginning": [f"0|gene|{row}" for row in range(300)],
    "twice, same end": [f"gene {row}|gene" for row in range(300)],
    "the word is the whole text": ["gene"] * 300,
}


@pytest.mark.parametrize("form", FORMS)
def test_texts_of_one_form_are_found_but_for_those_that_differ(form: str) -> None:
    texts = FORMS[form]
    assert rows_with("gene", texts) == list(range(300))
    assert rows_with("gene", texts, bytes([1, 1, 1, 0]) * 75) == [
        row for row in range(300) if row % 4 != 3
    ]
    for odd in (0, 1, 150, 299):
        for other in ("", "nothing", "gene at another place"):
            mixed = [*texts[:odd], other, *texts[odd + 1 :]]
            assert rows_with("gene", mixed) == [row for row in range(300) if "gene" in mixed[row]]


def test_only_rows_that_matter_are_returned() -> None:
    texts = ["gene" if row % 2 else "x" for row in range(200)]
    for step in (1, 3, 50):
        wanted = bytes([row % step == 0 for row in range(200)])
        assert rows_with("gene", texts, wanted) == [
            row for row in range(200) if row % 2 and row % step == 0
        ]


def test_no_word_is_found_over_the_end_of_a_text() -> None:
    assert rows_with("ab", ["xa", "bx", "ab"]) == [2]
    assert rows_with("a\0b", ["a", "b", "a\0b"]) == [2]


def test_no_other_characters_become_ascii_without_case() -> None:
    """What `_is_plain` and `_ONE_SPELLING_IN_NFKC` rely on, of every character in NFKC."""
    searchable = re.compile(text_search._ONE_SPELLING_IN_NFKC.pattern)
    for code in range(0x80, sys.maxunicode + 1):
        character = chr(code)
        folded = character.casefold()
        if folded == character or not is_normalized("NFKC", character):
            continue
        if any(searchable.fullmatch(each) for each in folded):
            assert text_search._FOLDED_TO_ASCII.fullmatch(character), hex(code)


def test_kana_and_kanji_have_one_spelling_in_case() -> None:
    searchable = [
        chr(code) for code in range(0x80, 0xA000)
        if text_search._ONE_SPELLING_IN_NFKC.fullmatch(chr(code))
    ]  # fmt: skip
    assert all(character.casefold() == character for character in searchable)
