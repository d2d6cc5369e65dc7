"""The list of rows: the cursor, keys, the mouse, scrolling, and rows in terminal cells."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import pytest
from rich.style import Style
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.pilot import Pilot
from textual.strip import Strip

from mdxdash.tui.widgets.lists.row_list import RowList
from mdxdash.tui.widgets.lists.row_parts import RowPart


class Numbers(RowList):
    """Numbered rows, as many as wanted."""

    count = 100

    @property
    def row_count(self) -> int:
        return self.count

    def row_parts(self, row: int, line: int, width: int) -> Iterable[RowPart]:
        return [RowPart(f"row {row}", "strong"), RowPart(f" line {line}", "dim")]


class Counts(Numbers):
    """A number in each row that can change; notes which lines are drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers = [0] * self.count
        self.drawn: list[int] = []

    def row_parts(self, row: int, line: int, width: int) -> Iterable[RowPart]:
        return [RowPart(f"{self.numbers[row]} 件")]

    def render_line(self, y: int) -> Strip:
        self.drawn.append(y)
        return super().render_line(y)


class TwoLines(Numbers):
    LINES_PER_ROW = 2


class Listing(App[None]):
    """An app with a list of rows, ten lines high."""

    CSS = "RowList { height: 10; width: 30; overflow-x: hidden; } " + " ".join(
        f".rows--{name} {{ color: red; }}" for name in ("cursor", "strong", "dim")
    )

    def __init__(self, rows: Numbers) -> None:
        super().__init__()
        self.rows = rows
        self.chosen: list[int] = []

    def compose(self) -> ComposeResult:
        yield self.rows

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        self.chosen.append(event.row)


@asynccontextmanager
async def listing(rows: Numbers) -> AsyncIterator[tuple[Listing, Pilot[None]]]:
    app = Listing(rows)
    async with app.run_test(size=(40, 12)) as pilot:
        rows.focus()
        await pilot.pause()
        yield app, pilot


def first_line(rows: Numbers) -> str:
    return rows.render_line(0).text.rstrip()


@pytest.mark.parametrize(
    ("keys", "cursor"),
    [
        (("down", "j"), 2),
        (("down", "up", "k"), 0),
        (("end",), 99),
        (("G", "g"), 0),
        (("pagedown",), 9),
        (("pagedown", "pageup", "pageup"), 0),
        (("end", "down"), 99),
    ],
)
async def test_keys_move_the_cursor_within_the_rows(keys: tuple[str, ...], cursor: int):
    async with listing(Numbers()) as (app, pilot):
        await pilot.press(*keys)
        assert app.rows.cursor == cursor


async def test_only_lines_that_show_something_else_are_drawn_again():
    rows = Counts()
    async with listing(rows) as (_app, pilot):
        rows.resize_rows()
        await pilot.pause()
        rows.numbers[3] = 7
        rows.drawn.clear()
        rows.resize_rows()
        await pilot.pause()
        assert rows.drawn == [3]
        rows.drawn.clear()
        rows.resize_rows()
        await pilot.pause()
        assert rows.drawn == []


async def test_a_line_is_drawn_again_when_only_the_cursor_has_left_it():
    rows = Counts()
    async with listing(rows) as (_app, pilot):
        rows.drawn.clear()
        rows.cursor = 2
        rows.draw_changes()
        await pilot.pause()
        assert rows.drawn == [0, 2]


async def test_lines_are_drawn_again_when_rows_come_or_go():
    rows = Counts()
    rows.count = 4
    async with listing(rows) as (_app, pilot):
        rows.drawn.clear()
        rows.count = 6
        rows.draw_changes()
        await pilot.pause()
        assert rows.drawn == [4, 5]
        rows.count = 5
        rows.draw_changes()
        await pilot.pause()
        assert rows.render_lines(Region(0, 5, 30, 1))[0].text.strip() == ""


