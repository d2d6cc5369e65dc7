"""From alert to alert: the status bar, the key, the line of a lost agent, the report."""

from pathlib import Path

import pytest

from mdxdash.tui.actions import alert_control
from mdxdash.tui.screens.event_screen import EventScreen
from mdxdash.tui.screens.lost_agent import LostAgentScreen
from mdxdash.tui.views import stream
from tests.support.dashboards import Dashboard, running_dashboard

SIZES = [(80, 24), (160, 45)]


async def lose(dashboard: Dashboard) -> None:
    """Connects an agent, and ends it."""
    await dashboard.issue(await dashboard.agent(), "RECOG_EVENT_START", "RECOG_EVENT_STOP|hello")
    dashboard.agents.pop().cancel()
    await dashboard.until(lambda: dashboard.app.context.alerts.unseen["lost"])
    await dashboard.until(lambda: "1 lost" in dashboard.screen())


@pytest.mark.parametrize("size", SIZES)
async def test_a_lost_agent_is_told_across_the_width_until_it_is_seen(tmp_path: Path, size):
    async with running_dashboard(tmp_path, size=size) as dashboard:
        await lose(dashboard)
        await dashboard.until(lambda: "✕ chat lost at " in dashboard.screen())
        assert "after RECOG_EVENT_STOP" in dashboard.screen()
        await dashboard.press("exclamation_mark")
        await dashboard.until(lambda: "✕ chat lost at " not in dashboard.screen())
        assert "1 lost" not in dashboard.screen()
        current = dashboard.panes.stream.current
        assert current is not None and current.kind == "disconnected"


@pytest.mark.parametrize("size", SIZES)
async def test_an_alert_is_gone_to_through_the_filter_which_up_brings_back(tmp_path: Path, size):
    async with running_dashboard(tmp_path, size=size) as dashboard:
        await lose(dashboard)
        await dashboard.press("slash")
        await dashboard.type("type:RECOG_*")
        await dashboard.press("enter")
        await dashboard.until(lambda: dashboard.rows() == ["RECOG_EVENT_START", "RECOG_EVENT_STOP"])
        await dashboard.press("exclamation_mark")
        await dashboard.until(lambda: len(dashboard.rows()) > 2)
        current = dashboard.panes.stream.current
        assert current is not None and current.kind == "disconnected"
        await dashboard.press("slash", "up")
        assert dashboard.panes.filter_bar.text == "type:RECOG_*"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("wrapped", [False, True])
async def test_the_alert_stands_on_the_screen_among_what_the_filter_hid(
    tmp_path: Path, size: tuple[int, int], wrapped: bool
):
    async with running_dashboard(tmp_path, size=size) as dashboard:
        for number in range(600):
            dashboard.log.append("received", "chat", "BUSY" if number % 50 else "RECOG_EVENT_STOP")
            if number == 300:
                dashboard.log.append("fault", text="what went wrong")
        await dashboard.until(lambda: len(dashboard.rows()) == 601)
        if wrapped:
            await dashboard.press("B")
        await dashboard.press("slash")
        await dashboard.type("type:RECOG*")
        await dashboard.press("enter")
        await dashboard.until(lambda: len(dashboard.rows()) == 12)
        await dashboard.press("exclamation_mark")
        await dashboard.until(lambda: len(dashboard.rows()) == 601)
        await dashboard.until(lambda: dashboard.panes.stream.view.complete)
        await dashboard.pilot.pause()
        lines = "\n".join(dashboard.stream_lines())
        assert "what went wrong" in lines
        assert lines.count("BUSY") > 3


