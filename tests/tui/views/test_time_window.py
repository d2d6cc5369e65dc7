"""Where the timeline scrolls and zooms to."""

from dataclasses import dataclass
from typing import Any, cast

from mdxdash.events.event import Event
from mdxdash.tui.views.time_axis import SECONDS_PER_CELL, USUAL
from mdxdash.tui.views.time_window import TimeWindow

FIRST, NOW = 1000.0, 2000.0
STEP = SECONDS_PER_CELL[USUAL]
WIDTH = 100


@dataclass
class Selected:
    """A selection without a stream."""

    following: bool = True
    event: Event | None = None

    def hold(self) -> None:
        self.following = False

    def follow(self) -> None:
        self.following = True


@dataclass
class History:
    first_time: float | None = FIRST


def window(selected: Selected, history: History | None = None) -> TimeWindow:
    found = TimeWindow(cast(Any, history or History()), cast(Any, selected), lambda: NOW)
    found.advance(WIDTH)
    return found


def event(time: float, seq: int = 1) -> Event:
    return Event(seq, time, "received", "chat", "A")


def test_the_present_is_near_the_right_edge_while_it_follows() -> None:
    shown = window(Selected())
    assert shown.axis.column(NOW) == WIDTH - 5
    assert (shown.axis.step, shown.axis.width) == (STEP, WIDTH)


def test_scrolling_back_holds_and_ends_at_the_beginning() -> None:
    selected = Selected()
    shown = window(selected)
    before = shown.axis.begin
    shown.scroll(-0.5)
    assert not selected.following
    assert shown.axis.begin == before - STEP * WIDTH / 2
    for _ in range(1000):
        shown.scroll(-0.5)
    assert shown.axis.begin == FIRST - STEP
    shown.go_to_beginning()
    assert shown.axis.begin == FIRST - STEP


def test_scrolling_on_to_the_present_follows() -> None:
    selected = Selected()
    shown = window(selected)
    shown.scroll(-0.5)
    shown.scroll(0.6)
    assert selected.following


def test_nothing_happened_yet_and_scrolling_back_is_no_error() -> None:
    shown = window(Selected(), History(None))
    shown.scroll(-0.5)
    shown.go_to_beginning()
    assert shown.axis.width == WIDTH


def test_zooming_keeps_what_is_in_a_column_there() -> None:
    shown = window(Selected(following=False, event=event(NOW)))
    time = shown.axis.begin + 30 * shown.axis.step
    shown.zoom(1, 30)
    assert shown.axis.step == SECONDS_PER_CELL[USUAL + 1]
    assert abs(shown.axis.begin + 30 * shown.axis.step - time) < 1e-6


def test_zooming_keeps_the_selected_event_in_its_column_and_has_ends() -> None:
    shown = window(Selected(following=False, event=event(NOW)))
    column = shown.axis.column(NOW)
    shown.zoom(-1)
    assert abs(shown.axis.column(NOW) - column) <= 1
    for _ in range(100):
        shown.zoom(-1)
    assert shown.axis.step == SECONDS_PER_CELL[0]
    for _ in range(100):
        shown.zoom(1)
    assert shown.axis.step == SECONDS_PER_CELL[-1]


def test_an_event_that_is_selected_outside_of_it_is_scrolled_to_once() -> None:
    selected = Selected()
    shown = window(selected)
    selected.following, selected.event = False, event(FIRST + 100, seq=2)
    shown.advance(WIDTH)
    assert shown.axis.column(FIRST + 100) == WIDTH // 2
    assert shown.moment == FIRST + 100
    shown.scroll(0.5)
    shown.scroll(0.5)
    begin = shown.axis.begin
    shown.advance(WIDTH)  # the reader has scrolled away from it
    assert shown.axis.begin == begin
