"""A recording is played: the selected row moves on with the time, in all views."""

from pathlib import Path

import pytest

from mdxdash.events.log import EventLog
from mdxdash.recordings.journal import Journal
from mdxdash.tui.dashboard.recorded import RecordedScreen
from mdxdash.tui.panes.seek_bar import SeekBar
from tests.support.dashboards import Dashboard
from tests.tui.dashboard.test_recorded import complete, opened

SIZES = [(80, 24), (160, 45)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A recording of 200 events, 100 ms apart."""
    path, log = tmp_path / "session.jsonl", EventLog()
    with Journal(path, log):
        for seq in range(1, 201):
            log.append("received", "chat", f"TYPE_{seq % 2}", f"{seq}", time=1e9 + seq / 10)
    return path


def seq_of(dashboard: Dashboard) -> int:
    current = dashboard.panes.stream.current
    return current.seq if current is not None else 0


def bar(dashboard: Dashboard) -> str:
    return next(line for line in dashboard.screen().splitlines() if "×" in line)


@pytest.mark.parametrize("size", SIZES)
async def test_space_plays_from_the_row_on_and_pauses(path: Path, size):
    async with opened(path, size=size) as dashboard:
        await complete(dashboard)
        await dashboard.until(lambda: seq_of(dashboard) == 1)
        await dashboard.press("space")
        await dashboard.until(lambda: seq_of(dashboard) > 4)
        await dashboard.press("space")
        await dashboard.until(lambda: "■  1×" in bar(dashboard))
        before = seq_of(dashboard)
        await dashboard.pilot.pause(0.2)
        assert seq_of(dashboard) == before < 150


@pytest.mark.parametrize("size", SIZES)
async def test_it_plays_up_to_16_times_as_fast_to_its_end(path: Path, size):
    async with opened(path, size=size) as dashboard:
        await complete(dashboard)
        await dashboard.press("home", *["ctrl+up"] * 5, "ctrl+down", "ctrl+up", "space")
        await dashboard.until(lambda: seq_of(dashboard) == 200)
        await dashboard.until(lambda: "■ 16×" in bar(dashboard))
        await dashboard.press("ctrl+down")
        await dashboard.until(lambda: "■  8×" in bar(dashboard))


@pytest.mark.parametrize("size", SIZES)
async def test_ctrl_and_the_arrows_seek_ten_seconds(path: Path, size):
    async with opened(path, size=size) as dashboard:
        await complete(dashboard)
        await dashboard.press("home", "ctrl+right")
        assert seq_of(dashboard) == 101
        await dashboard.press("ctrl+right")
        assert seq_of(dashboard) == 200
        await dashboard.press("ctrl+left")
        assert seq_of(dashboard) == 100


async def test_a_click_on_the_bar_seeks(path: Path):
    async with opened(path) as dashboard:
        await complete(dashboard)
        await dashboard.until(lambda: "×" in dashboard.screen())
        seek_bar = dashboard.panes.query_one(SeekBar)
        first, cells = seek_bar._bar
        await dashboard.pilot.click(SeekBar, offset=(first + cells // 2, 0))
        await dashboard.until(lambda: 90 < seq_of(dashboard) < 110)


async def test_with_a_filter_the_last_row_of_that_moment_is_selected(path: Path):
    async with opened(path) as dashboard:
        await complete(dashboard)
        await dashboard.press("slash")
        await dashboard.type("type:TYPE_0")
        await dashboard.press("enter", "home", "ctrl+right")
        await dashboard.until(lambda: seq_of(dashboard) == 102)


async def test_the_timeline_follows_the_playing_time(path: Path):
    async with opened(path) as dashboard:
        await complete(dashboard)
        await dashboard.press("home", *["ctrl+up"] * 4, "T", "space")
        await dashboard.until(lambda: seq_of(dashboard) > 60)
        assert isinstance(dashboard.panes, RecordedScreen)
        assert dashboard.panes.views.shown == "timeline"
