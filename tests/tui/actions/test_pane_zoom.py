"""One pane fills the screen."""

from pathlib import Path

import pytest

from tests.support.dashboards import Dashboard, running_dashboard

SIZES = [(80, 24), (160, 45)]
PANES = {"s": "stream-pane", "a": "agents", "t": "types", "m": "macros"}


def fills(dashboard: Dashboard, pane: str) -> bool:
    """Whether a pane has all of the screen but the status bar and the footer."""
    region = dashboard.panes.query_one(f"#{pane}").region
    width, height = dashboard.app.size
    return region.width == width and region.height >= height - 3


@pytest.mark.parametrize("size", SIZES)
async def test_a_key_zooms_the_focused_pane_and_gives_it_back(
    tmp_path: Path, size: tuple[int, int]
):
    async with running_dashboard(tmp_path, size=size) as dashboard:
        for key, pane in PANES.items():
            for back in ("Z", "escape"):
                await dashboard.press(key)
                before = dashboard.panes.query_one(f"#{pane}").region
                await dashboard.press("Z")
                assert fills(dashboard, pane)
                assert "Help" in dashboard.screen().splitlines()[-1]
                await dashboard.press(back)
                assert dashboard.panes.query_one(f"#{pane}").region == before


@pytest.mark.parametrize("size", SIZES)
async def test_going_to_another_pane_ends_the_zoom(tmp_path: Path, size: tuple[int, int]):
    async with running_dashboard(tmp_path, size=size) as dashboard:
        await dashboard.press("Z")
        await dashboard.until(lambda: fills(dashboard, "stream-pane"))
        await dashboard.press("c")
        await dashboard.until(lambda: not fills(dashboard, "stream-pane"))
        await dashboard.type("HELLO")
        assert "HELLO" in dashboard.screen()


async def test_a_dialog_over_the_pane_changes_nothing(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.press("Z", "question_mark")
        await dashboard.until(lambda: len(dashboard.app.screen_stack) == 2)
        await dashboard.press("escape")
        await dashboard.until(lambda: len(dashboard.app.screen_stack) == 1)
        assert fills(dashboard, "stream-pane")
