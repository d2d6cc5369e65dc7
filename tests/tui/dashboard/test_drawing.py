"""Only what has changed on the dashboard is drawn again, and all that has."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from rich.segment import Segment
from textual.geometry import Region
from textual.screen import Screen
from textual.widget import Widget

from mdxdash.tui.views.stream import Stream
from tests.support.dashboards import Dashboard, running_dashboard

LINES = [f"TEST_MESSAGE|こんにちは {number}" for number in range(60)]


def drawn(pane: Widget) -> list[list[Segment]]:
    return [list(strip) for strip in pane.render_lines(pane.size.region)]


async def other_theme(dashboard: Dashboard) -> None:
    dashboard.app.theme = "textual-light"
    await dashboard.pilot.pause()


async def focus_elsewhere(dashboard: Dashboard) -> None:
    dashboard.panes.types_pane.focus()
    await dashboard.pilot.pause()


async def more_events(dashboard: Dashboard) -> None:
    agent = await dashboard.agent()
    await dashboard.issue(agent, *(f"OTHER_MESSAGE|{number}" for number in range(200)))


async def more_of_the_same_type(dashboard: Dashboard) -> None:
    await dashboard.pilot.pause(0.5)
    await dashboard.issue(await dashboard.agent(), *LINES)


async def wrapped_and_held_and_more_events(dashboard: Dashboard) -> None:
    await dashboard.press("B", "space")
    assert dashboard.panes.stream.wraps
    await more_events(dashboard)


async def wrapped_and_filtered(dashboard: Dashboard) -> None:
    await dashboard.press("B", "up")
    await filtered(dashboard)


async def held_and_more_events(dashboard: Dashboard) -> None:
    await dashboard.press("space")
    await more_events(dashboard)


async def more_events_behind_another_view(dashboard: Dashboard) -> None:
    await dashboard.press("space", "T")
    await more_events(dashboard)
    await dashboard.press("s")


async def more_events_behind_a_zoomed_pane(dashboard: Dashboard) -> None:
    await dashboard.press("m", "Z")
    await more_events(dashboard)
    await dashboard.press("Z")


async def keys(dashboard: Dashboard, *pressed: str) -> None:
    await dashboard.press(*pressed)
    await dashboard.until(lambda: dashboard.panes.stream.view.complete)


async def filtered(dashboard: Dashboard) -> None:
    dashboard.panes.filter_bar.text = "type:TEST_MESSAGE -5"
    await keys(dashboard)


async def nothing_passes(dashboard: Dashboard) -> None:
    dashboard.panes.filter_bar.text = "さようなら"
    await keys(dashboard)


@pytest.mark.parametrize(
    "change",
    [
        other_theme,
        focus_elsewhere,
        more_events,
        more_of_the_same_type,
        wrapped_and_held_and_more_events,
        wrapped_and_filtered,
        held_and_more_events,
        more_events_behind_another_view,
        more_events_behind_a_zoomed_pane,
        filtered,
        nothing_passes,
        lambda dashboard: keys(dashboard, "up", "up", "up"),
        lambda dashboard: keys(dashboard, "home"),
        lambda dashboard: keys(dashboard, "up", "shift+up", "shift+up", "up"),
        lambda dashboard: keys(dashboard, "up", "b"),
        lambda dashboard: keys(dashboard, "B"),
        lambda dashboard: keys(dashboard, "space", "space"),
    ],
)
async def test_what_stands_in_the_panes_is_what_a_new_drawing_shows(
    tmp_path: Path, change: Callable[[Dashboard], Awaitable[None]]
):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.issue(await dashboard.agent(), *LINES)
        await change(dashboard)
        await dashboard.pilot.pause(0.3)  # the panes at the side are drawn now and then
        for pane in (dashboard.panes.stream, dashboard.panes.types_pane):
            before = drawn(pane)
            pane.refresh()
            assert drawn(pane) == before


@pytest.mark.parametrize("pressed", [("space",), ("B", "space")])
async def test_the_rows_of_a_held_stream_are_not_drawn_again_for_what_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pressed: tuple[str, ...]
):
    async with running_dashboard(tmp_path) as dashboard:
        agent = await dashboard.agent()
        await dashboard.issue(agent, *LINES)
        await dashboard.press(*pressed)
        await dashboard.pilot.pause(0.3)
        lines: list[int] = []
        draw = Stream.render_line

        def counted(stream: Stream, y: int) -> object:
            lines.append(y)
            return draw(stream, y)

        monkeypatch.setattr(Stream, "render_line", counted)
        await dashboard.issue(agent, *LINES)
        await dashboard.until(lambda: "60 new" in dashboard.screen())
        assert lines == []


async def test_a_new_title_of_the_stream_draws_only_the_border(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async with running_dashboard(tmp_path) as dashboard:
        agent = await dashboard.agent()
        await dashboard.issue(agent, *LINES)
        await dashboard.press("space")
        await dashboard.pilot.pause(0.3)
        heights: list[int] = []
        set_dirty = Widget._set_dirty

        def noted(widget: Widget, *regions: Region) -> None:
            if widget is dashboard.panes.stream_pane:
                heights.extend(each.height for each in regions or (widget.size.region,))
            set_dirty(widget, *regions)

        monkeypatch.setattr(Widget, "_set_dirty", noted)
        await dashboard.issue(agent, *LINES)
        await dashboard.until(lambda: "60 new" in dashboard.screen())
        assert set(heights) == {1}


async def test_a_lane_goes_on_with_the_time(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        agent = await dashboard.agent()
        await dashboard.issue(agent, "SYNTH_EVENT_START|0")
        await dashboard.press("T")
        lanes = dashboard.panes.views.timeline.lanes
        await dashboard.until(lambda: lanes.row_count)
        before = drawn(lanes)
        await dashboard.until(lambda: drawn(lanes) != before)


async def test_a_hint_that_stands_lays_nothing_out_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.issue(await dashboard.agent(), *LINES)
        dashboard.panes.filter_bar.text = "type:NOSUCH"
        await dashboard.until(lambda: "no type is called NOSUCH" in dashboard.screen())
        await dashboard.pilot.pause(0.5)
        laid_out: list[bool] = []
        refresh_layout = Screen._refresh_layout

        def noted(screen: Screen[None], *args: Any, **options: Any) -> None:
            laid_out.append(True)
            refresh_layout(screen, *args, **options)

        monkeypatch.setattr(Screen, "_refresh_layout", noted)
        await dashboard.pilot.pause(1)
        assert not laid_out
