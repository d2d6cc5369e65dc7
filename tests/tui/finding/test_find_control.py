"""The keys for context, times, gaps and saved filters."""

from pathlib import Path

import pytest

from mdxdash.events.log import EventLog
from mdxdash.settings.resolution import resolve
from mdxdash.settings.saving import save_filter
from mdxdash.tui.screens.dialogs.line_dialog import LineDialog
from tests.support.dashboards import Dashboard, running_dashboard

SIZES = pytest.mark.parametrize("size", [(80, 24), (160, 45)])
NOON = 1_000_000_800.0


def log_of(count: int, *, gap_every: int = 1000) -> EventLog:
    """An event a second, every tenth of the type HIT, with gaps of ten seconds."""
    log = EventLog()
    time = NOON
    for number in range(1, count + 1):
        time += 10 if number % gap_every == 0 else 1
        log.append("received", "chat", "OTHER" if number % 10 else "HIT", str(number), time=time)
    return log


def current(dashboard: Dashboard) -> int:
    event = dashboard.panes.stream.current
    assert event is not None
    return event.seq


def line_of_cursor(dashboard: Dashboard) -> int:
    stream = dashboard.panes.stream
    return stream.cursor - stream.scroll_offset.y


async def filtered(dashboard: Dashboard, text: str) -> None:
    dashboard.panes.filter_bar.text = text
    await dashboard.until(lambda: dashboard.panes.stream.view.filter.text == text)
    await dashboard.until(lambda: dashboard.panes.stream.view.complete)


@SIZES
async def test_context_stands_around_what_passes(tmp_path: Path, size: tuple[int, int]):
    async with running_dashboard(tmp_path, size=size, log=log_of(35)) as dashboard:
        await filtered(dashboard, "type:HIT")
        await dashboard.press("greater_than_sign", "greater_than_sign")
        await dashboard.until(lambda: "3 ±2 / 35" in dashboard.screen())
        assert dashboard.rows() == ["OTHER", "OTHER", "HIT", "OTHER", "OTHER"] * 3
        await dashboard.press("less_than_sign", "less_than_sign", "less_than_sign")
        await dashboard.until(lambda: "3 / 35" in dashboard.screen())
        assert dashboard.rows() == ["HIT"] * 3


async def test_context_needs_a_filter(tmp_path: Path):
    async with running_dashboard(tmp_path, log=log_of(5)) as dashboard:
        await dashboard.press("greater_than_sign")
        assert dashboard.notified("There is no filter")
        assert dashboard.panes.stream.view.context == 0


@SIZES
async def test_without_its_filter_a_row_stays_among_what_stood_around_it(
    tmp_path: Path, size: tuple[int, int]
):
    async with running_dashboard(tmp_path, size=size, log=log_of(200)) as dashboard:
        await dashboard.agent()  # so that the rows have all the room
        await filtered(dashboard, "type:HIT")
        await dashboard.press("up", "up", "up", "up")
        seq, line = current(dashboard), line_of_cursor(dashboard)
        assert (seq, line > 2) == (160, True)
        await dashboard.press("backspace")
        await dashboard.until(lambda: dashboard.panes.stream.row_count == 201)
        assert (current(dashboard), line_of_cursor(dashboard)) == (seq, line)
        assert " 159 " in "\n".join(dashboard.stream_lines())
        await dashboard.press("backspace")
        await dashboard.until(lambda: dashboard.panes.stream.row_count == 20)
        assert dashboard.panes.filter_bar.text == "type:HIT"
        assert current(dashboard) == seq


async def test_clearing_the_line_keeps_the_row_too(tmp_path: Path):
    async with running_dashboard(tmp_path, log=log_of(200)) as dashboard:
        await filtered(dashboard, "type:HIT")
        await dashboard.press("up", "up", "slash", "ctrl+u", "enter")
        await dashboard.until(lambda: dashboard.panes.stream.row_count == 200)
        assert current(dashboard) == 180
        assert line_of_cursor(dashboard) > 2


