"""A pane of rows that is drawn line by line: what is not visible costs nothing.

The base of every list on the screen (agents, types, events, macros). A subclass says how many
rows there are and what a row shows; scrolling, the cursor, keys and the mouse are here.
"""

from collections.abc import Iterable
from math import ceil
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.strip import Strip

from mdxdash.language.translation import _
from mdxdash.settings.model import HIGHLIGHT_COLOURS
from mdxdash.tui.key_actions import named
from mdxdash.tui.widgets.agent_signs import COLOURS
from mdxdash.tui.widgets.lists.row_parts import RowPart, ShownLine, fit

STYLES = (
    *("accent", "good", "warning", "bad", "dim", "strong", "sent", "mark", "found"),
    *("user", "speech", "motion", "quiet"),
    *(f"highlight-{colour}" for colour in HIGHLIGHT_COLOURS),
    *(f"agent-{number}" for number in range(COLOURS)),
)


class RowList(ScrollView, can_focus=True):
    """Rows with a cursor, drawn on demand."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "rows--cursor",
        "rows--selected",
        *(f"rows--{name}" for name in STYLES),
    }

    BINDINGS: ClassVar[list[BindingType]] = named(
        [
            Binding("up,k", "move(-1)", "Up", show=False),
            Binding("down,j", "move(1)", "Down", show=False),
            Binding("pageup", "page(-1)", "Page up", show=False),
            Binding("pagedown", "page(1)", "Page down", show=False),
            Binding("home,g", "first", "First", show=False),
            Binding("end,G", "last", "Last", show=False),
            Binding("enter", "choose", "Open", show=False),
        ]
    )

    LINES_PER_ROW: ClassVar[int] = 1

    cursor: reactive[int] = reactive(0, repaint=False)

    _base: Style | None = None
    """The style of the pane itself, while its lines are drawn."""

    _thumb: tuple[int, int, int] | None = None
    """Where the thumb of the scroll bar began when it was last drawn, and its size, in eighths of a
    line; the lines of the bar."""

    class Chosen(Message):
        """Enter was pressed on a row, or it was clicked twice."""

        def __init__(self, rows: "RowList", row: int) -> None:
            super().__init__()
            self.rows = rows
            self.row = row

        @property
        def control(self) -> "RowList":
            return self.rows

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._drawn_lines: dict[int, ShownLine] = {}
        """What stands on the lines of the pane, as they were drawn last."""

    def on_mount(self) -> None:
        if self.BORDER_TITLE and self.border_title == self.BORDER_TITLE:
            self.border_title = _(self.BORDER_TITLE)

    @property
    def row_count(self) -> int:
        """How many rows there are now."""
        raise NotImplementedError

    def row_parts(self, row: int, line: int, width: int) -> Iterable[RowPart]:
        """What a line of a row shows, from left to right; cut to `width` cells when drawn."""
        raise NotImplementedError

    @property
    def height_of_rows(self) -> int:
        """How many lines can be scrolled."""
        return self.row_count * self.LINES_PER_ROW

    def row_on(self, y: int) -> tuple[int, int]:
        """The row on a line of the pane, and which of its lines; the row may not exist."""
        return divmod(y + self.scroll_offset.y, self.LINES_PER_ROW)

    @property
    def page(self) -> int:
        """How many rows a page key goes."""
        return max(1, self.scrollable_content_region.height // self.LINES_PER_ROW - 1)

    def row_selected(self, row: int) -> bool:
        """Whether a row belongs to what is selected beside the cursor."""
        return False

    def resize_rows(self) -> None:
        """Takes over a new `row_count`, and draws again."""
        visible = self.scrollable_content_region
        size = Size(visible.width, self.height_of_rows)
        before = self.virtual_size
        if size == before:
            pass
        elif size.width == before.width and min(size.height, before.height) > visible.height:
            # More of the same: only the scroll bar's thumb changes. Assigning would lay out the
            # whole screen anew, at every frame of a flood.
            self.set_reactive(RowList.virtual_size, size)
            self.vertical_scrollbar.set_reactive(ScrollBar.window_virtual_size, size.height)
            self.show_thumb()
        else:
            self.virtual_size = size
        self.draw_changes()

    def draw_changes(self) -> None:
        """Draws those lines again that show something else now than when they were drawn."""
        width, height = self.scrollable_content_region.size
        changed = [
            Region(0, y, width, 1)
            for y in range(height)
            if y not in self._drawn_lines or self.shown_line(y) != self._drawn_lines[y]
        ]
        if changed:
            self.refresh(*changed)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Draws the rows again, and the scroll bar where it looks different (in Textual each
        time)."""
        if self.show_vertical_scrollbar:
            bar = self.vertical_scrollbar
            bar.set_reactive(ScrollBar.position, bar.validate_position(new_value))
            self.show_thumb()
        if round(old_value) != round(new_value):
            self.refresh(self.size.region)

    def show_thumb(self) -> None:
        """Draws the scroll bar again if its thumb is at another place: among many rows it stays
        where it is, though rows come at every frame of a flood."""
        bar = self.vertical_scrollbar
        rows, window, lines = bar.window_virtual_size, bar.window_size, bar.size.height
        start = size = 0
        if 0 < window < rows and lines:  # as `ScrollBarRender.render_bar` computes it
            part = max(1, window * lines / rows)
            start = int((lines - part) * bar.position / (rows - window) * 8)
            size = ceil(part * 8)
        if (start, size, lines) == self._thumb:
            return
        before, self._thumb = self._thumb, (start, size, lines)
        if before is None or before[2] != lines:
            bar.refresh()
        else:  # only the lines where the thumb was or is
            first = min(before[0], start) // 8
            last = ceil(max(before[0] + before[1], start + size) / 8)
            bar.refresh(Region(0, first, bar.size.width, last - first))

    def _scroll_update(self, virtual_size: Size) -> None:
        # Here Textual (checked with 8.2) sets the bar and draws it by itself, as it is then.
        super()._scroll_update(virtual_size)
        self._thumb = None

    def watch_show_vertical_scrollbar(self, shown: bool) -> None:
        """A bar that appears stands where the rows are: what was scrolled before it was there did
        not move it."""
        self._thumb = None
        if shown:
            self.vertical_scrollbar.position = self.scroll_y
        # The rows are narrower now: with the old width the next row would lay out the whole screen.
        width = self.scrollable_content_region.width
        self.set_reactive(RowList.virtual_size, Size(width, self.virtual_size.height))

    def move_cursor(self, row: int) -> None:
        """Puts the cursor on a row, or the nearest there is, and scrolls it into view."""
        self.cursor = max(0, min(row, self.row_count - 1))
        self.show_row(self.cursor)
        self.refresh()

    def show_row(self, row: int) -> None:
        """Scrolls a row into view, without animation."""
        lines = self.LINES_PER_ROW
        self.scroll_to_region(Region(0, row * lines, 1, lines), animate=False, force=True)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draws lines of the pane."""
        self._base = None  # the theme or the focus may have changed
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """One line of the pane (Textual's line API)."""
        width = self.scrollable_content_region.width
        # Textual finds it out anew each time: a fourth of the time that drawing takes.
        base = self._base = self._base or self.rich_style
        shown = self._drawn_lines[y] = self.shown_line(y)
        if shown.parts is None:
            return Strip.blank(width, base)
        over = self._style(shown.over) if shown.over else None
        return fit(
            ((part.text, base + self._style(part.style)) for part in shown.parts), width, base, over
        )

    def shown_line(self, y: int) -> ShownLine:
        """What a line of the pane shows now."""
        row, line = self.row_on(y)
        if not 0 <= row < self.row_count:
            return ShownLine()
        over = ""
        if row == self.cursor and self.has_focus:
            over = "cursor"
        elif self.row_selected(row) or (row == self.cursor and self.shows_cursor_always):
            over = "selected"
        parts = tuple(self.row_parts(row, line, self.scrollable_content_region.width))
        return ShownLine(parts, over)

    shows_cursor_always: ClassVar[bool] = False

    def _style(self, name: str) -> Style:
        return (
            self.get_component_rich_style(f"rows--{name}", partial=True) if name else Style.null()
        )

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def on_resize(self) -> None:
        self.resize_rows()

    def action_move(self, by: int) -> None:
        self.move_cursor(self.cursor + by)

    def action_page(self, direction: int) -> None:
        self.move_cursor(self.cursor + direction * self.page)

    def action_first(self) -> None:
        self.move_cursor(0)

    def action_last(self) -> None:
        self.move_cursor(self.row_count - 1)

    def action_choose(self) -> None:
        if self.row_count:
            self.post_message(self.Chosen(self, self.cursor))

    chooses_on_click: ClassVar[bool] = False
    """Whether one click chooses a row: where all there is to do is to choose."""

    def on_click(self, event: events.Click) -> None:
        """Puts the cursor on the clicked row; a double click chooses it."""
        row = self.row_at(event)
        if row is not None:
            self.move_cursor(row)
            if self.chooses_on_click or event.chain == 2:
                self.post_message(self.Chosen(self, row))

    def row_at(self, event: events.MouseEvent) -> int | None:
        """The row under the mouse; None beside the rows."""
        offset = event.get_content_offset(self)
        if offset is None:
            return None
        row, _ = self.row_on(offset.y)
        return row if 0 <= row < self.row_count else None