async def test_of_the_scroll_bar_only_the_lines_of_its_thumb_are_drawn_again():
    rows = Numbers()
    rows.count = 1000
    async with listing(rows) as (_app, pilot):
        rows.scroll_to(y=500, animate=False)
        await pilot.pause()
        rows.scroll_to(y=600, animate=False)
        to_draw = rows.vertical_scrollbar._repaint_regions
        assert max(region.height for region in to_draw) <= 3
        await pilot.pause()
        drawn = rows.vertical_scrollbar.render_lines(rows.vertical_scrollbar.size.region)
        rows.vertical_scrollbar.refresh()
        assert rows.vertical_scrollbar.render_lines(rows.vertical_scrollbar.size.region) == drawn


async def test_the_row_of_the_cursor_is_scrolled_into_view():
    async with listing(Numbers()) as (app, pilot):
        await pilot.press("end")
        assert first_line(app.rows) == "row 90 line 0"
        await pilot.press("home")
        assert first_line(app.rows) == "row 0 line 0"


async def test_a_row_of_two_lines_is_scrolled_as_a_whole():
    async with listing(TwoLines()) as (app, pilot):
        await pilot.press("end")
        assert first_line(app.rows) == "row 95 line 0"
        assert app.rows.render_line(9).text.rstrip() == "row 99 line 1"
        await pilot.press("pageup")
        assert app.rows.cursor == 95


async def test_enter_and_a_double_click_choose_a_row_and_a_click_selects():
    async with listing(TwoLines()) as (app, pilot):
        await pilot.press("down", "enter")
        await pilot.click(TwoLines, offset=(2, 5))
        assert (app.chosen, app.rows.cursor) == ([1], 2)
        await pilot.click(TwoLines, offset=(2, 5), times=2)
        assert app.chosen == [1, 2]
        assert app.rows.cursor == 2


async def test_a_click_below_the_last_row_chooses_nothing():
    rows = Numbers()
    rows.count = 3
    async with listing(rows) as (app, pilot):
        await pilot.click(Numbers, offset=(2, 5))
        assert app.chosen == []
        assert rows.cursor == 0


async def test_enter_on_an_empty_list_chooses_nothing():
    rows = Numbers()
    rows.count = 0
    async with listing(rows) as (app, pilot):
        await pilot.press("enter")
        assert app.chosen == []
        assert first_line(rows) == ""


async def test_rows_that_came_can_be_scrolled_to_once_they_are_taken_over():
    rows = Numbers()
    async with listing(rows) as (_, pilot):
        rows.count = 1000
        rows.resize_rows()
        await pilot.press("end")
        assert rows.cursor == 999
        assert first_line(rows) == "row 990 line 0"


def bar_lines(rows: Numbers) -> list[list[tuple[str, Style | None]]]:
    """The scroll bar as it stands on the screen, without what the mouse finds there."""
    bar = rows.vertical_scrollbar
    strips = rows.screen._compositor.render_strips(rows.app.size)
    lines = [strips[y].crop(bar.region.x, bar.region.right) for y in bar.region.line_range]
    return [[(text, style and style.without_color) for text, style, _ in line] for line in lines]


@pytest.mark.parametrize("counts", [(11, 12, 20), (40, 45, 50), (1000, 1001, 1500, 9000)])
@pytest.mark.parametrize("follows", [True, False])
async def test_the_scroll_bar_is_as_textual_would_draw_it(
    counts: tuple[int, ...], follows: bool
) -> None:
    rows = Numbers()
    async with listing(rows) as (_, pilot):
        for count in counts:
            rows.count = count
            rows.resize_rows()
            if follows:
                rows.scroll_to(y=rows.max_scroll_y, animate=False, force=True)
            await pilot.pause()
            drawn = bar_lines(rows)
            rows.vertical_scrollbar.refresh()
            await pilot.pause()
            assert bar_lines(rows) == drawn


@pytest.mark.parametrize("last", [18, 20, 25, 30])
async def test_the_scroll_bar_has_one_thumb_after_few_rows_and_many_again(last: int) -> None:
    rows = Numbers()
    rows.count = 31
    async with listing(rows) as (_, pilot):
        for count, cursor in ((31, 30), (3, 0), (31, 0), (31, last)):
            rows.count = count
            rows.resize_rows()
            await pilot.pause(0.05)
            rows.move_cursor(cursor)
            await pilot.pause(0.05)
        drawn = bar_lines(rows)
        rows.vertical_scrollbar.refresh()
        await pilot.pause(0.05)
        assert bar_lines(rows) == drawn
