"""The detail pane: what it shows has its height, though it is seldom laid out."""

from pathlib import Path

from textual.screen import Screen

from mdxdash.tui.dashboard.frames import SLOW_FRAME
from tests.support.dashboards import Dashboard, running_dashboard


async def receive(dashboard: Dashboard, args: str) -> None:
    """Receives a message, and waits until it is drawn."""
    dashboard.log.append("received", "chat", "FLOOD", args)
    await dashboard.until(lambda: dashboard.panes.stream.view.complete)
    for _ in range(3):
        await dashboard.pilot.pause()


async def test_its_text_is_as_high_as_what_it_shows(tmp_path: Path) -> None:
    async with running_dashboard(tmp_path) as dashboard:
        body = dashboard.panes.query_one("#detail-body")
        heights = []
        for args in ("1", "2", "a|long one " * 100, "3", ""):
            await receive(dashboard, args)
            width, height = body.size
            body.clear_cached_dimensions()
            assert height == body.get_content_height(body.size, body.size, width)
            heights.append(body.size.height)
        assert heights[0] == heights[1] == heights[3] < heights[2]


async def test_an_event_of_equal_height_lays_nothing_out(tmp_path: Path) -> None:
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        laid_out: list[Screen[object]] = []
        for args in map(str, range(60)):  # the stream is full, and has its scroll bar
            dashboard.log.append("received", "chat", "FLOOD", args)
        for _ in range(2 * SLOW_FRAME):  # the other panes have drawn the agent
            await receive(dashboard, "1")
        screen = dashboard.app.screen
        screen.screen_layout_refresh_signal.subscribe(screen, laid_out.append)
        await receive(dashboard, "2")
        assert not laid_out
