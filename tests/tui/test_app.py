"""The dashboard as a whole, with a real hub and simulated agents."""

from pathlib import Path

from tests.support.dashboards import running_dashboard


async def test_in_a_narrow_terminal_the_side_column_comes_when_it_is_asked_for(tmp_path: Path):
    async with running_dashboard(tmp_path, size=(80, 24)) as dashboard:
        side = dashboard.panes.query_one("#side")
        assert not side.display
        await dashboard.press("t")
        assert side.display
        await dashboard.press("escape")
        assert not side.display


async def test_what_the_network_sends_is_inert(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        agent = await dashboard.agent()
        await dashboard.issue(agent, "EVIL|[bold]x[/bold]|\x1b[31m|\u202eabc")
        await dashboard.until(lambda: "EVIL" in dashboard.screen())
        screen = dashboard.screen()
        assert "[bold]x[/bold]|␛[31m|<U+202E>abc" in screen
        assert "\x1b" not in screen
        assert "\u202e" not in screen
