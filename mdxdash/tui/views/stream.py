"""The stream: the events that pass the filter, newest at the bottom.

It follows what comes until the reader moves; then the rows stay where they are, however much
arrives, until `end` follows again. The cursor belongs to an event, not to a row.
"""

from collections.abc import Iterable
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from mdxdash.events.event import Event
from mdxdash.filters.view import View
from mdxdash.tui.views.speech_rows import SpeechRows
from mdxdash.tui.widgets.agent_signs import AgentSign, AgentSigns
from mdxdash.tui.widgets.event_list import EventList
from mdxdash.tui.widgets.event_row import event_parts
from mdxdash.tui.widgets.row_list import RowPart, fit

ADVANCE_BUDGET = 0.008
"""Seconds of looking through the log between two paints."""

NOBODY = AgentSign(" ", "")
"""Stands where an event concerns no agent."""


class Stream(EventList):
    """The events of a view."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "x", "clear", "Clear", show=False, tooltip="Clear the view; the log keeps the events"
        ),
    ]

    class PastOldest(Message):
        """The reader goes up from the oldest event in memory, and there were older ones."""

    def __init__(self, view: View) -> None:
        super().__init__(view.log, id="stream")
        self.view = view
        self.following = True
        self.held_at_seq = 0
        self._cursor_seq: int | None = None
        self._top_seq: int | None = None
        """The event in the first line while the stream is held: rows come and go above it."""
        self._settling = False
        self._agent_width = 0
        self._several = False
        self.agent_signs = AgentSigns()
        self.speech_rows = SpeechRows(view.log)
        """How far each speech is that is sent as sound."""

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

    @property
    def since_previous(self) -> float | None:
        """Seconds between the event under the cursor and the row before; None without one."""
        if not 0 < self.cursor < self.row_count:
            return None
        try:
            return self.event_at(self.cursor).time - self.event_at(self.cursor - 1).time
        except IndexError:
            return None

    def row_parts(self, row: int, line: int, width: int) -> Iterable[RowPart]:
        try:
            event = self.speech_rows.grown(self.view.event_at(row))
        except IndexError:
            return []
        marked = event.seq in self.view.log.marked
        # Asked for before there are several, so that the first to come is A.
        sign = self.agent_signs[event.agent] if event.agent else NOBODY
        return event_parts(
            event,
            width,
            marked=marked,
            agent_width=self._agent_width,
            agent=sign if self._several else None,
        )

    def render_line(self, y: int) -> Strip:
        if y == 0 and not len(self.view) and self.view.complete and len(self.view.log):
            text = f" None of {len(self.view.log):,} events passes the filter; / changes it"
            style = self.rich_style
            return fit([(text, style)], self.scrollable_content_region.width, style)
        return super().render_line(y)

    def advance(self, agent_width: int) -> bool:
        """Takes in what happened since the last call; returns whether anything is drawn again."""
        changed = self.view.advance(ADVANCE_BUDGET)
        layout = (agent_width, len(self.agent_signs) > 1)
        if layout != (self._agent_width, self._several):
            (self._agent_width, self._several), changed = layout, True
        if changed:
            self._settle()
        elif self.speech_rows.advance():
            self.refresh()
        return changed

    def show_filtered(self) -> None:
        """Shows the rows of a changed filter; while held, the cursor's event stays in view."""
        if not self.following:
            self._top_seq = self._cursor_seq
        self.view.advance(ADVANCE_BUDGET)
        self._settle()

    def follow(self) -> None:
        """Goes to the newest event, and follows the next ones."""
        self.following = True
        self._anchor_seq = None
        self._settle()

    def hold(self) -> None:
        """Holds the stream: the rows stay where they are while new ones arrive."""
        if self.following:
            self.following = False
            self.held_at_seq = self.view.log.next_seq
            self._remember_cursor()
        self._remember_top()

    def _settle(self) -> None:
        """Draws the rows; while the stream is held, the visible ones stay where they are."""
        self._settling = True
        self.resize_rows()
        if self.following:
            self.cursor = max(0, self.row_count - 1)
            self.scroll_to(y=self.row_count, animate=False, force=True)
        else:
            if self._cursor_seq is not None:
                self.cursor = min(self.view.row_of(self._cursor_seq), max(0, self.row_count - 1))
            if self._top_seq is not None:
                self.scroll_to(y=self.view.row_of(self._top_seq), animate=False, force=True)
        self._settling = False

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Holds the stream when it is scrolled up, by the wheel, the scroll bar or a key; remembers
        the first line while it is held."""
        super().watch_scroll_y(old_value, new_value)
        if self._settling:
            return
        # A pane that grew moves the offset too, but only to its new end.
        if new_value < old_value and round(new_value) < self.max_scroll_y:
            self.hold()
        elif not self.following:
            self._remember_top()

    def _remember_top(self) -> None:
        top = self.scroll_offset.y
        self._top_seq = self.view.seq_at(top) if top < self.row_count else None

    def _move(self, row: int) -> None:
        if row < 0 and self.cursor == 0:
            self._go_past_oldest()
        self.cursor = max(0, min(row, self.row_count - 1))
        self._remember_cursor()
        self.hold()
        self.show_row(self.cursor)
        self._remember_top()
        self.refresh()

    def _remember_cursor(self) -> None:
        if event := self.current:
            self._cursor_seq = event.seq

    def action_last(self) -> None:
        self.follow()

    def action_clear(self) -> None:
        self.view.clear()
        self.show_filtered()
        self.follow()

    def _go_past_oldest(self) -> None:
        if self.view.log.first_seq > 1 and self.view.complete and not self.view.cleared:
            self.post_message(self.PastOldest())

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        if not self.following and self.scroll_offset.y == 0:
            self._go_past_oldest()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        if not self.following and self.scroll_offset.y >= self.max_scroll_y - 3:
            self.follow()
