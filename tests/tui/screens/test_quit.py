"""The question before quitting."""

from pathlib import Path

from mdxdash.tui.screens.quit import QuitDialog
from tests.support.dashboards import running_dashboard


async def test_quitting_with_agents_asks_first_and_y_confirms(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        await dashboard.press("q")
        assert isinstance(dashboard.app.screen, QuitDialog)
        assert "does not survive" in dashboard.screen()
        await dashboard.press("n")
        assert dashboard.app.is_running
        await dashboard.press("q", "y")
        await dashboard.until(lambda: not dashboard.app.is_running)
        assert dashboard.hub.connected == ()


async def test_quitting_without_agents_asks_nothing(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.press("q")
        await dashboard.until(lambda: not dashboard.app.is_running)
