"""The conversation: what the user and the agent said, turn by turn, newest at the bottom.

Turns are made of all events; shown are those of which an event passes the filter. Laying out is
done in slices, the newest turns first.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from time import perf_counter
from typing import ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from mdxdash.dialogue.history import DialogueHistory
from mdxdash.dialogue.turn import Turn
from mdxdash.language.translation import _
from mdxdash.tui.key_actions import named
from mdxdash.tui.views.selection import Selection
from mdxdash.tui.widgets.agent_signs import AgentSigns
from mdxdash.tui.widgets.lists.row_list import RowList
from mdxdash.tui.widgets.lists.row_parts import RowPart
from mdxdash.tui.widgets.lists.turn_rows import TurnLayout, turn_rows

_BUDGET: Final = 0.006
"""Seconds of laying out between two paints."""

_NEWEST: Final = 8
"""Turns that may still change when the others are laid out."""

_Line = tuple[int, int]
"""A turn's number, and which of its rows."""


class Conversation(RowList):
    """The turns of a history."""

    BINDINGS: ClassVar[list[BindingType]] = named(
        [
            Binding("up,k", "move(-1)", "Up", show=False, tooltip="To the turn before"),
            Binding("down,j", "move(1)", "Down", show=False, tooltip="To the next turn"),
            Binding("shift+up,K", "extend(-1)", "Select up", show=False),
            Binding("shift+down,J", "extend(1)", "Select down", show=False),
            Binding("enter", "choose", "Events", tooltip="Go to the events of the turn"),
            Binding(
                "n",
                "slow(1)",
                "Next slow",
                tooltip="Go to the next turn in which the user waited long, or in vain",
            ),
            Binding("N", "slow(-1)", "Previous slow", show=False, tooltip="The one before"),
        ]
    )

    shows_cursor_always: ClassVar[bool] = True

    class Opened(Message):
        """The events of a turn are wanted."""

        def __init__(self, turn: Turn) -> None:
            super().__init__()
            self.turn = turn

    def __init__(
        self,
        history: DialogueHistory,
        selection: Selection,
        *,
        signs: AgentSigns,
        now: Callable[[], float],
        limit: float | None = None,
    ) -> None:
        """`limit` is how soon an answer is wanted, in seconds."""
        super().__init__(id="conversation")
        self._history = history
        self._selection = selection
        self._view = selection.view
        self._signs = signs
        self._now = now
        self._limit = limit
        self._older: list[_Line] = []
        """Newest first, so that the scan backwards appends."""
        self._newer: list[_Line] = []
        self._rows: dict[int, list[list[RowPart]]] = {}
        """The rows of the turns that were drawn lately."""
        self._scanned_down_to = self._taken_up_to = 0
        self._filter = selection.view.filter
        self._layout = TurnLayout(0, limit)
        self._settling = False
        self._followed = True
        self.selected: int | None = None
        """The number of the turn under the cursor."""
        self._anchor: int | None = None
        """The number of the turn from which on turns are selected."""

    @property
    def row_count(self) -> int:
        return len(self._older) + len(self._newer)

    @property
    def complete(self) -> bool:
        """Whether all turns are laid out."""
        history = self._history
        return self._scanned_down_to <= history.first_turn and not history.behind

    def line_at(self, row: int) -> _Line:
        """Returns the turn's number, and which of its rows stands at a row."""
        older = len(self._older)
        return self._older[older - 1 - row] if row < older else self._newer[row - older]

    def row_of(self, number: int) -> int:
        """Returns the first row of a turn, or of the next one that is shown."""
        line = (number, 0)
        if self._newer and line >= self._newer[0]:
            return len(self._older) + bisect_left(self._newer, line)
        low, high = 0, len(self._older)
        while low < high:
            middle = (low + high) // 2
            if self.line_at(middle) < line:
                low = middle + 1
            else:
                high = middle
        return low

    @property
    def current(self) -> Turn | None:
        """The turn under the cursor."""
        if not self.row_count:
            return None
        return self._history.turn(self.line_at(min(self.cursor, self.row_count - 1))[0])

    def row_parts(self, row: int, line: int, width: int) -> Iterable[RowPart]:
        number, index = self.line_at(row)
        rows = self._rows.get(number)
        if rows is None:
            turn = self._history.turn(number)
            rows = self._turn_rows(turn) if turn else []
            if len(self._rows) > 1000:
                self._rows.clear()
            self._rows[number] = rows
        return rows[index] if index < len(rows) else []

    def row_selected(self, row: int) -> bool:
        if row >= self.row_count or self.selected is None:
            return False
        anchor = self.selected if self._anchor is None else self._anchor
        number = self.line_at(row)[0]
        return min(anchor, self.selected) <= number <= max(anchor, self.selected)

    def advance(self) -> bool:
        """Takes in new turns and goes on laying out; returns whether anything is drawn again."""
        width = self.scrollable_content_region.width
        layout = TurnLayout(width, self._limit)
        if layout != self._layout or self._view.filter != self._filter:
            self._layout, self._filter = layout, self._view.filter
            self._restart()
        deadline = perf_counter() + _BUDGET
        changed = self._take_changed()
        history = self._history
        while self._scanned_down_to > history.first_turn:
            self._scanned_down_to -= 1
            self._older += reversed(self._lines(self._scanned_down_to))
            changed = True
            if perf_counter() > deadline:
                break
        if changed or self._selection.following != self._followed:
            self._followed = self._selection.following
            self._settle()
        return changed

    def _restart(self) -> None:
        self._rows.clear()
        self._older, self._newer = [], []
        newest = max(self._history.first_turn, self._history.next_turn - _NEWEST)
        self._scanned_down_to = newest
        self._taken_up_to = newest
        self._history.take_changed()

    def _take_changed(self) -> bool:
        numbers = self._history.take_changed()
        numbers |= set(range(self._taken_up_to, self._history.next_turn))
        self._taken_up_to = max(self._taken_up_to, self._history.next_turn)
        if self._waits(self._history.next_turn - 1):
            numbers.add(self._history.next_turn - 1)
        for number in sorted(numbers):
            self._rows.pop(number, None)
            if number < self._scanned_down_to:
                continue
            low = bisect_left(self._newer, (number, 0))
            high = bisect_left(self._newer, (number + 1, 0))
            self._newer[low:high] = self._lines(number)
        return bool(numbers)

    def _waits(self, number: int) -> bool:
        """Returns whether a turn waits for its answer, which counts the seconds."""
        turn = self._history.turn(number)
        return turn is not None and not turn.complete and turn.answer is None

    def _lines(self, number: int) -> list[_Line]:
        turn = self._history.turn(number)
        if turn is None or not self._passes(turn):
            return []
        return [(number, index) for index in range(len(self._turn_rows(turn)))]

    def _turn_rows(self, turn: Turn) -> list[list[RowPart]]:
        several = len(self._signs) > 1 and bool(turn.agent)
        sign = self._signs[turn.agent] if several else None
        return turn_rows(turn, self._layout, self._now(), sign)

    def _passes(self, turn: Turn) -> bool:
        return self._view.passes_any(turn.events)

    def show_selection(self) -> None:
        """Puts the cursor on the turn of the event that is selected elsewhere."""
        event = self._selection.event
        turn = self._history.turn_at(event.time) if event else None
        self.selected = turn.number if turn else None
        self._settle()
        self.show_row(self.cursor)

    def _settle(self) -> None:
        self._settling = True
        self.resize_rows()
        if self._selection.following:
            self.cursor = max(0, self.row_count - 1)
            self.selected = self.current.number if self.current else None
            self.scroll_to(y=self.row_count, animate=False, force=True)
        elif self.selected is not None and self.row_count:
            before = self.cursor
            self.cursor = min(self.row_of(self.selected), self.row_count - 1)
            if self.cursor != before:
                # Rows came above it: what is read stays where it is.
                y = self.scroll_offset.y + self.cursor - before
                self.scroll_to(y=y, animate=False, force=True)
        self._settling = False
        self.draw_changes()

    def draw_changes(self) -> None:
        if not self._settling:  # the cursor is not yet where it belongs
            super().draw_changes()

    def move_cursor(self, row: int) -> None:
        self._anchor = None
        if turn := self._go_to(row):
            self._selection.select(turn.events)

    def _go_to(self, row: int) -> Turn | None:
        """Puts the cursor on the turn at a row, and returns it."""
        if not self.row_count:
            return None
        row = max(0, min(row, self.row_count - 1))
        self._selection.hold()
        self.selected = self.line_at(row)[0]
        first = self.row_of(self.selected)
        self.cursor = first
        self.show_row(min(self.row_count - 1, self.row_of(self.selected + 1) - 1))
        self.show_row(first)
        self.refresh()
        return self.current

    def _row_beside(self, by: int) -> int | None:
        """Returns a row of the next turn, or the one before; None where there is none."""
        if not self.row_count or self.selected is None:
            return None
        row = self.row_of(self.selected) - 1 if by < 0 else self.row_of(self.selected + 1)
        return row if 0 <= row < self.row_count else None

    def action_move(self, by: int) -> None:
        """Goes to the next turn, or the one before."""
        if (row := self._row_beside(by)) is not None:
            self.move_cursor(row)

    def action_slow(self, by: int) -> None:
        """Goes to the next turn in which the user waited long, or the one before."""
        history = self._history
        number = history.next_turn if self.selected is None else self.selected
        while history.first_turn <= (number := number + by) < history.next_turn:
            turn = history.turn(number)
            if turn and history.latencies.is_slow(turn, self._limit) and self._passes(turn):
                self.move_cursor(self.row_of(number))
                return
        self.notify(_("No further answer was slow."), timeout=2)

    def action_extend(self, by: int) -> None:
        """Selects the next turn as well, or the one before."""
        row = self._row_beside(by)
        if row is None:
            return
        if self._anchor is None:
            self._anchor = self.selected
        if turn := self._go_to(row):
            self._selection.extend(turn.events)

    def action_last(self) -> None:
        self._selection.follow()
        self._settle()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "choose" and self.current is None:
            return False
        return super().check_action(action, parameters)

    def action_choose(self) -> None:
        if turn := self.current:
            self.post_message(self.Opened(turn))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Holds when it is scrolled up by the wheel or the scroll bar."""
        super().watch_scroll_y(old_value, new_value)
        if self._settling or not self._selection.following:
            return
        if new_value < old_value and round(new_value) < self.max_scroll_y:
            self._selection.hold()

    def on_click(self, event: events.Click) -> None:
        row = self.row_at(event)
        if row is None:
            return
        if event.chain == 2:
            self.action_choose()
        else:
            self.move_cursor(row)
