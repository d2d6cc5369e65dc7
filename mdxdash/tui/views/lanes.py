"""The lanes of the timeline: a row for each thing that takes time, with its bars.

Their cursor is the event that is selected in the stream, in one of the lanes.
"""

from collections.abc import Callable, Iterable
from typing import ClassVar, Final

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from mdxdash.dialogue.history import DialogueHistory, LaneHistory
from mdxdash.dialogue.interval import Interval, Lane, in_order
from mdxdash.dialogue.turn import Turn
from mdxdash.events.printable import printable
from mdxdash.language.translation import _
from mdxdash.tui.key_actions import named
from mdxdash.tui.views.answer_cells import answer_cells
from mdxdash.tui.views.lane_cells import Cell, interval_at, lane_cells, lane_name, parts
from mdxdash.tui.views.selection import Selection
from mdxdash.tui.views.time_axis import TimeAxis
from mdxdash.tui.views.time_window import TimeWindow
from mdxdash.tui.widgets.cells import pad
from mdxdash.tui.widgets.lists.row_list import RowList
from mdxdash.tui.widgets.lists.row_parts import RowPart, fit

_REVERSE: Final = Style(reverse=True)

_WHEEL: Final = 8
"""The part of the width that a step of the wheel scrolls is the reciprocal of this."""


