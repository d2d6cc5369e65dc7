"""What stands in the stream until the first agent connects."""

from pathlib import Path

from tests.support.dashboards import running_dashboard


async def test_the_url_and_the_lines_for_the_mdf_are_shown_until_an_agent_connects(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.until(lambda: f"at {dashboard.hub.url}" in dashboard.screen())
        for line in dashboard.hub.mdf_lines:
            assert line in dashboard.screen()
        await dashboard.press("w")
        assert dashboard.app.clipboard == "\n".join(dashboard.hub.mdf_lines) + "\n"
