"""The types pane: its switches edit the filter."""

from pathlib import Path

from tests.support.dashboards import running_dashboard


async def test_switching_a_type_edits_the_filter(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        agent = await dashboard.agent()
        await dashboard.issue(agent, "A_TYPE", "B_TYPE", "A_TYPE")
        await dashboard.until(lambda: "A_TYPE" in dashboard.screen())
        await dashboard.press("t", "home", "space")
        assert dashboard.app.filter_bar.text == "-type:A_TYPE"
        await dashboard.until(lambda: "A_TYPE" not in dashboard.rows())
        await dashboard.press("space")
        assert dashboard.app.filter_bar.text == ""
        await dashboard.press("down", "o")
        assert dashboard.app.filter_bar.text == "type:B_TYPE"


async def test_a_click_switches_a_type_too(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        agent = await dashboard.agent()
        await dashboard.issue(agent, "A_TYPE")
        await dashboard.until(lambda: dashboard.app.types_pane.row_count == 1)
        await dashboard.pilot.click("#types", offset=(5, 1))
        await dashboard.pilot.pause()
        assert dashboard.app.filter_bar.text == "-type:A_TYPE"