class Lanes(RowList):
    """The lanes, a row each."""

    BINDINGS: ClassVar[list[BindingType]] = named(
        [
            Binding(
                "left",
                "bar(-1)",
                "Bars",
                key_display="← →",
                tooltip="The bar before, the next one, in this lane",
            ),
            Binding("right", "bar(1)", "Next bar", show=False, tooltip="The next bar in this lane"),
            Binding(
                "plus,equals_sign",
                "zoom(-1)",
                "Zoom",
                key_display="+ -",
                tooltip="Zoom in, zoom out",
                id="zoom_in",
            ),
            Binding("minus", "zoom(1)", "Zoom out", show=False),
            Binding("shift+left", "bar(-1, True)", "Select back", show=False),
            Binding("shift+right", "bar(1, True)", "Select on", show=False),
            Binding("comma", "scroll_time(-0.5)", "Earlier", show=False, key_display=","),
            Binding("full_stop", "scroll_time(0.5)", "Later", show=False, key_display="."),
            Binding("home,g", "first", "First", show=False, tooltip="Go to the beginning"),
            Binding("end,G", "last", "Last", show=False, tooltip="Follow what comes"),
            Binding("enter", "choose", "Events", tooltip="Go to the events of the bar"),
        ]
    )

    shows_cursor_always: ClassVar[bool] = True

    class Opened(Message):
        """The events of a bar are wanted."""

        def __init__(self, interval: Interval) -> None:
            super().__init__()
            self.interval = interval

    def __init__(
        self, history: DialogueHistory, selection: Selection, now: Callable[[], float]
    ) -> None:
        super().__init__(id="lanes")
        self._history = history
        self._selection = selection
        self._now = now
        self.window = TimeWindow(history, selection, now)
        self._lanes: list[Lane] = []
        self._known = 0
        self._drawn_state: tuple[object, ...] = ()

    # What is shown

    @property
    def row_count(self) -> int:
        return len(self._lanes)

    @property
    def axis(self) -> TimeAxis:
        """The time that is shown."""
        return self.window.axis

    @property
    def name_cells(self) -> int:
        """Cells of the lanes' names."""
        return 14 if self.size.width < 100 else 22

    def advance(self) -> bool:
        """Takes over the lanes and the time; returns whether anything is drawn again."""
        if len(self._history.lanes) != self._known:
            current = self._lane()
            self._known = len(self._history.lanes)
            self._lanes = in_order(self._history.lanes)
            if current is not None and current.lane in self._lanes:
                self.cursor = self._lanes.index(current.lane)
        self.window.advance(max(1, self.scrollable_content_region.width - self.name_cells))
        if (state := self._state()) != self._drawn_state:
            self._drawn_state = state
            self.resize_rows()
            return True
        return False

    def _state(self) -> tuple[object, ...]:
        """Returns all that decides what is drawn: unchanged, nothing needs to be drawn again."""
        event = self._selection.event
        return (
            self.axis,
            self._history.revision,
            self._now() // self.axis.step,
            event.seq if event else 0,
            self._selection.view.filter,
        )

    def draw_changes(self) -> None:
        self.refresh()  # its lines have parts with a style of their own: see `render_line`

    def row_parts(self, row: int, line: int, width: int) -> Iterable[RowPart]:
        return [RowPart(self._lane_name(self._lanes[row]))]

    def _lane_name(self, lane: Lane) -> str:
        # Exchanges are no names that an agent has.
        several = self._history.agents > 1 and lane.agent != lane.kind
        name = lane_name(lane)
        if several:
            name = f"{lane.agent} {name}"
        return pad(printable(name), self.name_cells - 1) + " "

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        base = self.rich_style
        row = y + self.scroll_offset.y
        if not 0 <= row < self.row_count:
            if y == 0 and not self.row_count:
                return fit([(_(" Nothing that takes time has happened yet"), base)], width, base)
            return Strip.blank(width, base)
        lane = self._lanes[row]
        history = self._history.lanes.get(lane)
        cells = (
            lane_cells(history, self.axis, self._now(), self._passes)
            if history
            else [Cell(" ")] * self.axis.width
        )
        if (selected := self._selection.event) is not None:
            column = self.axis.column(selected.time)
            if 0 <= column < len(cells) and cells[column].text == " ":
                cells[column] = Cell("│", "accent")
        over = None
        if row == self.cursor:
            over = self._style("cursor" if self.has_focus else "selected")
        name = self._lane_name(lane)
        pieces = [(name, base + self._style("dim") if over is None else base + over)]
        for part, reverse in parts(cells):
            style = base + self._style(part.style)
            if over is not None:
                style += over
            if reverse:
                style += _REVERSE
            pieces.append((part.text, style))
        return fit(pieces, width, base)

    def answers(self, limit: float | None) -> list[Cell]:
        """Returns the cells of the line of answers; `limit` is how soon one is wanted."""
        return answer_cells(self._history.turns(), self.axis, self._now(), limit, self._passes)

    def _passes(self, shown: Interval | Turn) -> bool:
        return self._selection.view.passes_any(shown.events)

    # Going through it

    def _lane(self) -> LaneHistory | None:
        if not 0 <= self.cursor < len(self._lanes):
            return None
        return self._history.lanes.get(self._lanes[self.cursor])

    @property
    def current(self) -> Interval | None:
        """The bar under the cursor; None if there is none near it."""
        lane = self._lane()
        if lane is None:
            return None
        return interval_at(lane, self.window.moment, self.axis.step * 1.5)

    def action_bar(self, by: int, extends: bool = False) -> None:
        """Goes to the next bar of the lane, or the one before; with `extends` what is between is
        selected."""
        lane = self._lane()
        if lane is None or not len(lane):
            return
        time = self.window.moment
        now = self.current
        first, last = lane.between(time, time)
        if now is not None:
            # From bar to bar, also where several begin at one time.
            low, high = lane.between(now.begin, now.begin)
            numbers = [each.number for each in lane.intervals[low:high]]
            index = low + numbers.index(now.number) + by
        else:
            index = first - 1 if by < 0 else last
        step = by
        while 0 <= index < len(lane):
            if self._passes(lane.intervals[index]):
                go = self._selection.extend if extends else self._selection.select
                go(lane.intervals[index].events)
                return
            index += step

    def action_zoom(self, by: int) -> None:
        self.window.zoom(by)
        self.refresh()

    def action_scroll_time(self, part: float) -> None:
        self.window.scroll(part)
        self.refresh()

    def action_first(self) -> None:
        self.window.go_to_beginning()
        self.refresh()

    def action_last(self) -> None:
        self._selection.follow()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "choose" and self.current is None:
            return False
        return super().check_action(action, parameters)

    def action_choose(self) -> None:
        if interval := self.current:
            self.post_message(self.Opened(interval))

    def move_cursor(self, row: int) -> None:
        self.cursor = max(0, min(row, self.row_count - 1))
        self.show_row(self.cursor)
        self.refresh()

    # The mouse

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(event, -1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(event, 1)

    def _wheel(self, event: events.MouseEvent, direction: int) -> None:
        if event.shift:
            return  # the lanes themselves scroll
        event.stop()
        event.prevent_default()
        if event.ctrl:
            self.window.zoom(direction, self._column(event))
            self.refresh()
        else:
            self.action_scroll_time(direction / _WHEEL)

    def _column(self, event: events.MouseEvent) -> int | None:
        offset = event.get_content_offset(self)
        if offset is None or offset.x < self.name_cells:
            return None
        return offset.x - self.name_cells

    def on_click(self, event: events.Click) -> None:
        row, column = self.row_at(event), self._column(event)
        if row is None:
            return
        self.move_cursor(row)
        lane = self._lane()
        if lane is None or column is None:
            return
        interval = interval_at(lane, self.axis.time(column), self.axis.step)
        if interval is None:
            return
        if event.chain == 2:
            self.post_message(self.Opened(interval))
        else:
            self._selection.select(interval.events)
