"""Masks."""

from mdxdash.filters.columns.masks import both, either, rows_of, without

ONE, OTHER = b"\0\0\1\1", b"\0\1\0\1"


def test_masks_are_combined_row_by_row() -> None:
    assert both(ONE, OTHER) == b"\0\0\0\1"
    assert either(ONE, OTHER) == b"\0\1\1\1"
    assert without(ONE, OTHER) == b"\0\0\1\0"


def test_rows_are_counted_from_0() -> None:
    assert rows_of(ONE) == [2, 3]
