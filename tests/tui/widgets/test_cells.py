"""Texts cut to cells of the terminal."""

import pytest
from rich.cells import cell_len

from mdxdash.tui.widgets.cells import cut, cut_middle, pad


def test_what_fits_stays_and_the_rest_is_cut_at_its_end():
    assert (cut("abc", 3), cut("abcd", 3), pad("a", 3)) == ("abc", "ab…", "a  ")


@pytest.mark.parametrize(
    ("text", "width", "wanted"),
    [
        ("signage-tokyo-12", 16, "signage-tokyo-12"),
        ("signage-tokyo-12", 10, "sign…yo-12"),
        ("room-3/案内エージェント", 12, "room-…ェント"),
        ("案内エージェント", 8, "案…ント"),
        ("abcd", 2, "a…"),
    ],
)
def test_the_end_of_a_name_that_is_too_long_is_still_to_be_read(
    text: str, width: int, wanted: str
) -> None:
    assert cut_middle(text, width) == wanted
    assert cell_len(cut_middle(text, width)) <= width
