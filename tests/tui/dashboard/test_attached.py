"""The dashboard on a hub outside of it: the same screens, and leaving it costs nothing."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from mdxdash.remote.hub_session import HubSession
from mdxdash.tui.panes.user_line import UserLine
from mdxdash.tui.screens.dialogs.export_dialog import ExportDialog
from tests.support.attached_dashboards import attached_dashboard
from tests.support.faces import runtime_folder, session_in
from tests.support.waiting import logged
from tests.tui.screens.dialogs.test_export_dialog import export

MACROS = """
[[macro]]
name = "Greet"
key = "1"
send = "HELLO|there"

[[macro]]
name = "Ask"
key = "2"
params = { whom = "you" }
steps = [{ send = "ASK|{whom}" }, { wait = "type:ANSWER", timeout = "60s" }]
"""


@pytest.fixture
async def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[HubSession]:
    """A hub with macros, which listens and records."""
    folder = tmp_path / "hub"
    folder.mkdir()
    with runtime_folder(monkeypatch):
        async with session_in(folder, macros=MACROS) as session:
            yield session


async def test_events_before_and_after_are_shown_and_agents_with_their_counts(
    session: HubSession, tmp_path: Path
) -> None:
    for number in range(3):
        session.log.append("fault", text=f"before {number}")
    async with attached_dashboard(session, tmp_path) as dashboard:
        await dashboard.until(lambda: len(dashboard.panes.stream.view) == 3)
        agent = await dashboard.agent()
        await dashboard.issue(agent, "MODEL_EVENT_ADD|gene", "SAID|こんにちは")
        await dashboard.until(lambda: "こんにちは" in dashboard.screen())
        await dashboard.until(lambda: "← 2" in dashboard.screen())
        assert f"mdxdash attached to {session.name}" in dashboard.screen()
        assert "1 agent" in dashboard.screen()
        assert dashboard.app.context.log.counts == session.log.counts
        assert dashboard.app.context.hub.agents[0].known.names("model") == ("gene",)
        assert [e.seq for e in dashboard.log] == [e.seq for e in session.log]


async def test_a_line_is_written_with_completion_checked_and_sent(
    session: HubSession, tmp_path: Path
) -> None:
    async with attached_dashboard(session, tmp_path) as dashboard:
        await dashboard.agent()
        await dashboard.until(lambda: dashboard.app.context.hub.connected)
        await dashboard.press("c")
        dashboard.panes.composer.input.value = "SYNTH_STA"
        dashboard.panes.composer.input.cursor_position = 9
        await dashboard.until(lambda: dashboard.panes.composer.suggestions.display)
        await dashboard.press("tab")
        assert dashboard.panes.composer.input.value.startswith("SYNTH_START|")
        dashboard.panes.composer.write(["SYNTH_START|0|mei|hi"])
        await dashboard.press("enter")
        sent = await logged(session.log, lambda e: e.kind == "sent" and e.round_trip is not None)
        assert (sent.type, sent.args, sent.by) == ("SYNTH_START", "0|mei|hi", "attach")
        await dashboard.until(lambda: "✓" in dashboard.screen())
        dashboard.panes.composer.write(["RECOG_MODIFY|GAIN"])
        await dashboard.press("enter")
        await dashboard.until(lambda: "C203" in dashboard.screen())


async def test_what_one_sends_the_other_sees_with_its_name(
    session: HubSession, tmp_path: Path
) -> None:
    async with attached_dashboard(session, tmp_path / "a") as one:
        await one.agent()
        async with attached_dashboard(session, tmp_path / "b") as other:
            other.panes.filter_bar.text = "type:HELLO"
            await one.until(lambda: one.app.context.hub.connected)
            await one.press("c")
            one.panes.composer.write(["HELLO|all"])
            await one.press("enter")
            await other.until(lambda: other.rows() == ["HELLO"])
            await other.until(lambda: "by attach" in other.screen())
            assert "connected" in {event.kind for event in one.log}
            assert len(one.panes.stream.view) > 1
            await one.press("escape", "end", "b")
            await other.until(lambda: other.log.marked)
            assert other.log.marked == session.log.marked == one.log.marked


async def test_an_alert_that_one_has_seen_is_seen_everywhere(
    session: HubSession, tmp_path: Path
) -> None:
    session.log.append("fault", text="seen before")
    session.alerts.see(1)
    session.log.append("fault", text="the sky falls")
    async with attached_dashboard(session, tmp_path / "a") as one:
        async with attached_dashboard(session, tmp_path / "b") as other:
            for each in (one, other):
                await each.until(lambda each=each: each.app.context.alerts.unseen == {"fault": 1})
            await one.press("exclamation_mark")
            await other.until(lambda: not other.app.context.alerts.unseen)
            assert not session.alerts.unseen
            assert not one.app.context.alerts.unseen


async def test_macros_run_at_the_hub_and_their_runs_are_shown(
    session: HubSession, tmp_path: Path
) -> None:
    async with attached_dashboard(session, tmp_path) as dashboard:
        agent = await dashboard.agent()
        await dashboard.until(lambda: dashboard.app.context.hub.connected)
        await dashboard.until(lambda: len(dashboard.panes.runner.macros) == 2)
        await dashboard.press("1")
        await logged(session.log, lambda e: e.type == "HELLO" and e.by == "macro")
        await dashboard.press("2")
        await dashboard.until(lambda: len(dashboard.app.screen_stack) == 2)
        await dashboard.press(*["backspace"] * 3)
        await dashboard.type("me")
        await dashboard.press("enter")
        await logged(session.log, lambda e: e.type == "ASK" and e.args == "me")
        await dashboard.until(lambda: "wait type:ANSWER" in dashboard.screen())
        agent.issue("ANSWER|fine")
        await dashboard.until(
            lambda: [r.state for r in dashboard.panes.runner.runs.records] == ["passed", "passed"]
        )
        await dashboard.press("u")
        await dashboard.until(lambda: "ANSWER" in dashboard.screen())
        step = dashboard.panes.runner.runs.records[1].steps[1]
        assert step.event is not None and step.event.args == "fine"


async def test_a_run_goes_on_when_the_dashboard_is_left_and_is_seen_in_the_next(
    session: HubSession, tmp_path: Path
) -> None:
    async with attached_dashboard(session, tmp_path) as dashboard:
        await dashboard.agent()
        await dashboard.until(lambda: dashboard.app.context.hub.connected)
        dashboard.panes.runner.trigger(dashboard.panes.runner.macros[1])
        await dashboard.until(lambda: dashboard.panes.runner.runs.records)
        agents, dashboard.agents = dashboard.agents, []
        await dashboard.press("q")
        await dashboard.until(lambda: not dashboard.app.is_running)
    assert session.hub.connected
    assert [record.state for record in session.runner.runs.records] == ["running"]
    async with attached_dashboard(session, tmp_path) as dashboard:
        dashboard.agents = agents
        await dashboard.until(lambda: dashboard.panes.runner.runs.records)
        await dashboard.press("0")
        await dashboard.until(
            lambda: [r.state for r in dashboard.panes.runner.runs.records] == ["stopped"]
        )


async def test_a_macro_is_added_in_the_hubs_file(session: HubSession, tmp_path: Path) -> None:
    async with attached_dashboard(session, tmp_path) as dashboard:
        await dashboard.press("c")
        await dashboard.type("NEW|line")
        await dashboard.press("ctrl+s")
        await dashboard.until(lambda: len(dashboard.app.screen_stack) == 2)
        await dashboard.type("Newest")
        await dashboard.press("ctrl+s")
        await dashboard.until(lambda: len(dashboard.panes.runner.macros) == 3)
        await dashboard.until(lambda: len(session.runner.macros) == 3)
        assert session.runner.macros[2].name == "Newest"


async def test_who_only_reads_sends_nothing_and_is_shown_nothing_that_sends(
    session: HubSession, tmp_path: Path
) -> None:
    async with attached_dashboard(session, tmp_path, read_only=True) as dashboard:
        agent = await dashboard.agent()
        await dashboard.issue(agent, "SAID|hello")
        await dashboard.until(lambda: "read-only" in dashboard.screen())
        assert "Compose" not in dashboard.screen()
        assert not dashboard.panes.query(UserLine)
        await dashboard.press("c", "1", "0", "w", "b", "d")
        assert dashboard.app.focused is dashboard.panes.stream
        await dashboard.press("m", "enter")
        await dashboard.until(lambda: dashboard.notified("Greet"))
        await dashboard.press("question_mark")
        await dashboard.until(lambda: len(dashboard.app.screen_stack) == 2)
        assert "Compose" not in dashboard.screen()
        assert not session.log.marked
        assert not session.runner.runs.records


async def test_in_a_browser_it_sends_and_touches_no_file(
    session: HubSession, tmp_path: Path
) -> None:
    async with attached_dashboard(session, tmp_path, in_browser=True) as dashboard:
        await dashboard.agent()
        await dashboard.until(lambda: dashboard.app.context.hub.connected)
        await dashboard.press("X", "w", "m", "plus", "E", "ctrl+e", "delete", "R")
        assert len(dashboard.app.screen_stack) == 1
        assert dashboard.app.clipboard == ""
        await dashboard.press("escape", "c")
        await dashboard.type("HELLO|all")
        await dashboard.press("enter")
        sent = await logged(session.log, lambda event: event.kind == "sent")
        assert (sent.type, sent.by) == ("HELLO", "web")
        assert dashboard.app.context.macro_file is None


async def test_what_was_there_before_is_not_counted_as_of_this_second(
    session: HubSession, tmp_path: Path
) -> None:
    for number in range(500):
        session.log.append("fault", text=f"before {number}")
    async with attached_dashboard(session, tmp_path) as dashboard:
        await dashboard.until(lambda: len(dashboard.panes.stream.view) == 500)
        await dashboard.pilot.pause(0.2)
        assert max(dashboard.panes._rates.per_second) == 0
        await dashboard.issue(await dashboard.agent(), "SAID|こんにちは")
        await dashboard.until(lambda: max(dashboard.panes._rates.per_second) > 0)


async def test_an_agent_that_ended_with_its_hub_is_shown_so_and_the_time_stands_still(
    session: HubSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mdxdash.remote.attached.hub_link.RETRY_DELAYS", (60.0,))
    async with attached_dashboard(session, tmp_path) as dashboard:
        await dashboard.issue(await dashboard.agent(), "SAID|1")
        await dashboard.until(lambda: dashboard.app.context.hub.connected)
        await session.hub.close()
        session.faces.close()
        await dashboard.until(lambda: "hub not reached" in dashboard.screen())
        [agent] = dashboard.app.context.hub.agents
        assert agent.state == "gone"
        now = dashboard.app.context.now()
        await dashboard.pilot.pause(0.1)
        assert dashboard.app.context.now() == now


async def test_a_lost_hub_is_shown_and_found_again(
    session: HubSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mdxdash.remote.attached.hub_link.RETRY_DELAYS", (0.6,))
    async with attached_dashboard(session, tmp_path) as dashboard:
        agent = await dashboard.agent()
        await dashboard.issue(agent, "SAID|1")
        session.faces.close()
        await dashboard.until(lambda: "hub not reached" in dashboard.screen())
        await dashboard.until(lambda: dashboard.attachment.link.attached)
        await dashboard.issue(agent, "SAID|2")
        said = [event.args for event in dashboard.log if event.type == "SAID"]
        assert said == ["1", "2"]
        await dashboard.until(lambda: "hub not reached" not in dashboard.screen())


async def test_older_events_are_read_from_the_hub(
    session: HubSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mdxdash.remote.attached.attachment.TAIL", 20)
    for number in range(100):
        session.log.append("received", "chat", "SAID", str(number))
    async with attached_dashboard(session, tmp_path) as dashboard:
        await dashboard.until(lambda: len(dashboard.panes.stream.view) == 20)
        assert "older at the hub" in dashboard.screen()
        await dashboard.press("home", "up")
        await dashboard.until(lambda: len(dashboard.app.screen_stack) == 2)
        await dashboard.until(lambda: "from #1 to #80" in dashboard.screen())
        assert dashboard.app.context.log.counts == {"SAID": 100}
        await dashboard.press("escape", "z")
        await dashboard.until(lambda: "counted from #81 on" in dashboard.screen())


async def test_what_is_loaded_is_exported_and_the_hubs_recording_is_not_written_over(
    session: HubSession, tmp_path: Path
) -> None:
    for number in range(5):
        session.log.append("received", "chat", "SAID", str(number))
    async with attached_dashboard(session, tmp_path) as dashboard:
        await dashboard.until(lambda: len(dashboard.panes.stream.view) == 5)
        await export(dashboard, tmp_path / "out.csv")
        await dashboard.until(lambda: dashboard.notified("Exported 5 events"))
        assert (tmp_path / "out.csv").read_text(encoding="utf-8").count("SAID") == 5
        assert session.journal is not None
        await export(dashboard, session.journal.path)
        await dashboard.until(lambda: "recording" in dashboard.screen())
        assert isinstance(dashboard.app.screen, ExportDialog)


async def test_a_new_session_of_the_hub_ends_the_app_for_another(
    session: HubSession, tmp_path: Path
) -> None:
    session.log.append("fault", text="hidden")
    async with attached_dashboard(session, tmp_path, filter_text="type:A") as dashboard:
        await dashboard.until(lambda: dashboard.panes.stream.view.filter.text == "type:A")
        assert dashboard.rows() == []
        again: list[str] = []
        dashboard.panes._begin_again = again.append  # type: ignore[attr-defined]
        dashboard.attachment.other_session = True
        await dashboard.until(lambda: not dashboard.app.is_running)
        assert again[0] == "type:A"
