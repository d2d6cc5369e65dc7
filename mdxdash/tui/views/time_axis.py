"""The time axis of the timeline: which moment a column of cells shows, and the marks over it."""

from math import ceil
from typing import Final, NamedTuple

from mdxdash.events.text import local_time

SECONDS_PER_CELL: Final = (
    *(0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0),
    *(60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0),
)
"""The steps of the zoom."""

USUAL: Final = SECONDS_PER_CELL.index(0.2)

_MARK_CELLS: Final = 12
"""Cells between two marks, at least."""

_MARK_SECONDS: Final = (
    *(0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30),
    *(60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 86400),
)


class TimeAxis(NamedTuple):
    """A stretch of time, a column a step."""

    begin: float
    """Unix time of the left edge of the first column."""
    step: float
    """Seconds of a column."""
    width: int
    """Columns."""

    @property
    def end(self) -> float:
        """Unix time of the right edge of the last column."""
        return self.begin + self.step * self.width

    def column(self, time: float) -> int:
        """Returns the column of a time; before the first one it is negative."""
        position = (time - self.begin) / self.step
        # Times of a damaged recording may be anywhere.
        return int(max(-1e9, min(1e9, position)) // 1)

    def time(self, column: int) -> float:
        """Returns the Unix time of the middle of a column."""
        return self.begin + (column + 0.5) * self.step

    def marks(self) -> str:
        """Returns the line with the times of day: `12:30:05      :10       :15`."""
        every = next(
            (each for each in _MARK_SECONDS if each / self.step >= _MARK_CELLS), _MARK_SECONDS[-1]
        )
        line = [" "] * self.width
        number = ceil(self.begin / every)
        shown = ""
        while (time := number * every) < self.end:
            number += 1
            column = self.column(time)
            text = _mark(time, every)
            # Of what stands in the mark before, only what is new is repeated.
            label = text[5:] if shown and text[:6] == shown[:6] and every < 60 else text
            if column >= 0 and column + len(label) <= self.width:
                line[column : column + len(label)] = label
                shown = text
        return "".join(line)


def _mark(time: float, every: float) -> str:
    when = local_time(time + 0.0005)
    if every < 1:
        return when.strftime("%H:%M:%S.%f")[:10]
    if every >= 86400:
        return when.strftime("%m-%d")
    return when.strftime("%H:%M:%S" if every < 60 else "%H:%M")