@SIZES
async def test_a_time_is_gone_to(
    tmp_path: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("mdxdash.filters.time_terms.local_offset", lambda time: 0.0)
    async with running_dashboard(tmp_path, size=size, log=log_of(300)) as dashboard:
        dashboard.app.context.now = lambda: NOON + 300
        await dashboard.press("at")
        await dashboard.type("-4m")
        await dashboard.press("enter")
        await dashboard.until(lambda: current(dashboard) == 60)
        await dashboard.press("at")
        await dashboard.type("25:99")
        await dashboard.press("enter")
        await dashboard.until(lambda: "is not a time" in dashboard.screen())
        await dashboard.press("escape", "y")
        assert current(dashboard) == 60
        await dashboard.press("at")
        await dashboard.type("2030-01-01")
        await dashboard.press("enter")
        await dashboard.until(lambda: dashboard.notified("There is no row after 2030-01-01"))
        assert current(dashboard) == 300


@SIZES
async def test_gaps_are_gone_to(tmp_path: Path, size: tuple[int, int]):
    async with running_dashboard(tmp_path, size=size, log=log_of(100, gap_every=30)) as dashboard:
        await dashboard.press("home", "right_curly_bracket")
        await dashboard.until(lambda: current(dashboard) == 30)
        await dashboard.press("right_curly_bracket")
        await dashboard.until(lambda: current(dashboard) == 60)
        await dashboard.press("left_curly_bracket")
        await dashboard.until(lambda: current(dashboard) == 30)
        await dashboard.press("left_curly_bracket")
        await dashboard.until(lambda: dashboard.notified("There is no gap of 5 s before this row"))


@SIZES
async def test_a_filter_is_saved_under_a_name_and_offered(tmp_path: Path, size: tuple[int, int]):
    file = tmp_path / "settings.toml"
    async with running_dashboard(tmp_path, size=size, log=log_of(20)) as dashboard:
        context = dashboard.app.context
        context.keep_filter = lambda name, text: save_filter(file, name, text)
        await dashboard.press("slash")
        await dashboard.type("type:HIT")
        await dashboard.press("ctrl+s")
        await dashboard.type("hits")
        await dashboard.press("enter")
        await dashboard.until(lambda: dashboard.notified("Saved as hits"))
        assert resolve({}, {}, file, tmp_path).filters == {"hits": "type:HIT"}
        await dashboard.press("ctrl+u")
        await dashboard.type("hit")
        await dashboard.press("tab")
        assert dashboard.panes.filter_bar.text == "type:HIT"
        await dashboard.press("ctrl+u", "escape", "ctrl+p")
        await dashboard.type("filter hits")
        await dashboard.pilot.pause(0.3)
        await dashboard.press("enter")
        await dashboard.until(lambda: dashboard.panes.filter_bar.text == "type:HIT")


async def test_rows_around_what_was_gone_to_are_in_view(tmp_path: Path):
    async with running_dashboard(tmp_path, size=(80, 24), log=log_of(200)) as dashboard:
        await dashboard.agent()
        await dashboard.press("ctrl+f")
        await dashboard.type("type:HIT")
        await dashboard.until(lambda: current(dashboard) == 200)
        for seq in (190, 180, 170):
            await dashboard.press("up")
            await dashboard.until(lambda seq=seq: current(dashboard) == seq)
            assert 2 < line_of_cursor(dashboard) < dashboard.panes.stream.size.height - 3


@pytest.mark.parametrize("pane", ["s", "a", "t", "m", "i", "C", "T"])
async def test_a_time_is_asked_for_in_every_pane_and_fires_no_macro(tmp_path: Path, pane: str):
    macro = '[[macro]]\nname = "One"\nkey = "1"\nsend = "ONE"\n'
    async with running_dashboard(tmp_path, log=log_of(300), macros=macro) as dashboard:
        await dashboard.press(pane, "at", "1")
        assert isinstance(dashboard.app.screen, LineDialog)
        assert not dashboard.panes.runner.runs.records
        await dashboard.press("backspace", *"2001-09-09T01:50", "enter")
        await dashboard.until(lambda: len(dashboard.app.screen_stack) == 1)
        assert dashboard.app.is_running


@SIZES
async def test_the_row_stays_on_the_screen_when_the_filter_goes_off_and_comes_back(
    tmp_path: Path, size: tuple[int, int]
):
    async with running_dashboard(tmp_path, size=size, log=log_of(900)) as dashboard:
        await filtered(dashboard, "type:HIT")
        await dashboard.press(*["up"] * 5)
        dashboard.panes.stream.scroll_to(y=0, animate=False, force=True)
        at = current(dashboard)
        for _ in range(2):
            await dashboard.press("backspace")
            await dashboard.until(lambda: dashboard.panes.stream.view.complete)
            await dashboard.pilot.pause(0.1)
            assert current(dashboard) == at
            assert 0 <= line_of_cursor(dashboard) < dashboard.panes.stream.size.height
