"""The line over the lanes of the timeline: how long users waited, where no answer came, and where
user and agent spoke at the same time."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import Final

from mdxdash.dialogue.turn import Turn
from mdxdash.dialogue.turn_taking import ANSWER_MAX
from mdxdash.tui.views.lane_cells import SEVERAL, Cell
from mdxdash.tui.views.time_axis import TimeAxis
from mdxdash.tui.widgets.lists.turn_rows import latency_bar, latency_style, latency_text

WAIT: Final = "╌"
OVERLAP: Final = "↯"
UNANSWERED: Final = "✕"

_EMPTY: Final = Cell(" ")

_CHOSEN: Final = 3
"""Turns of one cell that are looked at, where there are more turns than cells."""

_WORST: Final = ("bad", "warning", "strong", "good", "dim")
"""Styles, the one that wins in a cell first."""


def answer_cells(
    turns: Sequence[Turn],
    axis: TimeAxis,
    now: float,
    limit: float | None,
    passes: Callable[[Turn], bool],
) -> list[Cell]:
    """Returns the cells of the line. `turns` are in the order of their begins; `now` is Unix time,
    for answers that are still to come; `limit` is how soon one is wanted, in seconds. Turns that
    do not pass are left out."""
    cells = [_EMPTY] * axis.width
    first, last = _between(turns, axis.begin - ANSWER_MAX, axis.end)
    if last - first <= 2 * axis.width:
        for turn in turns[first:last]:
            if turn.heard is not None and passes(turn):
                _draw(cells, turn, axis, now, limit)
        return cells
    for column in range(axis.width):
        begin = axis.begin + column * axis.step
        first, last = _between(turns, begin, begin + axis.step)
        chosen = [turn for turn in turns[first : min(last, first + _CHOSEN)] if passes(turn)]
        styles = {_style(turn, limit) for turn in chosen if turn.heard is not None}
        if styles:
            cells[column] = Cell(SEVERAL, min(styles, key=_WORST.index))
    return cells


def _between(turns: Sequence[Turn], begin: float, end: float) -> tuple[int, int]:
    """Returns the indexes, from and to, of the turns that begin in a stretch of Unix time."""
    first = bisect_left(turns, begin, key=lambda turn: turn.begin)
    return first, bisect_right(turns, end, lo=first, key=lambda turn: turn.begin)


def _style(turn: Turn, limit: float | None) -> str:
    if turn.interruptions:
        return "warning"
    if turn.latency is not None:
        return latency_style(turn.latency, limit)
    return "bad" if turn.unanswered else "dim"


def _draw(cells: list[Cell], turn: Turn, axis: TimeAxis, now: float, limit: float | None) -> None:
    heard = turn.heard or turn.begin
    answer = turn.answer
    until = answer.voice if answer is not None else turn.gave_up
    _draw_wait(cells, turn, axis, (heard, max(heard, now if until is None else until)), limit)
    for each in turn.interruptions:
        began = turn.user_began if turn.user_began is not None else heard
        low, high = axis.column(began), axis.column(began + each.overlap)
        for column in range(max(0, low), min(axis.width, high + 1)):
            cells[column] = Cell(OVERLAP, "warning")


def _draw_wait(
    cells: list[Cell], turn: Turn, axis: TimeAxis, wait: tuple[float, float], limit: float | None
) -> None:
    begin_at, end_at = map(axis.column, wait)
    low, high = max(0, begin_at), min(axis.width - 1, end_at)
    if high < low:
        return
    seconds = turn.latency
    style = (
        "bad" if turn.unanswered else "dim" if seconds is None else latency_style(seconds, limit)
    )
    for column in range(low, high + 1):
        cells[column] = Cell(WAIT, style)
    if turn.unanswered:
        cells[high] = Cell(UNANSWERED, style)
    elif seconds is not None and low == high:
        cells[low] = Cell(latency_bar(seconds, limit), style)
    number = latency_text(wait[1] - wait[0])
    # The cross is in the middle, since the next turn may begin in the last cell.
    texts = (f"{UNANSWERED} {number}", UNANSWERED) if turn.unanswered else (number,)
    room = high - low - 1
    for text in texts:
        if len(text) <= room:
            cells[high] = Cell(WAIT, style)
            begin = low + 1 + (room - len(text)) // 2
            for column, character in enumerate(text, start=begin):
                cells[column] = Cell(character, style)
            break
