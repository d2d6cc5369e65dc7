"""One lane of the timeline as cells: a bar for each interval, whatever the zoom.

The cost is bound by the cells: where there are more intervals than cells, each cell asks for its
own stretch of time only.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from rich.cells import cell_len, set_cell_size

from mdxdash.dialogue.history import LaneHistory
from mdxdash.dialogue.interval import Interval, Lane, LaneKind
from mdxdash.dialogue.speech import OVERDUE
from mdxdash.events.printable import printable
from mdxdash.language.translation import N_, _
from mdxdash.tui.views.time_axis import TimeAxis
from mdxdash.tui.widgets.lists.row_parts import RowPart

SEVERAL: Final = "▒"
"""A cell in which several intervals begin or end."""

CUT: Final = "╳"
OPEN: Final = "→"
NO_END: Final = "?"
PREDICTED: Final = "░"

_TEXT_CELLS: Final = 5
"""Cells of a bar from which on its text is written in it."""


_WORDS: Final[dict[LaneKind, str]] = {
    "user": N_("user"),
    "prompt": N_("prompt"),
    "speech": N_("speech"),
    "file": N_("file"),
    "lips": N_("lips"),
    "model": N_("model"),
    "timer": N_("timer"),
    "sound": N_("sound"),
    "macro": N_("macro"),
}


def lane_name(lane: Lane) -> str:
    """Returns a lane's name without its agent, as it is read: `gene speech`, `timer blink`."""
    if lane.kind not in _WORDS:
        return lane.name
    return " ".join(filter(None, (lane.model, _(_WORDS[lane.kind]), lane.slot)))


class Cell(NamedTuple):
    """A cell of a lane."""

    text: str
    """One character; empty behind a wide one."""
    style: str = ""
    reverse: bool = False


_EMPTY: Final = Cell(" ")

_LOOKED_AT: Final = 16
"""Intervals of one cell that are tried with the filter, where there are more intervals than cells;
if none of them passes, the cell stays empty. Bounded, since a cell may stand for hours."""

_REMDIS_STYLES: Final = {
    "ain": "sent",
    "asr": "sent",
    "dialogue": "strong",
    "dialogue2": "good",
    "tts": "strong",
}
"""Styles of the lanes of Remdis by exchange: what the user says, what the agent says and does."""


def lane_cells(
    lane: LaneHistory, axis: TimeAxis, now: float, passes: Callable[[Interval], bool]
) -> list[Cell]:
    """Returns the cells of a lane. What is open goes on until `now` (Unix time); intervals that do
    not pass are left out."""
    cells = [_EMPTY] * axis.width
    first, last = lane.between(axis.begin, axis.end)
    if last - first <= axis.width:
        for interval in lane.intervals[first:last]:
            if passes(interval):
                _draw(cells, interval, axis, now)
        return cells
    for column in range(axis.width):
        begin = axis.begin + column * axis.step
        first, last = lane.between(begin, begin + axis.step)
        chosen = lane.intervals[first : min(last, first + _LOOKED_AT)]
        if (shown := next(filter(passes, chosen), None)) is not None:
            cells[column] = Cell("█" if last - first == 1 else SEVERAL, _style(shown))
    return cells


def interval_at(lane: LaneHistory, time: float, reach: float) -> Interval | None:
    """Returns the interval of a lane at a time, or the nearest one not further than `reach`
    seconds; None if there is none."""
    first, last = lane.between(time - reach, time + reach)
    found = lane.intervals[first : min(last, first + 50)]
    return min(found, key=lambda each: _distance(each, time), default=None)


def _distance(interval: Interval, time: float) -> float:
    end = float("inf") if interval.end is None else interval.end
    return max(interval.begin - time, time - end, 0.0)


def _style(interval: Interval) -> str:
    if interval.ending == "no end seen":
        return "warning"
    if interval.lane.kind == "remdis":
        return _REMDIS_STYLES.get(interval.lane.slot, "accent")
    return {
        "user": "sent",
        "speech": "strong",
        "file": "strong",
        "lips": "strong",
        "motion": "good",
        "prompt": "sent",
        "macro": "accent",
    }.get(interval.lane.kind, "dim")


def _draw(cells: list[Cell], interval: Interval, axis: TimeAxis, now: float) -> None:
    width = axis.width
    end = now if interval.end is None else interval.end
    begin_at, end_at = axis.column(interval.begin), axis.column(end)
    low, high = max(0, begin_at), min(width - 1, end_at)
    if high < low:
        return
    style = _style(interval)
    if cells[low] is not _EMPTY:
        cells[low] = Cell(SEVERAL, style)
        low += 1
    for column in range(low, high + 1):
        cells[column] = Cell("█", style)
    _write(cells, interval, low, high, style)
    if 0 <= begin_at == low < high:
        cells[low] = Cell("▐", style)
    if interval.end is None:
        if high == end_at:
            _draw_open(cells, interval, axis, high, now, style)
    elif high == end_at and high >= low:
        if interval.ending == "no end seen":
            cells[high] = Cell(NO_END, "warning")
        elif interval.was_cut or interval.ending in ("cancelled", "failed", "disconnected"):
            cells[high] = Cell(CUT, "warning")
        elif low < high:
            cells[high] = Cell("▌", style)


def _draw_open(
    cells: list[Cell], interval: Interval, axis: TimeAxis, high: int, now: float, style: str
) -> None:
    if interval.predicted is not None:
        expected = interval.begin + interval.predicted
        for column in range(high + 1, min(axis.width, axis.column(expected) + 1)):
            cells[column] = Cell(PREDICTED, style)
        if now > expected + OVERDUE:
            cells[high] = Cell(NO_END, "warning")
            return
    if cells[high].text != SEVERAL:
        cells[high] = Cell(OPEN, style)


def _write(cells: list[Cell], interval: Interval, low: int, high: int, style: str) -> None:
    """Writes the text into the bar, where there is room for some of it."""
    room = high - low - 1
    if room < _TEXT_CELLS or not interval.text:
        return
    text = printable(interval.text)
    if interval.lane.kind in ("motion", "model", "sound", "file"):
        text = text.rsplit("/", 1)[-1]
    if interval.detail and interval.lane.kind == "motion":
        text = f"{text} {interval.detail}"
    if interval.uncertain:
        text = f"?{text}"
    if cell_len(text) > room:
        text = set_cell_size(text, room)
    column = low + 1
    for character in text:
        size = cell_len(character)
        if not size:
            continue  # a combining mark has no cell of its own
        cells[column] = Cell(character, style, reverse=True)
        if size == 2:
            cells[column + 1] = Cell("", style, reverse=True)
        column += size


def parts(cells: list[Cell]) -> list[tuple[RowPart, bool]]:
    """Returns runs of cells of one style, each with whether it is drawn in reverse."""
    runs: list[tuple[RowPart, bool]] = []
    text = ""
    before = _EMPTY
    for cell in cells:
        if (cell.style, cell.reverse) != (before.style, before.reverse) and text:
            runs.append((RowPart(text, before.style), before.reverse))
            text = ""
        text += cell.text
        before = cell
    if text:
        runs.append((RowPart(text, before.style), before.reverse))
    return runs
