"""Which stretch of time the timeline shows: where its reader looks, or where it follows to."""

from collections.abc import Callable
from typing import Final

from mdxdash.dialogue.history import DialogueHistory
from mdxdash.tui.views.selection import Selection
from mdxdash.tui.views.time_axis import SECONDS_PER_CELL, USUAL, TimeAxis

_AHEAD: Final = 0.05
"""The part of the width that is kept free at the right end while it follows."""


class TimeWindow:
    """The stretch, with its zoom. While the selection follows, its right end is the present."""

    def __init__(
        self, history: DialogueHistory, selection: Selection, now: Callable[[], float]
    ) -> None:
        """`now` returns Unix time."""
        self.axis = TimeAxis(0.0, SECONDS_PER_CELL[USUAL], 1)
        """The stretch as it is drawn."""
        self._history = history
        self._selection = selection
        self._now = now
        self._zoom = USUAL
        self._begin = 0.0
        """Unix time of the left edge, while it does not follow."""
        self._seen: tuple[bool, int] = (True, 0)
        """Whether it followed, and the selected event, when it was placed last."""

    @property
    def moment(self) -> float:
        """The time of the selected event; without one, the right edge."""
        event = self._selection.event
        return event.time if event else self.axis.end

    def advance(self, width: int) -> None:
        """Goes on with the time, and to an event that was selected meanwhile.

        `width` is the number of columns.
        """
        self._keep_in_sight()
        self._place(width)

    def _keep_in_sight(self) -> None:
        """Scrolls to the selected event, if it was not the reader who scrolled away from it."""
        event = self._selection.event
        seen = self._state()
        if seen == self._seen:
            return
        if self._seen[0] and not seen[0]:
            self._begin = self.axis.begin
        self._seen = seen
        if event is None or seen[0]:
            return
        if not 0 <= self.axis.column(event.time) < self.axis.width:
            self._begin = event.time - self.axis.step * self.axis.width / 2

    def _state(self) -> tuple[bool, int]:
        event = self._selection.event
        return self._selection.following, event.seq if event else 0

    def _place(self, width: int) -> None:
        step = SECONDS_PER_CELL[self._zoom]
        if self._selection.following:
            ahead = max(1, int(width * _AHEAD))
            # In whole columns, so that bars do not flicker while time goes on.
            newest = self._now() // step * step
            self.axis = TimeAxis(newest - step * (width - ahead), step, width)
        else:
            self.axis = TimeAxis(self._begin, step, width)

    def _hold(self) -> None:
        if self._selection.following:
            self._begin = self.axis.begin
            self._selection.hold()
            self._seen = self._state()

    def zoom(self, by: int, column: int | None = None) -> None:
        """Zooms out (1) or in (-1), so that what is in a column, by default that of the selected
        event, stays where it is."""
        axis = self.axis
        if column is None:
            column = axis.width // 2
            at = axis.column(self.moment)
            column = at if 0 <= at < axis.width else column
        time = axis.begin + column * axis.step
        self._zoom = max(0, min(self._zoom + by, len(SECONDS_PER_CELL) - 1))
        if not self._selection.following:
            self._begin = time - column * SECONDS_PER_CELL[self._zoom]
        self._place(axis.width)

    def scroll(self, part: float) -> None:
        """Scrolls by a part of the width: on, or back if it is below 0; at the present it follows,
        and it goes back to the beginning at most."""
        axis = self.axis
        columns = max(1, int(axis.width * abs(part)))
        begin = axis.begin + axis.step * (columns if part > 0 else -columns)
        first = self._history.first_time
        latest = self._now() - axis.step * axis.width * (1 - _AHEAD)
        if part > 0 and begin >= latest:
            self._selection.follow()
            return
        self._hold()
        if first is not None:
            begin = max(begin, min(first - axis.step, axis.begin))
        self._begin = begin
        self._place(axis.width)

    def go_to_beginning(self) -> None:
        """Scrolls to what happened first."""
        self._hold()
        if self._history.first_time is not None:
            self._begin = self._history.first_time - self.axis.step
        self._place(self.axis.width)
