"""Going up past the oldest event in memory."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from types import MappingProxyType

import pytest

from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.hub.server import HubServer
from mdxdash.macros.files.watched_file import MacroFile
from mdxdash.macros.running.runner import MacroRunner
from mdxdash.recordings.journal import Journal
from mdxdash.recordings.opening import open_recording
from mdxdash.recordings.reader import read_window
from mdxdash.settings.tables.hub_section import HubSettings
from mdxdash.tui.app_context import AppContext
from mdxdash.tui.screens.older_events import OlderScreen
from tests.support.apps import dashboard_app
from tests.support.dashboards import Dashboard
from tests.support.waiting import until


@asynccontextmanager
async def outlived(
    tmp_path: Path, answered: Mapping[int, tuple[str, str]] = MappingProxyType({})
) -> AsyncIterator[Dashboard]:
    """A dashboard of which 1,000 events are recorded and the last 100 are in memory. `answered`
    are a type and arguments in place of the usual ones, by `seq`."""
    log = EventLog(100)
    with Journal(tmp_path / "session.jsonl", log) as journal:
        for seq in range(1, 1001):
            type_, args = answered.get(seq, (f"TYPE_{seq % 2}", f"{seq}"))
            kind = "sent" if type_ == "VALUE_SET" else "received"
            log.append(kind, "chat", type_, args, time=1e9 + seq)
        until(lambda: journal.recorded == 1000)
        hub = HubServer(HubSettings(port=0), log)

        def older(start: int, stop: int) -> list[Event]:
            return read_window(journal.path, journal.index, start, stop)

        file = MacroFile(tmp_path / "mdxdash.toml")
        context = AppContext(log, hub, file, MacroRunner(hub, log, ()), older=older)
        app = dashboard_app(context)
        async with app.run_test(size=(160, 45)) as pilot:
            dashboard = Dashboard(app, pilot, hub, log)
            await dashboard.mounted()
            await dashboard.until(
                lambda: app.dashboard.stream.view.complete and len(app.dashboard.stream.view)
            )
            yield dashboard


def older_rows(dashboard: Dashboard) -> list[int]:
    screen = dashboard.app.screen
    return [event.seq for event in screen._rows.events] if isinstance(screen, OlderScreen) else []


async def test_the_screen_says_what_is_where(tmp_path: Path):
    async with outlived(tmp_path) as dashboard:
        first = dashboard.log.first_seq
        text = f"in memory from #{first}, older in the recording"
        await dashboard.until(lambda: text in dashboard.screen())


async def test_going_up_from_the_first_row_goes_on_in_the_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("mdxdash.tui.screens.older_events.WINDOW", 300)
    async with outlived(tmp_path) as dashboard:
        first = dashboard.log.first_seq
        await dashboard.press("home", "up")
        await dashboard.until(lambda: older_rows(dashboard) == list(range(first - 300, first)))
        await dashboard.until(lambda: f"  #{first - 1}" in dashboard.screen())
        await dashboard.press("home")
        await dashboard.until(lambda: older_rows(dashboard) == list(range(first - 600, first)))
        await dashboard.press("end", "down")
        await dashboard.until(lambda: dashboard.panes.stream.has_focus)


async def test_what_had_to_go_for_older_rows_is_read_again_on_the_way_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("mdxdash.tui.screens.older_events.WINDOW", 300)
    monkeypatch.setattr("mdxdash.tui.screens.older_events.ROWS_MAX", 400)
    async with outlived(tmp_path) as dashboard:
        first = dashboard.log.first_seq
        await dashboard.press("home", "up")
        await dashboard.until(lambda: len(older_rows(dashboard)) == 300)
        await dashboard.press("home")
        there = list(range(first - 600, first - 200))
        await dashboard.until(lambda: older_rows(dashboard) == there)
        await dashboard.until(lambda: f"to #{first - 201}" in dashboard.screen())
        await dashboard.press("end", "down")
        await dashboard.until(lambda: older_rows(dashboard) == list(range(first - 400, first)))
        await dashboard.press("end", "down")
        await dashboard.until(lambda: dashboard.panes.stream.has_focus)


async def test_the_filter_holds_there_too(tmp_path: Path):
    async with outlived(tmp_path) as dashboard:
        first = dashboard.log.first_seq
        dashboard.panes.filter_bar.text = "type:TYPE_1"
        await dashboard.until(lambda: set(dashboard.rows()) == {"TYPE_1"})
        await dashboard.until(lambda: dashboard.panes.stream.view.complete)
        await dashboard.press("home", "up")
        await dashboard.until(lambda: older_rows(dashboard) == list(range(1, first, 2)))


async def test_older_rows_are_marked_and_the_mark_is_recorded(tmp_path: Path):
    async with outlived(tmp_path) as dashboard:
        first = dashboard.log.first_seq
        await dashboard.press("home", "up")
        await dashboard.until(lambda: older_rows(dashboard))
        await dashboard.press("up", "b", "up", "up", "b", "b", "up", "b", "end", "quotation_mark")
        rows = dashboard.app.screen._rows
        assert rows.current.seq == first - 2
        assert dashboard.log.marked == {first - 2, first - 5}
        await dashboard.press("quotation_mark")
        assert rows.current.seq == first - 5
        await dashboard.press("apostrophe")
        assert rows.current.seq == first - 2
        await dashboard.until(lambda: dashboard.screen().count("▌") == 2)
    recording = open_recording(tmp_path / "session.jsonl")
    assert sum(map(len, recording.read_chunks())) == 1000
    assert recording.marked == {first - 2, first - 5}


async def test_a_mark_made_in_memory_is_seen_once_it_has_left(tmp_path: Path):
    async with outlived(tmp_path) as dashboard:
        first = dashboard.log.first_seq
        dashboard.log.toggle_mark(first)
        for _ in range(1001, 1201):
            dashboard.log.append("received", "chat", "LATER", time=2e9)
        await dashboard.until(lambda: dashboard.panes.stream.view.complete)
        assert first not in dashboard.log
        dashboard.panes.filter_bar.text = "is:marked"
        await dashboard.until(lambda: not dashboard.rows() and dashboard.panes.stream.view.complete)
        await dashboard.press("home", "up")
        await dashboard.until(lambda: older_rows(dashboard) == [first])


async def test_older_rows_are_selected_and_copied(tmp_path: Path):
    async with outlived(tmp_path) as dashboard:
        first = dashboard.log.first_seq
        await dashboard.press("home", "up")
        await dashboard.until(lambda: older_rows(dashboard))
        await dashboard.press("shift+up", "y")
        lines = dashboard.app.clipboard.splitlines()
        assert [line.rsplit("|", 1)[1] for line in lines] == [str(first - 2), str(first - 1)]


async def test_from_a_command_to_its_answer_and_back_among_older_rows(tmp_path: Path):
    answered = {500: ("VALUE_SET", "score|1"), 503: ("VALUE_EVENT_SET", "score")}
    async with outlived(tmp_path, answered) as dashboard:
        await dashboard.press("home", "up")
        await dashboard.until(lambda: 500 in older_rows(dashboard))
        rows = dashboard.app.screen._rows
        rows.select_event(500)
        await dashboard.press("]")
        await dashboard.until(lambda: rows.current.seq == 503)
        await dashboard.press("[")
        await dashboard.until(lambda: rows.current.seq == 500)
        await dashboard.press("[")
        await dashboard.until(lambda: dashboard.notified("There is no such event"))


async def test_an_answer_in_memory_leads_back_to_the_stream(tmp_path: Path):
    answered = {850: ("VALUE_SET", "score|1"), 990: ("VALUE_EVENT_SET", "score")}
    async with outlived(tmp_path, answered) as dashboard:
        assert 850 < dashboard.log.first_seq <= 990
        await dashboard.press("home", "up")
        await dashboard.until(lambda: 850 in older_rows(dashboard))
        dashboard.app.screen._rows.select_event(850)
        await dashboard.press("]")
        await dashboard.until(lambda: dashboard.panes.stream.has_focus)
        await dashboard.until(lambda: dashboard.panes.stream.current.seq == 990)


async def test_older_rows_have_the_columns_of_the_stream(tmp_path: Path):
    async with outlived(tmp_path) as dashboard:
        stream = dashboard.panes.stream
        stream.show_columns(stream.columns._replace(time="previous", shown=frozenset({"time"})))
        await dashboard.press("home", "up")
        await dashboard.until(lambda: older_rows(dashboard))
        rows = dashboard.app.screen._rows
        assert "".join(part.text for part in rows.row_parts(5, 0, 100)).split() == ["+1.000", "←"]
