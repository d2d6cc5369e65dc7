"""Searches a column of texts for a word, in any case and width: all texts of a block at once.

The result is the same as `needle in fold(text)` for each text.
"""

import re
from bisect import bisect_right
from collections.abc import Callable
from typing import Final
from unicodedata import is_normalized

from mdxdash.events.storage.event_block import EventBlock
from mdxdash.events.storage.text_column import SEPARATOR, TextColumn
from mdxdash.filters.columns.block_predicate import BlockPredicate, Part, mask_of
from mdxdash.filters.columns.masks import NO, YES, both, rows_of
from mdxdash.wire.full_width import fold

ONE_SPELLING: Final = "ぁ-ゖ一-鿿"
"""Hiragana and Kanji, which have neither case nor width. (Katakana and digits have another width,
and a few Kanji have compatibility forms, which nobody types.)"""

_ONE_SPELLING = re.compile(f"[{ONE_SPELLING}]+")

_ONE_SPELLING_IN_NFKC = re.compile(f"[\0-\x7f{ONE_SPELLING}ァ-ヺー、-〟]+")
"""Of these characters only ASCII letters have another case, and in a text in NFKC none has another
width."""

_FOLDED_TO_ASCII = re.compile("[ßẞİǰẖẗẘẙ]")
"""Characters that are in NFKC, and become ASCII letters without case. There are no others."""

_FEW: Final = 8
"""A word is searched row by row when one row in so many matters, or has it."""


def is_the_only_spelling(needle: str) -> bool:
    """Returns whether no other text is folded to this one."""
    return _ONE_SPELLING.fullmatch(needle) is not None


def texts_with(needle: str, column_of: Callable[[EventBlock], TextColumn | None]) -> BlockPredicate:
    """Makes the block predicate of a word, which is folded already, in one of the columns."""
    spelled, any_case = needle.encode("utf-8", "surrogatepass"), not is_the_only_spelling(needle)
    in_nfkc = _ONE_SPELLING_IN_NFKC.fullmatch(needle) is not None

    def with_needle(part: Part, wanted: bytes) -> bytes:
        column = column_of(part.block)
        if column is None:
            return NO * part.size if needle else wanted
        if any_case and not (in_nfkc and _is_plain(column)):
            return _folded(column, part, wanted, needle)
        return _spelled(column, part, wanted, spelled, any_case=any_case)

    return with_needle


def texts_that(
    holds: Callable[[str], bool], column_of: Callable[[EventBlock], TextColumn | None]
) -> BlockPredicate:
    """Makes the block predicate of a condition on the folded texts of one of the columns."""

    def that_hold(part: Part, wanted: bytes) -> bytes:
        column = column_of(part.block)
        if column is None:
            return wanted if holds("") else NO * part.size
        texts = column.texts(part.start, part.stop)
        return bytes([yes and holds(fold(t)) for yes, t in zip(wanted, texts, strict=True)])

    return that_hold


def _is_plain(column: TextColumn) -> bool:
    """Returns whether all that differs from the folded texts are capital letters of ASCII, as far
    as a word of `_ONE_SPELLING_IN_NFKC` goes."""
    if column.is_plain is None:
        text = column.data.replace(SEPARATOR, b"\0").decode("utf-8", "surrogatepass")
        column.is_plain = text.isascii() or (
            is_normalized("NFKC", text) and _FOLDED_TO_ASCII.search(text) is None
        )
    return column.is_plain


def _folded(column: TextColumn, part: Part, wanted: bytes, needle: str) -> bytes:
    texts = column.texts(part.start, part.stop)
    joined = "\0".join(texts)
    if joined.count("\0") == len(texts) - 1:
        # NUL combines with nothing, so that folding all at once changes nothing but the time.
        folded = fold(joined).split("\0")
    else:
        folded = [fold(text) for text in texts]
    return both(bytes([needle in text for text in folded]), wanted)


def _spelled(
    column: TextColumn, part: Part, wanted: bytes, needle: bytes, *, any_case: bool
) -> bytes:
    """Searches for bytes; with `any_case` for those of lower case, whatever case the texts have."""
    data = column.piece(part.start, part.stop)
    if any_case:
        data = data.lower()
    found = data.find(needle)
    if found < 0:
        return NO * part.size
    everywhere = 0 not in wanted
    if not everywhere and wanted.count(YES) * _FEW < part.size:
        return _in_rows(column, part, rows_of(wanted), data, needle)
    near = len(data) // 16 + len(needle)
    if data.count(needle, found, found + near) * _FEW < part.size // 16:
        mask = _few(column, part, data, needle, found)
        if mask is not None:
            return mask if everywhere else both(mask, wanted)
    elif _is_in_all(data, needle, part.size, found):
        return wanted
    # A piece for each row. As Latin-1 a byte is a character, and `in` is faster than for bytes.
    word, pieces = needle.decode("latin-1"), data.decode("latin-1").split("\xff")
    mask = bytes([word in piece for piece in pieces])
    return mask if everywhere else both(mask, wanted)


def _is_in_all(data: bytes, needle: bytes, count: int, found: int) -> bool:
    """Returns whether all texts end in the same way from the word on, or begin in the same way up
    to it, as messages of one form do: one search for that, instead of one for each text. False if
    that is not so, even if the word is in all of them. The first text has it, at `found`."""
    first, _, _ = data.partition(SEPARATOR)
    if found >= len(first):
        return False
    end = first[first.rindex(needle) :]
    # It has one separator, so that it is found once in each text that ends in it.
    if data.endswith(end) and data.count(end + SEPARATOR) == count - 1:
        return True
    begin = first[: found + len(needle)]
    last = data.rfind(SEPARATOR) + 1
    return data.startswith(begin, last) and data.count(SEPARATOR + begin) == count - 1


def _in_rows(column: TextColumn, part: Part, rows: list[int], data: bytes, needle: bytes) -> bytes:
    offsets = column.offsets
    begin = offsets[part.start]
    ends = [(row, offsets[part.start + row], offsets[part.start + row + 1]) for row in rows]
    return mask_of(
        [row for row, at, end in ends if data.find(needle, at - begin, end - begin) >= 0], part
    )


def _few(column: TextColumn, part: Part, data: bytes, needle: bytes, found: int) -> bytes | None:
    """Goes from one place to the next, the first at `found`; None if there are many after all."""
    offsets, begin = column.offsets, column.offsets[part.start]
    rows: list[int] = []
    at = part.start
    while found >= 0:
        if len(rows) * _FEW > part.size:
            return None
        at = bisect_right(offsets, begin + found, at) - 1
        rows.append(at - part.start)
        found = data.find(needle, offsets[at + 1] - begin)
    return mask_of(rows, part)
