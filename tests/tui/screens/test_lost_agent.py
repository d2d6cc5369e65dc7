"""The screen of a lost agent."""

from pathlib import Path

import pytest

from mdxdash.tui.screens.lost_agent import LostAgentScreen
from tests.support.dashboards import running_dashboard


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_its_newest_event_is_in_view_and_what_may_have_happened_is_said(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with running_dashboard(tmp_path, size=size) as dashboard:
        agent = await dashboard.agent()
        await dashboard.issue(agent, *(f"LINE|{number}" for number in range(30)))
        dashboard.agents.pop().cancel()
        await dashboard.until(lambda: dashboard.app.context.alerts.unseen["lost"])
        await dashboard.press("L")
        await dashboard.until(lambda: isinstance(dashboard.app.screen, LostAgentScreen))
        await dashboard.until(lambda: "○ connection lost" in dashboard.screen())
        assert "has crashed, or the network failed" in dashboard.screen()
