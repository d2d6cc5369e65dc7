"""The timeline: a lane for each thing that takes time, against time.

Its cursor is the event that is selected in the stream. It follows what comes while the stream does.
"""

from collections.abc import Callable, Iterable
from typing import ClassVar, Final

from rich.cells import cell_len
from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Static

from mdxdash.dialogue.history import DialogueHistory, LaneHistory
from mdxdash.dialogue.interval import Interval, Lane, in_order
from mdxdash.dialogue.turn import Turn
from mdxdash.events.event import Event
from mdxdash.events.printable import printable
from mdxdash.events.text import clock, payload
from mdxdash.language.translation import _
from mdxdash.tui.key_actions import named
from mdxdash.tui.views.answer_cells import answer_cells
from mdxdash.tui.views.lane_cells import Cell, interval_at, lane_cells, lane_name, parts
from mdxdash.tui.views.selection import Selection
from mdxdash.tui.views.time_axis import SECONDS_PER_CELL, USUAL, TimeAxis
from mdxdash.tui.widgets.cells import pad
from mdxdash.tui.widgets.row_list import RowList, RowPart, fit

_REVERSE: Final = Style(reverse=True)

_AHEAD: Final = 0.05
"""The part of the width that is kept free at the right end while it follows."""

_ANSWER_STYLES: Final = {
    "bad": "$text-error",
    "warning": "$text-warning",
    "strong": "bold",
    "good": "$text-success",
    "dim": "$text-muted",
}
"""The colours of the line of answers, by the names of styles of rows."""

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
        self._zoom = USUAL
        self._begin = 0.0
        """Unix time of the left edge, while it does not follow."""
        self._lanes: list[Lane] = []
        self._known = 0
        self._drawn: tuple[object, ...] = ()
        self.axis = TimeAxis(0.0, SECONDS_PER_CELL[USUAL], 1)
        self._seen: tuple[bool, int] = (True, 0)
        """Whether it followed, and the selected event, when it was drawn last."""

    # What is shown

    @property
    def row_count(self) -> int:
        return len(self._lanes)

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
        self._keep_in_sight()
        self._place()
        if (state := self._state()) != self._drawn:
            self._drawn = state
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

    def _keep_in_sight(self) -> None:
        """Scrolls to the selected event, if it was not the reader who scrolled away from it."""
        event = self._selection.event
        seen = (self._selection.following, event.seq if event else 0)
        if seen == self._seen:
            return
        if self._seen[0] and not seen[0]:
            self._begin = self.axis.begin
        self._seen = seen
        if event is None or seen[0]:
            return
        if not 0 <= self.axis.column(event.time) < self.axis.width:
            self._begin = event.time - self.axis.step * self.axis.width / 2

    def _place(self) -> None:
        """Puts the axis where the reader looks, or where it follows to."""
        step = SECONDS_PER_CELL[self._zoom]
        width = max(1, self.scrollable_content_region.width - self.name_cells)
        if self._selection.following:
            ahead = max(1, int(width * _AHEAD))
            # In whole columns, so that bars do not flicker while time goes on.
            newest = self._now() // step * step
            self.axis = TimeAxis(newest - step * (width - ahead), step, width)
        else:
            self.axis = TimeAxis(self._begin, step, width)

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

    @property
    def _moment(self) -> float:
        """The time of the cursor."""
        event = self._selection.event
        return event.time if event else self.axis.end

    def _hold(self) -> None:
        if self._selection.following:
            self._begin = self.axis.begin
            self._selection.hold()
            event = self._selection.event
            self._seen = (False, event.seq if event else 0)

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
        return interval_at(lane, self._moment, self.axis.step * 1.5)

    def action_bar(self, by: int, extends: bool = False) -> None:
        """Goes to the next bar of the lane, or the one before; with `extends` what is between is
        selected."""
        lane = self._lane()
        if lane is None or not len(lane):
            return
        time = self._moment
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
        zoom = max(0, min(self._zoom + by, len(SECONDS_PER_CELL) - 1))
        self._zoom_about(zoom, None)

    def _zoom_about(self, zoom: int, column: int | None) -> None:
        """Zooms so that what is in a column, or at the cursor, stays where it is."""
        axis = self.axis
        if column is None:
            column = axis.width // 2
            at = axis.column(self._moment)
            column = at if 0 <= at < axis.width else column
        time = axis.begin + column * axis.step
        self._zoom = zoom
        if not self._selection.following:
            self._begin = time - column * SECONDS_PER_CELL[zoom]
        self._place()
        self.refresh()

    def action_scroll_time(self, part: float) -> None:
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
        self._place()
        self.refresh()

    def action_first(self) -> None:
        self._hold()
        if self._history.first_time is not None:
            self._begin = self._history.first_time - self.axis.step
        self._place()
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
            zoom = max(0, min(self._zoom + direction, len(SECONDS_PER_CELL) - 1))
            self._zoom_about(zoom, self._column(event))
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


class Timeline(Vertical):
    """The lanes with the times and the answers over them, and the selected event below."""

    DEFAULT_CSS: ClassVar[str] = """
    Timeline { height: 1fr; }
    Timeline > Static { height: 1; width: 1fr; }
    Timeline > Lanes { height: 1fr; }
    """

    def __init__(
        self,
        history: DialogueHistory,
        selection: Selection,
        now: Callable[[], float],
        limit: float | None = None,
    ) -> None:
        """`limit` is how soon an answer is wanted, in seconds."""
        super().__init__(id="timeline")
        self._selection = selection
        self._limit = limit
        self.lanes = Lanes(history, selection, now)
        self._marks = Static(id="time-marks", markup=False)
        self._answers = Static(id="time-answers", markup=False)
        self._foot = Static(id="time-foot", markup=False)

    def compose(self) -> ComposeResult:
        yield self._marks
        yield self._answers
        yield self.lanes
        yield self._foot

    def advance(self) -> None:
        """Draws what is new."""
        lanes = self.lanes
        if not lanes.advance():
            return
        marks = " " * lanes.name_cells + lanes.axis.marks()
        self._marks.update(Content.styled(marks, "$text-muted"), layout=False)
        self._answers.update(self._answer_line(), layout=False)
        self._foot.update(self._foot_line(self._selection.event), layout=False)

    def _answer_line(self) -> Content:
        name = pad(_("answers"), self.lanes.name_cells - 1) + " "
        cells = parts(self.lanes.answers(self._limit))
        texts = [(part.text, _ANSWER_STYLES.get(part.style, "")) for part, _width in cells]
        return Content.assemble((name, "$text-muted"), *texts)

    def _foot_line(self, event: Event | None) -> Content:
        if event is None:
            return Content("")
        axis, width = self.lanes.axis, self.lanes.size.width
        column = max(0, min(axis.column(event.time), axis.width - 1)) + self.lanes.name_cells
        text = f" {clock(event.time)[:11]}  {printable(payload(event))}"
        room = width - column - 2
        if room < cell_len(text) and room < column:
            room = column - 1
            shown = pad(text.strip(), min(room, cell_len(text))) + " "
            line = "─" * (column - cell_len(shown) - 1) + " " + shown + "┼"
        else:
            line = "─" * column + "┼" + pad(text, max(1, room))
        return Content.styled(line, "$text-accent")
