"""The question before leaving while agents are connected."""

from pathlib import Path
from unittest.mock import AsyncMock

from mdxdash.tui.screens.dialogs.quit import QuitDialog
from tests.support.dashboards import Dashboard, running_dashboard


async def asked(dashboard: Dashboard, *, detachable: bool) -> None:
    """The question is on the screen."""
    dashboard.app.context.detach = AsyncMock() if detachable else None
    await dashboard.press("q")
    assert isinstance(dashboard.app.screen, QuitDialog)
    assert "does not survive" in dashboard.screen()


async def test_quitting_with_agents_asks_first_and_y_confirms(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        for detachable in (False, True):
            await asked(dashboard, detachable=detachable)
            await dashboard.press("n")
            assert dashboard.app.is_running
        await dashboard.press("q", "y")
        await dashboard.until(lambda: not dashboard.app.is_running)
        assert dashboard.hub.connected == ()
        assert dashboard.panes.services.kept is None


async def test_detaching_is_the_default_and_leaves_the_hub(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        await asked(dashboard, detachable=True)
        assert "mdxdash attach" in dashboard.screen()
        await dashboard.press("enter")
        await dashboard.until(lambda: not dashboard.app.is_running)
        assert dashboard.hub.connected
        assert dashboard.panes.services.kept is not None
        await dashboard.panes.services.kept.aclose()


async def test_where_it_cannot_be_detached_enter_quits_and_d_does_nothing(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        await asked(dashboard, detachable=False)
        assert "mdxdash attach" not in dashboard.screen()
        await dashboard.press("d")
        assert isinstance(dashboard.app.screen, QuitDialog)
        await dashboard.press("enter")
        await dashboard.until(lambda: not dashboard.app.is_running)
        assert dashboard.hub.connected == ()


async def test_quitting_without_agents_asks_nothing(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.press("q")
        await dashboard.until(lambda: not dashboard.app.is_running)
