"""Watches on the screen: pinned by a key, counted in the status bar, alarms, unpinned."""

import asyncio
from pathlib import Path

import pytest

from mdxdash.tui.screens.dialogs.confirm import ConfirmDialog
from mdxdash.tui.screens.watches import WatchesScreen
from tests.support.attached_dashboards import attached_dashboard
from tests.support.dashboards import Dashboard, running_dashboard
from tests.support.faces import session_in

SIZES = [(80, 24), (160, 45)]


def status(dashboard: Dashboard) -> str:
    return dashboard.screen().splitlines()[0]


async def filtered(dashboard: Dashboard, text: str) -> None:
    await dashboard.press("slash")
    await dashboard.type(text)
    await dashboard.press("enter")


@pytest.mark.parametrize("size", SIZES)
async def test_a_key_pins_the_filter_in_force_and_its_events_are_counted(tmp_path: Path, size):
    async with running_dashboard(tmp_path, size=size) as dashboard:
        agent = await dashboard.agent()
        await filtered(dashboard, "type:RECOG_EVENT_STOP")
        await dashboard.press("p")
        await dashboard.until(lambda: isinstance(dashboard.app.screen, WatchesScreen))
        await dashboard.until(lambda: "type:RECOG_EVENT_STOP" in dashboard.screen())
        await dashboard.press("enter")
        await dashboard.until(lambda: "RECOG_EVENT_STOP 0" in status(dashboard))
        await dashboard.issue(
            agent, "RECOG_EVENT_STOP|a", "RECOG_EVENT_START", "RECOG_EVENT_STOP|b"
        )
        await dashboard.until(lambda: "RECOG_EVENT_STOP 2" in status(dashboard))
        assert '[[watch]]\nname = "RECOG_EVENT_STOP"' in (tmp_path / "mdxdash.toml").read_text(
            encoding="utf-8"
        )


@pytest.mark.parametrize("size", SIZES)
async def test_an_alarm_is_an_alert_that_the_key_goes_to(tmp_path: Path, size):
    async with running_dashboard(tmp_path, size=size) as dashboard:
        agent = await dashboard.agent()
        await filtered(dashboard, "type:ASK")
        await dashboard.press("p", *["backspace"] * 10)
        await dashboard.type("Quiet")
        await dashboard.press("tab")
        await dashboard.type("no type:ANSWER within 50ms")
        await dashboard.press("enter")
        await dashboard.until(lambda: "Quiet 0" in status(dashboard))
        await dashboard.issue(agent, "ASK")
        await dashboard.until(lambda: "! 1 alarm" in status(dashboard))
        await dashboard.until(lambda: "Quiet 1!" in status(dashboard))
        await dashboard.press("exclamation_mark")
        current = dashboard.panes.stream.current
        assert current is not None
        assert current.text.startswith("watch Quiet: no type:ANSWER within 50ms of ASK at ")
        assert current.agent == "chat"


@pytest.mark.parametrize("size", SIZES)
async def test_a_watch_is_unpinned_where_it_was_pinned(tmp_path: Path, size):
    watches = '[[watch]]\nname = "One"\non = "type:A"\n\n[[watch]]\nname = "Two"\non = "type:B"\n'
    async with running_dashboard(tmp_path, macros=watches, size=size) as dashboard:
        await dashboard.until(lambda: "One 0 · Two 0" in status(dashboard))
        await dashboard.press("p", "down", "down", "delete")
        await dashboard.until(lambda: isinstance(dashboard.app.screen, ConfirmDialog))
        assert "Two" in (tmp_path / "mdxdash.toml").read_text(encoding="utf-8")
        await dashboard.press("y")
        await dashboard.until(lambda: "Two" not in dashboard.screen())
        await dashboard.press("escape")
        assert "One 0" in status(dashboard)


@pytest.mark.parametrize("size", SIZES)
async def test_enter_on_a_watch_shows_its_events(tmp_path: Path, size):
    watches = '[[watch]]\nname = "One"\non = "type:A"\n'
    async with running_dashboard(tmp_path, macros=watches, size=size) as dashboard:
        await dashboard.issue(await dashboard.agent(), "A", "B")
        await dashboard.press("p", "down", "enter")
        await dashboard.until(lambda: dashboard.rows() == ["A"])
        assert dashboard.panes.filter_bar.text == "type:A"


async def test_what_is_wrong_is_told_in_the_dialog_and_nothing_is_pinned(tmp_path: Path):
    async with running_dashboard(tmp_path, size=(80, 24)) as dashboard:
        await filtered(dashboard, "type:A")
        await dashboard.press("p", "tab")
        await dashboard.type("often")
        await dashboard.press("enter")
        await dashboard.until(lambda: "expected first, above 10, or no" in dashboard.screen())
        assert not (tmp_path / "mdxdash.toml").exists()


async def test_more_watches_than_fit_are_counted(tmp_path: Path):
    watches = "".join(
        f'[[watch]]\nname = "A long name of {n}"\non = "type:A{n}"\n' for n in range(9)
    )
    async with running_dashboard(tmp_path, macros=watches, size=(80, 24)) as dashboard:
        await dashboard.until(lambda: "A long name of 0 0" in status(dashboard))
        assert " +" in status(dashboard)


async def test_an_attached_dashboard_counts_the_same_and_can_pin(tmp_path: Path):
    async with session_in(tmp_path) as session:
        async with attached_dashboard(session, tmp_path) as dashboard:
            await filtered(dashboard, "type:A")
            await dashboard.press("p", "enter")
            await dashboard.until(lambda: "A 0" in status(dashboard))
            session.log.append("received", "chat", "A")
            await dashboard.until(lambda: "A 1" in status(dashboard))
            assert [state.count for state in session.watches.states] == [1]
            await asyncio.sleep(0)


async def test_what_is_typed_into_the_dialog_is_a_filter_also_where_there_are_watches(
    tmp_path: Path,
):
    watches = '[[watch]]\nname = "One"\non = "type:A"\n'
    async with running_dashboard(tmp_path, macros=watches, size=(80, 24)) as dashboard:
        await dashboard.until(lambda: "One 0" in status(dashboard))
        await dashboard.press("p")
        await dashboard.type("type:QUIP")
        screen = dashboard.app.screen
        assert isinstance(screen, WatchesScreen)
        assert screen.filter.value == "type:QUIP"
