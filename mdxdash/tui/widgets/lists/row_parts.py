"""What a line of a pane of rows shows: parts with the names of their styles, fit into a width."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from mdxdash.tui.widgets.cells import cut_middle


class RowPart(NamedTuple):
    """A piece of a row: text, and the name of its style (`accent` for `.rows--accent`)."""

    text: str
    style: str = ""


class ShownLine(NamedTuple):
    """What a line of a pane shows."""

    parts: tuple[RowPart, ...] | None = None
    """None where there is no row."""
    over: str = ""
    """The name of the style over the whole line: `cursor`, `selected`, or none."""


def whole_parts(parts: Sequence[RowPart], width: int) -> Sequence[RowPart]:
    """Returns the parts of a line without the dim ones at its end that have no room in `width`
    cells: half of an unimportant word tells nobody anything."""
    last = len(parts)
    while (
        last
        and parts[last - 1].style == "dim"
        and sum(cell_len(part.text) for part in parts[:last]) > width
    ):
        last -= 1
    return parts[:last]


_NAME_CELLS: Final = 12
"""Cells that a name keeps at least."""


def with_room(
    parts: Sequence[RowPart], name: int, width: int, least: int = _NAME_CELLS
) -> list[RowPart]:
    """Returns the parts of a line of `width` cells with the one at the index `name` cut in its
    middle, to `least` cells at least, as far as the others need the room. Dim ones behind it need
    none."""
    others = sum(
        cell_len(part.text)
        for index, part in enumerate(parts)
        if index < name or (index > name and part.style != "dim")
    )
    text, style = parts[name]
    cut = cut_middle(text, max(least, width - others))
    return [*parts[:name], RowPart(cut, style), *parts[name + 1 :]]


def fit(
    parts: Iterable[tuple[str, Style]], width: int, base: Style, over: Style | None = None
) -> Strip:
    """Parts side by side as a strip of exactly `width` cells, cut with `…` where they are wider.

    Widths are counted in terminal cells: a Japanese character has two.
    """
    segments: list[Segment] = []
    left = width
    for text, style in parts:
        cells = cell_len(text)
        if cells > left:
            cut = set_cell_size(text, max(0, left - 1)) + "…" if left else ""
            segments.append(Segment(cut, style))
            left = 0
            break
        segments.append(Segment(text, style))
        left -= cells
    if left:
        segments.append(Segment(" " * left, base))
    if over is not None:
        segments = [Segment(text, (style or base) + over) for text, style, _ in segments]
    return Strip(segments, width)
