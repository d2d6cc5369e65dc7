"""The filter line."""

from pathlib import Path

from tests.support.dashboards import running_dashboard


async def test_the_filter_leaves_only_what_it_names_and_moves_the_switches(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        agent = await dashboard.agent()
        await dashboard.issue(
            agent, "RECOG_EVENT_STOP|こんにちは", "SYNTH_START|0|mei|はい", "OTHER"
        )
        await dashboard.press("slash")
        await dashboard.type("type:SYNTH_*")
        await dashboard.press("enter")
        await dashboard.until(lambda: dashboard.rows() == ["SYNTH_START"])
        await dashboard.until(lambda: "■ SYNTH_START" in dashboard.screen())
        assert "□ OTHER" in dashboard.screen()
        assert dashboard.app.stream.has_focus


async def test_an_error_in_the_filter_is_shown_and_the_last_good_filter_stays(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        agent = await dashboard.agent()
        await dashboard.issue(agent, "A_TYPE", "B_TYPE")
        await dashboard.press("slash")
        await dashboard.type("type:A_TYPE (")
        await dashboard.until(lambda: "^" in dashboard.screen())
        assert dashboard.rows() == ["A_TYPE"]


async def test_changing_an_invalid_filter_changes_the_filter_in_force(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.issue(await dashboard.agent(), "A_TYPE", "B_TYPE")
        await dashboard.press("slash")
        await dashboard.type("-hello (")
        await dashboard.press("escape", "o")
        assert dashboard.app.filter_bar.text == "-hello type:B_TYPE"
