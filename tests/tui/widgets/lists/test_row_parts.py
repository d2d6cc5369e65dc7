"""What a line shows is fit into its width, counted in terminal cells."""

import pytest
from rich.style import Style

from mdxdash.tui.widgets.lists.row_parts import RowPart, fit, with_room


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (["ab"], "ab      "),
        (["abcd", "efgh"], "abcdefgh"),
        (["abcd", "efghi"], "abcdefg…"),
        (["abcdefgh", "i"], "abcdefgh"),
        (["日本語", "です"], "日本語 …"),
        (["日本語でも"], "日本語 …"),
        ([], "        "),
    ],
)
def test_parts_fill_the_width_in_cells(parts: list[str], text: str):
    null = Style.null()
    strip = fit(((part, null) for part in parts), 8, null)
    assert strip.text == text
    assert strip.cell_length == 8


def test_a_name_is_cut_as_far_as_the_rest_needs_the_room():
    parts = [RowPart("● ", "dim"), RowPart("signage-tokyo-12"), RowPart("  lost 3 s", "bad")]
    assert with_room(parts, 1, 28)[1].text == "signage-tokyo-12"
    assert with_room(parts, 1, 25)[1].text == "signag…kyo-12"
    assert with_room(parts, 1, 10)[1].text == "signa…kyo-12"
    dim = [*parts, RowPart("  127.0.0.1", "dim")]
    assert with_room(dim, 1, 28) == dim
