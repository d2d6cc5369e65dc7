"""Rows that are events: marked, selected, copied."""

from pathlib import Path

from tests.support.dashboards import running_dashboard


async def test_marks_are_set_and_gone_to(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        agent = await dashboard.agent()
        await dashboard.issue(agent, *(f"NUMBER|{n}" for n in range(20)))
        await dashboard.press("up", "b", "up", "up", "up", "b", "home", "apostrophe")
        stream = dashboard.panes.stream
        assert stream.current is not None
        assert stream.current.args == "15"
        await dashboard.press("apostrophe")
        assert stream.current.args == "18"
        await dashboard.press("quotation_mark")
        assert stream.current.args == "15"


async def test_rows_are_copied_alone_and_together(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        agent = await dashboard.agent()
        await dashboard.issue(agent, "ONE", "TWO", "THREE")
        await dashboard.press("up", "y")
        assert dashboard.app.clipboard.endswith("← chat TWO")
        await dashboard.press("shift+up", "y")
        first, second = dashboard.app.clipboard.splitlines()
        assert first.endswith("← chat ONE")
        assert second.endswith("← chat TWO")