async def test_the_alert_stands_on_the_screen_also_when_its_row_is_found_late(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(alert_control, "_SEARCH_SECONDS", 0)
    monkeypatch.setattr(stream, "ADVANCE_BUDGET", 0)
    async with running_dashboard(tmp_path) as dashboard:
        dashboard.log.append("fault", text="what went wrong")
        for _ in range(3000):
            dashboard.log.append("received", "chat", "BUSY")
        await dashboard.press("slash", *"none")
        await dashboard.press("enter", "exclamation_mark")
        await dashboard.until(lambda: dashboard.panes.stream.view.complete)
        await dashboard.until(lambda: "what went wrong" in "".join(dashboard.stream_lines()))


@pytest.mark.parametrize("view", ["conversation", "timeline"])
async def test_an_alert_is_gone_to_from_another_view(tmp_path: Path, view: str):
    async with running_dashboard(tmp_path) as dashboard:
        dashboard.log.append("fault", text="what went wrong")
        await dashboard.until(dashboard.rows)
        await dashboard.panes.run_action(f"view({view!r})")
        await dashboard.press("exclamation_mark")
        await dashboard.until(lambda: "what went wrong" in "".join(dashboard.stream_lines()))
        assert dashboard.app.focused is dashboard.panes.stream


async def test_an_alert_is_gone_to_in_a_cleared_stream(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await lose(dashboard)
        await dashboard.press("ctrl+l")
        assert not dashboard.rows()
        await dashboard.press("exclamation_mark")
        current = dashboard.panes.stream.current
        assert current is not None and current.kind == "disconnected"


@pytest.mark.parametrize("size", SIZES)
async def test_the_key_goes_on_to_the_next_and_is_none_without_an_alert(
    tmp_path: Path, size: tuple[int, int]
):
    async with running_dashboard(tmp_path, size=size) as dashboard:
        assert "! Alerts" not in dashboard.screen()
        first = dashboard.log.append("fault", text="first").seq
        second = dashboard.log.append("fault", text="second").seq
        await dashboard.until(lambda: "! 2 faults" in dashboard.screen())
        await dashboard.until(lambda: "! Alerts" in dashboard.screen())
        for seq in (second, first, second):
            await dashboard.press("exclamation_mark")
            current = dashboard.panes.stream.current
            assert current is not None and current.seq == seq


@pytest.mark.parametrize("size", SIZES)
async def test_the_last_events_are_one_key_away_and_a_row_leads_to_the_stream(tmp_path: Path, size):
    async with running_dashboard(tmp_path, size=size) as dashboard:
        await lose(dashboard)
        await dashboard.press("L")
        await dashboard.until(lambda: isinstance(dashboard.app.screen, LostAgentScreen))
        await dashboard.until(lambda: "RECOG_EVENT_STOP" in dashboard.screen())
        await dashboard.press("up", "enter")
        await dashboard.until(lambda: isinstance(dashboard.app.screen, EventScreen))
        await dashboard.until(lambda: "RECOG_EVENT_STOP" in dashboard.screen())
        await dashboard.press("up")
        await dashboard.until(lambda: "RECOG_EVENT_START" in dashboard.screen())
        await dashboard.press("down", "escape", "s")
        await dashboard.until(lambda: len(dashboard.app.screen_stack) == 1)
        current = dashboard.panes.stream.current
        assert current is not None and current.type == "RECOG_EVENT_STOP"
        await dashboard.until(lambda: "✕ chat lost at " not in dashboard.screen())


@pytest.mark.parametrize("size", SIZES)
async def test_the_report_is_written_and_its_file_named(tmp_path: Path, size: tuple[int, int]):
    async with running_dashboard(tmp_path, size=size) as dashboard:
        written = tmp_path / "report.txt"
        dashboard.app.context.write_report = lambda alert: written
        await lose(dashboard)
        await dashboard.press("L", "W")
        await dashboard.until(lambda: dashboard.notified(str(written)))


async def test_a_lost_agent_comes_first_in_its_pane_and_opens_its_events(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent("/chat-1")
        await dashboard.agent("/chat-2")
        dashboard.agents.pop().cancel()
        await dashboard.until(lambda: dashboard.app.context.alerts.unseen["lost"])

        def first() -> str:
            lines = dashboard.screen().splitlines()
            return next((each for each in lines if "A chat-1" in each or "B chat-2" in each), "")

        await dashboard.until(lambda: "B chat-2  lost" in first())
        await dashboard.press("a", "home", "enter")
        await dashboard.until(lambda: isinstance(dashboard.app.screen, LostAgentScreen))


async def test_a_failed_macro_is_told_where_it_happened(tmp_path: Path):
    macros = '[[macro]]\nname = "M"\nkey = "1"\nsteps = [{ wait = "type:X", timeout = "100ms" }]\n'
    async with running_dashboard(tmp_path, macros=macros) as dashboard:
        await dashboard.agent()
        await dashboard.press("1")
        await dashboard.until(lambda: "! 1 macro failed" in dashboard.screen())
        await dashboard.press("exclamation_mark")
        current = dashboard.panes.stream.current
        assert current is not None and current.text.startswith("macro M: step 1: wait type:X")


@pytest.mark.parametrize("size", SIZES)
async def test_the_bell_rings_at_a_new_alert_where_it_is_wanted(tmp_path: Path, monkeypatch, size):
    rung: list[str] = []
    async with running_dashboard(tmp_path, size=size) as dashboard:
        monkeypatch.setattr(dashboard.app, "bell", lambda: rung.append("bell"))
        dashboard.log.append("fault", text="not wanted")
        assert not rung
        dashboard.app.context.bell = True
        dashboard.panes.alert_control.start()
        dashboard.log.append("fault", text="old", time=1.0)
        assert not rung
        dashboard.log.append("fault", text="new")
        dashboard.log.append("fault", text="at the same moment")
        assert rung == ["bell"]


@pytest.mark.parametrize("size", SIZES)
async def test_six_agents_are_seen_at_once_and_the_lost_one_first(tmp_path: Path, size):
    async with running_dashboard(tmp_path, size=size) as dashboard:
        for number in range(6):
            await dashboard.agent(f"/chat-{number}")
        dashboard.agents.pop().cancel()
        await dashboard.press("a")

        def named() -> list[str]:
            lines = [line[:40] for line in dashboard.screen().splitlines()]
            return [line for line in lines if "chat-" in line and line.startswith("│")]

        await dashboard.until(lambda: len(named()) == 6 and "F chat-5  lost" in named()[0])
        await dashboard.until(lambda: "Macros" in dashboard.screen())
