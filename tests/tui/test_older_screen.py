"""Going up past the oldest event in memory."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from mdxdash.events.event import Event
from mdxdash.events.journal import Journal
from mdxdash.events.log import EventLog
from mdxdash.events.recording import read_window
from mdxdash.hub.server import Hub
from mdxdash.hub.settings import HubSettings
from mdxdash.macros.file import MacroFile
from mdxdash.tui.app import MdxdashApp
from mdxdash.tui.older_screen import OlderScreen
from mdxdash.tui.session import Session
from tests.tui.dashboards import Dashboard
from tests.waiting import until


@asynccontextmanager
async def outlived(tmp_path: Path) -> AsyncIterator[Dashboard]:
    """A dashboard of which 1,000 events are recorded and the last 100 are in memory."""
    log = EventLog(100)
    with Journal(tmp_path / "session.jsonl", log) as journal:
        for seq in range(1, 1001):
            log.append(Event(seq, 1e9 + seq, "received", "chat", f"TYPE_{seq % 2}", f"{seq}"))
        until(lambda: journal.recorded == 1000)
        hub = Hub(HubSettings(port=0), log)

        def older(start: int, stop: int) -> list[Event]:
            return read_window(journal.path, journal.index, start, stop)

        session = Session(log, hub, MacroFile(tmp_path / "mdxdash.toml"), older=older)
        app = MdxdashApp(session)
        async with app.run_test(size=(160, 45)) as pilot:
            dashboard = Dashboard(app, pilot, hub, log)
            await dashboard.furnished()
            await dashboard.until(lambda: app.stream.view.complete and len(app.stream.view))
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
    monkeypatch.setattr("mdxdash.tui.older_screen.WINDOW", 300)
    async with outlived(tmp_path) as dashboard:
        first = dashboard.log.first_seq
        await dashboard.press("home", "up")
        await dashboard.until(lambda: older_rows(dashboard) == list(range(first - 300, first)))
        await dashboard.until(lambda: f"  #{first - 1}" in dashboard.screen())
        await dashboard.press("home")
        await dashboard.until(lambda: older_rows(dashboard) == list(range(first - 600, first)))
        await dashboard.press("end", "down")
        await dashboard.until(lambda: dashboard.app.stream.has_focus)


async def test_the_filter_holds_there_too(tmp_path: Path):
    async with outlived(tmp_path) as dashboard:
        first = dashboard.log.first_seq
        dashboard.app.filter_bar.text = "type:TYPE_1"
        await dashboard.until(lambda: set(dashboard.rows()) == {"TYPE_1"})
        await dashboard.until(lambda: dashboard.app.stream.view.complete)
        await dashboard.press("home", "up")
        await dashboard.until(lambda: older_rows(dashboard) == list(range(1, first, 2)))
