"""Rows of several lines, where the user wants long rows to be wrapped.

The scroll offset still counts rows, since the lines of a million rows are not known: the first line
of the pane is the first one of a row. Only what is visible is wrapped.
"""

from textual.geometry import Region
from textual.strip import Strip

from mdxdash.events.log import EventLog
from mdxdash.tui.widgets.events.event_list import EventList
from mdxdash.tui.widgets.lists.row_parts import RowPart


class WrappingEventList(EventList):
    """Events, a row each; rows take one line each, or as many as they need while it `wraps`."""

    def __init__(self, log: EventLog, *, id: str) -> None:
        super().__init__(log, id=id)
        self._wrapped: dict[int, list[list[RowPart]]] = {}
        """The lines of the rows that are drawn."""
        self._rows_on_lines: list[tuple[int, int]] = []
        """The row on each line of the pane, and which of its lines."""

    @property
    def wraps(self) -> bool:
        """Whether rows take several lines."""
        raise NotImplementedError

    def lines_of(self, row: int, width: int) -> list[list[RowPart]]:
        """The lines of a row in a pane of `width` cells, at least one."""
        raise NotImplementedError

    def settle(self) -> None:
        """Lays the rows out anew, since they have got another width."""
        raise NotImplementedError

    def wrapped_line(self, row: int, line: int) -> list[RowPart]:
        """One line of a row."""
        return self._lines(row)[line]

    def _lines(self, row: int) -> list[list[RowPart]]:
        lines = self._wrapped.get(row)
        if lines is None:
            lines = self.lines_of(row, self.scrollable_content_region.width)
            self._wrapped[row] = lines
        return lines

    def _first_for(self, last: int) -> int:
        """Returns the first row on the pane when `last` is the last one that is whole on it."""
        if not self.wraps:
            return max(0, last + 1 - self.scrollable_content_region.height)
        self._wrapped.clear()
        room = self.scrollable_content_region.height - len(self._lines(last))
        while last > 0 and (room := room - len(self._lines(last - 1))) >= 0:
            last -= 1
        return last

    @property
    def end_of_scrolling(self) -> int:
        """The scroll offset that shows the newest row."""
        if not self.wraps:
            return self.max_scroll_y
        return self._first_for(self.row_count - 1) if self.row_count else 0

    @property
    def height_of_rows(self) -> int:
        # Rows of several lines: the last row can be scrolled to the top, so that it is whole.
        beyond = self.scrollable_content_region.height - 1 if self.wraps else 0
        return self.row_count + (beyond if self.row_count else 0)

    @property
    def page(self) -> int:
        if not self.wraps:
            return super().page
        return max(1, len({row for row, _ in self._rows_on_lines}) - 1)

    def row_on(self, y: int) -> tuple[int, int]:
        if not self.wraps:
            return super().row_on(y)
        return self._rows_on_lines[y] if y < len(self._rows_on_lines) else (self.row_count, 0)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draws lines of the pane; the rows are laid out first, if they are wrapped."""
        self._lay_out()
        return super().render_lines(crop)

    def draw_changes(self) -> None:
        self._lay_out()
        super().draw_changes()

    def _lay_out(self) -> None:
        """Finds which row is on which line now, if they are wrapped."""
        if not self.wraps:
            return
        self._wrapped.clear()
        self._rows_on_lines.clear()
        row, height = self.scroll_offset.y, self.scrollable_content_region.height
        while len(self._rows_on_lines) < height and row < self.row_count:
            self._rows_on_lines += [(row, line) for line in range(len(self._lines(row)))]
            row += 1

    def watch_show_vertical_scrollbar(self, shown: bool) -> None:
        super().watch_show_vertical_scrollbar(shown)
        if self.wraps:  # the rows are narrower now, so they may take more lines
            self.call_after_refresh(self.settle)

    def show_row(self, row: int) -> None:
        if not self.wraps:
            super().show_row(row)
            return
        top = self.scroll_offset.y
        wanted = row if row < top else max(top, self._first_for(row))
        if wanted != top:
            self.scroll_to(y=wanted, animate=False, force=True)
