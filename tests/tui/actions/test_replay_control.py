"""Sending selected rows' commands again."""

from pathlib import Path

from tests.support.dashboards import Dashboard, running_dashboard


def sent(dashboard: Dashboard) -> list[str]:
    return [event.type for event in dashboard.log if event.kind == "sent"]


def record_sent(dashboard: Dashboard, *, seconds_apart: float) -> None:
    """Commands FIRST, SECOND, THIRD that were sent some time ago."""
    for place, type_ in enumerate(("FIRST", "SECOND", "THIRD")):
        at = 1e9 + place * seconds_apart
        dashboard.log.append("sent", "chat", type_, time=at)


async def select_all(dashboard: Dashboard) -> None:
    await dashboard.until(lambda: dashboard.panes.stream.view.complete)
    await dashboard.press("up", "down", "shift+up", "shift+up", "shift+up")


async def test_the_commands_among_the_selected_rows_are_sent_again(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        record_sent(dashboard, seconds_apart=0.01)
        await select_all(dashboard)
        await dashboard.press("P")
        await dashboard.until(lambda: sent(dashboard)[3:] == ["FIRST", "SECOND", "THIRD"])
        await dashboard.until(lambda: dashboard.notified("Sent 3 of 3 commands again"))


async def test_the_key_stops_what_runs(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        record_sent(dashboard, seconds_apart=3600)
        await select_all(dashboard)
        await dashboard.press("P")
        await dashboard.until(lambda: dashboard.notified("to go; P stops"))
        await dashboard.press("P")
        await dashboard.until(lambda: dashboard.notified("Sent 1 of 3 commands again"))
        assert not dashboard.panes.replay_control.running


async def test_where_nothing_was_sent_that_is_told(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        await dashboard.press("P")
        await dashboard.until(lambda: dashboard.notified("Nothing was sent among"))
