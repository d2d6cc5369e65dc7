"""Rows that are events: to go through, select, copy and mark, wherever the events come from."""

from contextlib import suppress
from typing import ClassVar

from textual.binding import Binding, BindingType

from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.events.text import text_line
from mdxdash.language.translation import _
from mdxdash.tui.key_actions import named
from mdxdash.tui.widgets.lists.row_list import RowList


class EventList(RowList):
    """Events of a log in their order, a row each; they may have left its memory. A subclass says
    which."""

    BINDINGS: ClassVar[list[BindingType]] = named(
        [
            Binding("shift+up,K", "extend(-1)", "Select up", show=False),
            Binding("shift+down,J", "extend(1)", "Select down", show=False),
            Binding("y", "copy", "Copy", show=False, tooltip="Copy the row, or the selected rows"),
            Binding("b", "mark", "Mark", show=False, tooltip="Mark the row, or remove its mark"),
            Binding("apostrophe", "next_mark(1)", "Next mark", show=False, key_display="'"),
            Binding(
                "quotation_mark", "next_mark(-1)", "Previous mark", show=False, key_display='"'
            ),
        ]
    )

    shows_cursor_always: ClassVar[bool] = True

    def __init__(self, log: EventLog, *, id: str) -> None:
        super().__init__(id=id)
        self._event_log = log
        self._anchor_seq: int | None = None

    def event_at(self, row: int) -> Event:
        """The event of a row. Raises `IndexError`, also when it can no longer be had."""
        raise NotImplementedError

    def row_of(self, seq: int) -> int:
        """The row of an event, or of the next one that is shown; `row_count` after the last."""
        raise NotImplementedError

    def shows(self, seq: int) -> bool:
        """Whether the event of that `seq` has a row."""
        raise NotImplementedError

    @property
    def current(self) -> Event | None:
        """The event under the cursor. None when nothing is shown."""
        if not self.row_count:
            return None
        try:
            return self.event_at(min(self.cursor, self.row_count - 1))
        except IndexError:
            return None

    @property
    def since_previous(self) -> float | None:
        """Seconds between the event under the cursor and the row before; None without one."""
        if not 0 < self.cursor < self.row_count:
            return None
        try:
            return self.event_at(self.cursor).time - self.event_at(self.cursor - 1).time
        except IndexError:
            return None

    def row_selected(self, row: int) -> bool:
        first, last = self._selection()
        return first <= row <= last

    def select_event(self, seq: int) -> None:
        """Puts the cursor on an event, if it is shown."""
        self.move_cursor(self.row_of(seq))

    def move_cursor(self, row: int) -> None:
        selected, self._anchor_seq = self._anchor_seq is not None, None
        self._move(row)
        if selected:
            self.refresh()

    def _move(self, row: int) -> None:
        """Moves the cursor; what is selected stays so."""
        super().move_cursor(row)

    def _selection(self) -> tuple[int, int]:
        if self._anchor_seq is None:
            return 0, -1
        anchor = self.row_of(self._anchor_seq)
        return min(anchor, self.cursor), max(anchor, self.cursor)

    def selected_events(self) -> list[Event]:
        """The selected rows' events, or the current one."""
        first, last = self._selection()
        if last < first:
            return [event] if (event := self.current) else []
        found: list[Event] = []
        for row in range(first, min(last + 1, self.row_count)):
            with suppress(IndexError):
                found.append(self.event_at(row))
        return found

    def action_extend(self, by: int) -> None:
        if self._anchor_seq is None and (event := self.current):
            self._anchor_seq = event.seq
        self._move(self.cursor + by)

    def extend_to(self, seq: int) -> None:
        """Selects the rows from the cursor, or from where the selection began, to an event."""
        if self._anchor_seq is None and (event := self.current):
            self._anchor_seq = event.seq
        self._move(self.row_of(seq))

    @property
    def stretch(self) -> tuple[int, int]:
        """The first and the last `seq` of the selection, or twice that of the cursor; two zeros
        when nothing is shown."""
        event = self.current
        if event is None:
            return 0, 0
        anchor = event.seq if self._anchor_seq is None else self._anchor_seq
        return min(anchor, event.seq), max(anchor, event.seq)

    def action_copy(self) -> None:
        chosen = self.selected_events()
        if chosen:
            self.app.copy_to_clipboard("\n".join(text_line(event) for event in chosen))
            what = (
                _("the row") if len(chosen) == 1 else _("{count:,} rows").format(count=len(chosen))
            )
            self.notify(_("Copied {what}.").format(what=what), timeout=2)

    def action_mark(self) -> None:
        for event in self.selected_events():
            self._event_log.toggle_mark(event.seq)
        self.refresh()

    def action_next_mark(self, direction: int) -> None:
        current = self.current
        rows = sorted(seq for seq in self._event_log.marked if self.shows(seq))
        if direction > 0:
            ahead = [seq for seq in rows if current and seq > current.seq]
        else:
            ahead = [seq for seq in reversed(rows) if current and seq < current.seq]
        if ahead:
            self.select_event(ahead[0])
        else:
            self.notify(_("No further marked event."), timeout=2)


def not_shown(event: Event) -> str:
    """The text for an event that the reader wants to go to, and that has no row."""
    return _("#{seq} {type} is hidden by the filter.").format(seq=event.seq, type=event.type)
