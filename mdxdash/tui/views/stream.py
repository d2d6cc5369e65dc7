"""The stream: the events that pass the filter, newest at the bottom.

It follows what comes until the reader moves; then the rows stay where they are, however much
arrives, until `end` follows again. The cursor belongs to an event, not to a row.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from mdxdash.events.event import Event
from mdxdash.filters.view import View
from mdxdash.language.translation import _
from mdxdash.tui.key_actions import named
from mdxdash.tui.key_settings.keymap import shown_key
from mdxdash.tui.rows.row_columns import ALL_COLUMNS, RowColumns
from mdxdash.tui.views.event_drawing import EventDrawing
from mdxdash.tui.views.row_wrapping import WrappingEventList
from mdxdash.tui.widgets.lists.row_parts import RowPart, ShownLine

ADVANCE_BUDGET = 0.008
"""Seconds of looking through the log between two paints."""

_AROUND = 3
"""Rows in view before and after one that was gone to."""


class Stream(WrappingEventList):
    """The events of a view."""

    BINDINGS: ClassVar[list[BindingType]] = named(
        [
            Binding(
                "n", "screen.next_hit(1)", "Next hit", show=False, tooltip="Next hit of the find"
            ),
            Binding(
                "N",
                "screen.next_hit(-1)",
                "Previous hit",
                show=False,
                tooltip="Previous hit of the find",
            ),
            Binding("escape", "screen.end_find", "End find", show=False, tooltip="End the find"),
            Binding(
                "greater_than_sign",
                "screen.context(1)",
                "More context",
                show=False,
                key_display=">",
                tooltip="Show one event more before and after each one that passes the filter",
            ),
            Binding(
                "less_than_sign",
                "screen.context(-1)",
                "Less context",
                show=False,
                key_display="<",
                tooltip="Show one event less before and after each one that passes",
            ),
            Binding(
                "backspace",
                "screen.switch_filter",
                "Filter off",
                show=False,
                tooltip="Take the filter away: the row stays, among what stood around it; or bring "
                "it back",
            ),
            Binding(
                "right_curly_bracket",
                "screen.gap(1)",
                "Next gap",
                show=False,
                key_display="}",
                tooltip="Go to the row after the next silence",
            ),
            Binding(
                "left_curly_bracket",
                "screen.gap(-1)",
                "Previous gap",
                show=False,
                key_display="{",
                tooltip="Go to the row after the silence before",
            ),
        ]
    )

    class PastOldest(Message):
        """The reader goes up from the oldest event in memory, and there were older ones."""

    def __init__(
        self,
        view: View,
        columns: RowColumns = ALL_COLUMNS,
        highlights: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """`highlights` are colours by the texts of filters: see `Highlights`."""
        super().__init__(view.log, id="stream")
        self.view = view
        self.drawing = EventDrawing(view, columns, highlights)
        self.following = True
        self.held_at_seq = 0
        self._cursor_seq: int | None = None
        self._top_seq: int | None = None
        """An event whose line stays while the stream is held: rows come and go above it."""
        self._lead = 0
        """Lines above it: 0 if it is in the first line."""
        self._settling = False
        self._none_of = 0
        """The number of events in memory, if none of them passes."""

    @property
    def row_count(self) -> int:
        return len(self.view)

    def event_at(self, row: int) -> Event:
        return self.view.event_at(row)

    def row_of(self, seq: int) -> int:
        return self.view.row_of(seq)

    def shows(self, seq: int) -> bool:
        return self.view.shows(seq)

    @property
    def unseen(self) -> int:
        """How many rows came since the reader stopped following."""
        return 0 if self.following else len(self.view) - self.view.row_of(self.held_at_seq)

    def row_parts(self, row: int, line: int, width: int) -> Iterable[RowPart]:
        return self.wrapped_line(row, line) if self.wraps else self.drawing.parts(row, width)

    def lines_of(self, row: int, width: int) -> list[list[RowPart]]:
        return self.drawing.lines(row, width)

    @property
    def columns(self) -> RowColumns:
        """How the rows are laid out; `show_columns` changes it."""
        return self.drawing.columns

    @property
    def name_width(self) -> int:
        """The cells that the agents' names take."""
        return self.drawing.name_width(self.scrollable_content_region.width)

    @property
    def wraps(self) -> bool:
        return self.columns.wrap

    def show_columns(self, columns: RowColumns) -> None:
        """Lays the rows out anew. While they are held, the cursor's row stays in view."""
        self.drawing.columns = columns
        self.settle()
        if not self.following:
            self.show_row(self.cursor)
            self._remember_top()

    def shown_line(self, y: int) -> ShownLine:
        if y == 0 and self._none_of:
            text = _(" None of {count:,} events passes the filter; {filter} changes it").format(
                count=self._none_of, filter=shown_key(self.app, "filter")
            )
            return ShownLine((RowPart(text),))
        return super().shown_line(y)

    def advance(self, agent_width: int) -> bool:
        """Takes in what happened since the last call; returns whether anything is drawn again.
        `agent_width` is that of the longest name of an agent, 0 if none is to be shown."""
        changed = self.view.advance(ADVANCE_BUDGET)
        changed |= self._count_none()
        changed |= self.drawing.show_agents(agent_width)
        # The end moves with the pane's height, which a lost agent's line takes from, and where rows
        # wrap with its width, which a scroll bar takes from.
        moved = self.following and self.scroll_offset.y != self.end_of_scrolling
        if changed or moved:
            self.settle()
        elif self.drawing.speech_rows.advance():
            self.draw_changes()
        return changed

    def _count_none(self) -> bool:
        """Counts the events when none of them passes; returns whether that changed."""
        view = self.view
        nothing = not len(view) and view.searched and not view.filter.is_empty
        before, self._none_of = self._none_of, len(view.log) if nothing else 0
        return before != self._none_of

    def show_filtered(self) -> None:
        """Shows the rows of a changed filter; while held, the cursor's event stays in view."""
        if not self.following:
            self._keep_cursor_in_view()
        self.view.advance(ADVANCE_BUDGET)
        self._count_none()
        self.settle()

    def _keep_cursor_in_view(self) -> None:
        """Lets the cursor's row stay on its line, whatever comes and goes; on the nearest line of
        the pane, if it is on none."""
        last = max(0, self.scrollable_content_region.height - 1)
        self._top_seq = self._cursor_seq
        self._lead = max(0, min(self.cursor - self.scroll_offset.y, last))

    def select_event(self, seq: int) -> None:
        """Puts the cursor on an event, if it is shown; the stream is held."""
        if self.virtual_size.height != self.height_of_rows:
            self.resize_rows()  # there may be no room yet to scroll to a row that is new
        super().select_event(seq)

    def go_to(self, seq: int) -> None:
        """Puts the cursor on an event, or the next one that is shown, with some rows around it in
        view. After a change of the filter the row may still have to be found: the cursor is put on
        it then."""
        self.select_event(seq)
        for row in (self.cursor - _AROUND, self.cursor + _AROUND, self.cursor):
            self.show_row(max(0, min(row, self.row_count - 1)))
        if seq in self.view.looked_at:
            self._remember_top()
        else:
            self._cursor_seq = seq
            self._keep_cursor_in_view()

    def show_context(self, events: int) -> None:
        """Shows so many events around each one that passes; the cursor's event stays in view."""
        self.view.set_context(events)
        self.show_filtered()

    def follow(self) -> None:
        """Goes to the newest event, and follows the next ones."""
        self.following = True
        self._anchor_seq = None
        self.settle()

    def hold(self) -> None:
        """Holds the stream: the rows stay where they are while new ones arrive."""
        if self.following:
            self.following = False
            self.held_at_seq = self.view.log.next_seq
            self._remember_cursor()
        self._remember_top()

    def settle(self) -> None:
        """Draws the rows; while the stream is held, the visible ones stay where they are."""
        self._settling = True
        top = self.scroll_offset.y
        self.resize_rows()
        if self.following:
            self.cursor = max(0, self.row_count - 1)
            self.scroll_to(y=self.end_of_scrolling, animate=False, force=True)
        else:
            if self._cursor_seq is not None:
                self.cursor = min(self.view.row_of(self._cursor_seq), max(0, self.row_count - 1))
            if self._top_seq is not None:
                y = max(0, self.view.row_of(self._top_seq) - self._lead)
                self.scroll_to(y=y, animate=False, force=True)
        self._settling = False
        self.show_thumb()
        if self.scroll_offset.y == top:  # else all lines are drawn anyway
            self.draw_changes()

    def draw_changes(self) -> None:
        if not self._settling:  # the cursor is not yet where it belongs
            super().draw_changes()

    def show_thumb(self) -> None:
        if not self._settling:  # between the new number of rows and the new offset it would jump
            super().show_thumb()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Holds the stream when it is scrolled up, by the wheel, the scroll bar or a key; remembers
        the first line while it is held."""
        super().watch_scroll_y(old_value, new_value)
        if self._settling:
            return
        # A pane that grew or is laid out anew moves the offset too, but only to its new end.
        if new_value < old_value and round(new_value) < min(
            self.end_of_scrolling, self.max_scroll_y
        ):
            self.hold()
        elif not self.following:
            self._remember_top()

    def _remember_top(self) -> None:
        top = self.scroll_offset.y
        self._top_seq = self.view.seq_at(top) if top < self.row_count else None
        self._lead = 0

    def _move(self, row: int) -> None:
        if row < 0 and self.cursor == 0:
            self._go_past_oldest()
        self.hold()
        before, top = self.cursor, self.scroll_offset.y
        self.cursor = max(0, min(row, self.row_count - 1))
        self._remember_cursor()
        self.show_row(self.cursor)
        self._remember_top()
        if self._anchor_seq is not None or self.wraps or self.scroll_offset.y != top:
            self.refresh()
        else:  # a key that moves the cursor is answered the sooner, the less is drawn
            self.refresh_line(before)
            self.refresh_line(self.cursor)

    def _remember_cursor(self) -> None:
        if event := self.current:
            self._cursor_seq = event.seq

    def action_last(self) -> None:
        self.follow()

    def clear(self) -> None:
        """Leaves out what is in the log by now."""
        self.view.clear()
        self.show_filtered()
        self.follow()

    def uncover(self) -> None:
        """Shows again what was cleared."""
        self.view.uncover()
        self.show_filtered()

    def _go_past_oldest(self) -> None:
        if self.view.log.first_seq > 1 and self.view.complete and not self.view.cleared:
            self.post_message(self.PastOldest())

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        if not self.following and self.scroll_offset.y == 0:
            self._go_past_oldest()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        if not self.following and self.scroll_offset.y >= self.end_of_scrolling - 3:
            self.follow()
