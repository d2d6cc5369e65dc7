"""Two turns side by side as rows: that of the old session on the left, that of the new one on the
right, between them the sign of how they differ."""

from itertools import zip_longest
from typing import Final

from rich.cells import cell_len

from mdxdash.dialogue.comparison import SIGNS, Difference, Pair
from mdxdash.dialogue.significance import LEAST
from mdxdash.dialogue.turn import Turn
from mdxdash.language.translation import _
from mdxdash.tui.widgets.cells import pad
from mdxdash.tui.widgets.lists.row_parts import RowPart
from mdxdash.tui.widgets.lists.turn_rows import TurnLayout, turn_rows

_STYLES: Final[dict[Difference, str]] = {
    "": "dim",
    "answered otherwise": "warning",
    "late": "warning",
    "missing": "bad",
    "new": "good",
    "reordered": "accent",
}

_MIDDLE: Final = 3
"""Cells between the two."""

_Row = list[RowPart]


def pair_rows(pair: Pair, width: int, limit: float | None) -> list[_Row]:
    """Returns the rows of a pair, at least one, each `width` cells wide; `limit` is how soon an
    answer is wanted, in seconds."""
    half = column_width(width)
    layout = TurnLayout(half, limit)
    left = _side(pair.old, layout, "")
    right = _side(pair.new, layout, pair.difference if pair.new is None else "")
    if pair.change is not None and abs(pair.change) >= LEAST:
        later = _("later") if pair.change > 0 else _("earlier")
        text = f"{abs(pair.change) * 1000:,.0f} ms {later} "
        right.append([RowPart(text.rjust(half), "warning" if pair.change > 0 else "good")])
    rows: list[_Row] = []
    nothing: _Row = []
    for old, new in zip_longest(left, right, fillvalue=nothing):
        sign = RowPart("   ") if rows else RowPart(f" {SIGNS[pair.difference]} ")
        style = _STYLES[pair.difference]
        rows.append([*fitted(old, half), RowPart(sign.text, style), *fitted(new, half)])
    return rows


def column_width(width: int) -> int:
    """Returns how many cells each of the two columns has."""
    return max(1, (width - _MIDDLE) // 2)


def _side(turn: Turn | None, layout: TurnLayout, word: str) -> list[_Row]:
    if turn is None:
        return [[RowPart(f"  {word}", "bad")]] if word else [[]]
    return turn_rows(turn, layout, turn.gave_up or turn.begin)


def fitted(parts: _Row, width: int) -> _Row:
    """Returns parts side by side in exactly `width` cells, cut with `…` where they are wider."""
    found: _Row = []
    left = width
    for part in parts:
        cells = cell_len(part.text)
        if cells > left:
            if left:
                found.append(RowPart(pad(part.text, left), part.style))
            return found
        found.append(part)
        left -= cells
    return [*found, RowPart(" " * left)] if left else found
