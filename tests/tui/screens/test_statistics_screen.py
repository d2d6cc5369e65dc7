"""The statistics screen."""

from pathlib import Path

from mdxdash.tui.screens.statistics_screen import StatisticsScreen
from tests.support.dashboards import running_dashboard
from tests.support.recorded import RECORDINGS
from tests.tui.dashboard.test_recorded import complete, opened


async def test_what_happens_is_counted_while_one_looks(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        agent = await dashboard.agent()
        await dashboard.press("z")
        assert isinstance(dashboard.app.screen, StatisticsScreen)
        await dashboard.issue(agent, *(f"NUMBER|{n}" for n in range(50)), "OTHER")
        await dashboard.until(
            lambda: "NUMBER                               50" in dashboard.screen()
        )
        assert "98.0%" in dashboard.screen()
        await dashboard.press("escape")
        assert dashboard.panes.stream.has_focus


async def test_round_trips_and_what_came_before_are_there(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        await dashboard.agent("/chat-1")
        await dashboard.press("1")
        await dashboard.until(lambda: any(e.round_trip for e in dashboard.log))
        await dashboard.press("z")
        await dashboard.until(lambda: " ms " in dashboard.screen())
        rows = [row for row in dashboard.screen().splitlines() if " ms " in row]
        assert any(" all " in row for row in rows)
        assert any(" chat-1 " in row for row in rows)


async def test_a_recording_has_its_statistics(tmp_path: Path):
    async with opened(RECORDINGS / "messages.jsonl", size=(80, 24)) as dashboard:
        await complete(dashboard)
        await dashboard.press("z")
        await dashboard.until(lambda: "277 events · at most " in dashboard.screen())
        assert "TIMER_EVENT_START" in dashboard.screen()
