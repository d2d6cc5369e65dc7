"""Two sessions side by side, in the dashboard."""

from pathlib import Path

import pytest

from mdxdash.cli.commands.open import recorded_session
from mdxdash.events.encoding import json_lines
from mdxdash.recordings.opening import open_recording
from mdxdash.settings.model import Settings
from mdxdash.tui.dashboard.recorded import RecordedScreen
from mdxdash.tui.screens.comparing.session_choice import SessionChoice
from mdxdash.tui.screens.comparing.two_sessions import TwoSessionsScreen
from tests.support.apps import dashboard_app
from tests.support.changed_dialogues import delayed, without
from tests.support.dashboards import Dashboard, running_dashboard
from tests.support.dialogues import recorded_events
from tests.support.recorded import RECORDINGS
from tests.tui.dashboard.test_recorded import complete, opened

DIALOGUE = RECORDINGS / "dialogue.jsonl"

SIZES = [(80, 24), (160, 45)]


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """The real dialogue with slower answers, and without two of its turns; beside it the old one
    under a recording's name."""
    events = delayed(
        without(recorded_events(DIALOGUE), {5, 10}), lambda turn: 0.3 if turn % 2 else 0.0
    )
    path = tmp_path / "2026-01-02T00-00-00.jsonl"
    path.write_bytes(b'{"format":"mdxdash","version":1}\n' + json_lines(events))
    (tmp_path / "2026-01-01T00-00-00.jsonl").write_bytes(DIALOGUE.read_bytes())
    return path


async def compared(dashboard: Dashboard) -> TwoSessionsScreen:
    """Waits for the screen with all its rows."""
    app = dashboard.app
    await dashboard.until(lambda: isinstance(app.screen, TwoSessionsScreen))
    screen = app.screen
    assert isinstance(screen, TwoSessionsScreen)
    await dashboard.until(lambda: screen.pairs.complete and screen.pairs.row_count)
    await dashboard.pilot.pause(0.1)
    return screen


@pytest.mark.parametrize("size", SIZES)
async def test_a_recording_is_chosen_and_gone_through(newer: Path, size: tuple[int, int]) -> None:
    async with opened(newer, size=size) as dashboard:
        await complete(dashboard)
        await dashboard.press("D")
        await dashboard.until(lambda: isinstance(dashboard.app.screen, SessionChoice))
        await dashboard.press("enter")
        screen = await compared(dashboard)
        shown = dashboard.screen()
        assert "2026-01-01T00-00-00.jsonl" in shown and "2026-01-02T00-00-00.jsonl" in shown
        assert "missing" in shown and "That is more than the noise" in shown
        await dashboard.press("n")
        pair = screen.pairs.current
        assert pair is not None and pair.difference == "missing"
        await dashboard.press("o")
        await dashboard.until(lambda: screen.pairs.complete)
        assert screen.pairs.current is not None and screen.pairs.current.difference
        await dashboard.press("o", "home", "down")
        pair = screen.pairs.current
        assert pair is not None and pair.new is not None
        await dashboard.press("enter")
        await dashboard.until(lambda: dashboard.app.focused is dashboard.panes.stream)
        event = dashboard.panes.stream.current
        assert event is not None and event.seq in pair.new.events


async def test_a_file_is_typed_and_one_that_is_none_is_named(tmp_path: Path) -> None:
    async with opened(DIALOGUE) as dashboard:
        await complete(dashboard)
        for file, said in (("none.jsonl", "none.jsonl"), ("quiet.txt", "no dialogue in quiet")):
            (tmp_path / "quiet.txt").write_text("A|1\n", encoding="utf-8")
            await dashboard.press("D")
            await dashboard.until(lambda: isinstance(dashboard.app.screen, SessionChoice))
            screen = dashboard.app.screen
            assert isinstance(screen, SessionChoice)
            screen.file.value = str(tmp_path / file)
            screen.file.focus()
            await dashboard.press("enter")
            await dashboard.until(lambda said=said: dashboard.notified(said))


async def test_open_shows_both_at_once(newer: Path) -> None:
    settings = Settings(Path("mdxdash.toml"))
    context, hub = recorded_session(open_recording(newer), settings)
    app = dashboard_app(context, RecordedScreen, hub=hub, compared_with=DIALOGUE)
    async with app.run_test(size=(120, 30)) as pilot:
        dashboard = Dashboard(app, pilot, hub, context.log)  # type: ignore[arg-type]
        screen = await compared(dashboard)
        await dashboard.press("escape")
        assert app.screen is not screen


async def test_a_live_session_is_compared_with_a_recording(tmp_path: Path) -> None:
    async with running_dashboard(tmp_path) as dashboard:
        agent = await dashboard.agent()
        await dashboard.issue(
            agent,
            "RECOG_EVENT_STOP|こんにちは",
            "SYNTH_START|0|v|はい",
            "SYNTH_EVENT_START|0",
            "SYNTH_EVENT_STOP|0",
            "RECOG_EVENT_STOP|next",
        )
        dashboard.panes.comparison_control.compare_with(DIALOGUE)
        screen = await compared(dashboard)
        differences = [pair.difference for pair in screen.pairs._pairs]
        assert differences.count("answered otherwise") == 1


async def test_a_file_in_no_home_folder_is_told_in_the_dialog(tmp_path: Path) -> None:
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.press("D")
        await dashboard.until(lambda: isinstance(dashboard.app.screen, SessionChoice))
        await dashboard.type("~no-such-user-here/a.jsonl")
        await dashboard.press("enter")
        await dashboard.until(lambda: "there is no such home folder" in dashboard.screen())
