"""The dashboard on a recording."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from mdxdash.cli.commands.open import recorded_session
from mdxdash.events.log import EventLog
from mdxdash.recordings.journal import Journal
from mdxdash.recordings.opening import open_recording
from mdxdash.settings.model import Settings
from mdxdash.tui.dashboard.recorded import RecordedScreen
from mdxdash.tui.screens.help import HelpScreen
from tests.support.apps import dashboard_app
from tests.support.dashboards import Dashboard
from tests.support.recorded import RECORDINGS


@asynccontextmanager
async def opened(path: Path, *, size: tuple[int, int] = (160, 45)) -> AsyncIterator[Dashboard]:
    """A dashboard on a file."""
    context, hub = recorded_session(open_recording(path), Settings(Path("mdxdash.toml")))
    app = dashboard_app(context, RecordedScreen, hub=hub)
    async with app.run_test(size=size) as pilot:
        dashboard = Dashboard(app, pilot, hub, context.log)  # type: ignore[arg-type]
        await dashboard.mounted()
        yield dashboard


async def complete(dashboard: Dashboard) -> None:
    """Waits until the whole file is shown."""
    await dashboard.until(lambda: dashboard.hub.reading == "complete")  # type: ignore[attr-defined]
    await dashboard.until(lambda: dashboard.panes.stream.view.complete)


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """A recording of 200 events, one a second, the third one marked."""
    path, log = tmp_path / "session.jsonl", EventLog()
    with Journal(path, log):
        for seq in range(1, 201):
            log.append("received", "chat", f"TYPE_{seq % 3}", f"{seq}", time=1e9 + seq)
        log.toggle_mark(3)
    return path


@pytest.mark.parametrize(
    ("name", "shows"), [("messages.jsonl", "PLUGIN_EVENT_ENABLE"), ("alllog.jsonl", "system dir")]
)
async def test_frames_of_the_real_agent_are_shown_from_the_beginning(name: str, shows: str):
    async with opened(RECORDINGS / name) as dashboard:
        await complete(dashboard)
        await dashboard.until(lambda: shows in dashboard.screen())
        assert dashboard.panes.stream.cursor == 0
        assert name in dashboard.screen()
        assert "read-only" in dashboard.screen()


async def test_what_a_journal_wrote_is_shown_with_its_marks(recorded: Path):
    async with opened(recorded) as dashboard:
        await complete(dashboard)
        await dashboard.press("apostrophe")
        current = dashboard.panes.stream.current
        assert current is not None
        assert current.seq == 3
        await dashboard.until(lambda: "▌" in dashboard.screen())
        await dashboard.until(lambda: "200 events" in dashboard.screen())


async def test_the_last_seconds_are_those_before_its_last_event(recorded: Path):
    async with opened(recorded) as dashboard:
        await complete(dashboard)
        await dashboard.press("slash")
        await dashboard.type("last:9s")
        await dashboard.press("enter")
        await dashboard.until(lambda: len(dashboard.panes.stream.view) == 10)


async def test_nothing_of_sending_is_there(recorded: Path):
    async with opened(recorded) as dashboard:
        await complete(dashboard)
        await dashboard.press("c", "m", "1", "r", "w")
        assert dashboard.panes.stream.has_focus
        screen = dashboard.screen()
        for text in ("Compose", "Macros", "Waiting for an agent", "waiting"):
            assert text not in screen
        await dashboard.press("question_mark")
        assert isinstance(dashboard.app.screen, HelpScreen)
        assert "Write a command" not in dashboard.screen()
        assert "Type a filter" in dashboard.screen()


async def test_a_file_without_events_is_named_without_its_folder(
    recorded: Path, tmp_path: Path
) -> None:
    folder = tmp_path / ("long-" * 20)
    folder.mkdir()
    path = folder / "session.jsonl"
    path.write_bytes(recorded.read_bytes().partition(b"\n")[0] + b"\n")
    async with opened(path, size=(80, 24)) as dashboard:
        await dashboard.until(lambda: " session.jsonl: 0 events" in dashboard.screen())
        assert "long-" not in dashboard.screen()


async def test_a_long_file_is_there_at_once_and_escape_stops_reading_it(tmp_path: Path):
    path = tmp_path / "long.txt"
    path.write_text("MESSAGE|0123456789\n" * 400_000, encoding="utf-8")
    async with opened(path) as dashboard:
        await dashboard.until(lambda: len(dashboard.log))
        await dashboard.press("escape")
        assert dashboard.hub.reading == "stopped"  # type: ignore[attr-defined]
        await dashboard.until(lambda: "read as far as" in dashboard.screen())
        await dashboard.until(lambda: "MESSAGE" in dashboard.screen())


async def test_q_ends_it_in_the_middle_of_reading(tmp_path: Path):
    path = tmp_path / "long.txt"
    path.write_text("MESSAGE|0123456789\n" * 400_000, encoding="utf-8")
    async with opened(path) as dashboard:
        await dashboard.until(lambda: len(dashboard.log))
        await dashboard.press("q")
        await dashboard.until(lambda: not dashboard.app.is_running)


async def test_lines_that_cannot_be_read_are_told(recorded: Path):
    with recorded.open("ab") as file:
        file.write(b'{"seq":201,"ti')
    async with opened(recorded) as dashboard:
        await complete(dashboard)
        await dashboard.until(lambda: "1 line damaged" in dashboard.screen())


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_an_event_that_was_searched_is_gone_to(recorded: Path, size):
    context, hub = recorded_session(open_recording(recorded), Settings(Path("mdxdash.toml")))
    app = dashboard_app(context, RecordedScreen, hub=hub, at=150)
    async with app.run_test(size=size) as pilot:
        dashboard = Dashboard(app, pilot, hub, context.log)  # type: ignore[arg-type]
        await dashboard.mounted()
        await dashboard.until(lambda: (event := app.dashboard.stream.current) and event.seq == 150)
        await dashboard.until(lambda: any(" 150 " in line for line in dashboard.stream_lines()))


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_a_key_that_a_recording_does_not_have_says_why(recorded: Path, size: tuple[int, int]):
    async with opened(recorded, size=size) as dashboard:
        await complete(dashboard)
        for key, what in (("d", "Speak"), ("V", "Say or play"), ("u", "Runs"), ("p", "Watches")):
            await dashboard.press(key)
            assert dashboard.notified(f"{what} needs a hub that runs; this is a recording.")
        await dashboard.press("1", "c")
        assert dashboard.notified("Fire needs a hub that runs")
        assert dashboard.notified("Compose needs a hub that runs")
        before = len(dashboard.app._notifications)
        await dashboard.press("space", "slash", "d")  # what it has, and a letter of a text
        assert len(dashboard.app._notifications) == before
