"""The stream: what a reader looks at stays where it is on the screen, whatever comes and goes."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.events import MouseScrollDown, MouseScrollUp
from textual.strip import Strip

from mdxdash.events.log import EventLog
from mdxdash.tui.views.stream import Stream
from tests.support.dashboards import Dashboard, running_dashboard

LIMIT = 1000
"""Events that the log of these tests holds in memory; each flood below makes it drop some."""


def receive(log: EventLog, count: int) -> None:
    """Appends events that are numbered by their argument, one a second."""
    for _ in range(count):
        seq = log.next_seq
        log.append("received", "chat", f"TYPE_{seq % 3}", f"number {seq}", time=1e9 + seq)


@asynccontextmanager
async def filled(
    tmp_path: Path, count: int = LIMIT, size: tuple[int, int] = (160, 45)
) -> AsyncIterator[Dashboard]:
    """A dashboard that follows a log of so many events."""
    async with running_dashboard(tmp_path, log=EventLog(LIMIT), size=size) as dashboard:
        receive(dashboard.log, count)
        await drawn(dashboard)
        yield dashboard


async def drawn(dashboard: Dashboard) -> None:
    """Waits until the stream has all rows and has drawn them."""
    await dashboard.until(lambda: dashboard.panes.stream.view.complete)
    await dashboard.pilot.pause()
    await dashboard.pilot.pause()


async def flood(dashboard: Dashboard, count: int = 300) -> None:
    """Receives events in several frames, so many that old rows leave memory."""
    first = dashboard.log.first_seq
    for _ in range(3):
        receive(dashboard.log, count // 3)
        await drawn(dashboard)
    assert dashboard.log.first_seq > first


def shown(dashboard: Dashboard) -> list[str]:
    """The numbers of the events on the screen, from the top."""
    lines = dashboard.stream_lines()
    return [line.split("number ")[1].split()[0] for line in lines if "number " in line]


async def wheel(dashboard: Dashboard, direction: str, times: int) -> None:
    """Turns the mouse wheel over the stream."""
    kind = MouseScrollUp if direction == "up" else MouseScrollDown
    stream = dashboard.panes.stream
    for _ in range(times):
        stream.post_message(kind(stream, 5, 5, 0, 0, 0, False, False, False))
        await dashboard.pilot.pause()
    await dashboard.pilot.pause(0.3)  # the wheel scrolls smoothly


@pytest.mark.parametrize(
    "keys",
    [("up",), ("up", "up", "up"), ("pageup",), ("pageup", "pageup", "pageup"), ("space",)],
)
async def test_rows_stay_on_the_screen_while_older_ones_leave_memory(
    tmp_path: Path, keys: tuple[str, ...]
):
    async with filled(tmp_path) as dashboard:
        await dashboard.press(*keys)
        lines, current = dashboard.stream_lines(), dashboard.panes.stream.current
        assert len(shown(dashboard)) > 5
        await flood(dashboard)
        assert dashboard.stream_lines() == lines
        assert dashboard.panes.stream.current == current


async def test_rows_stay_after_each_key_that_scrolled(tmp_path: Path):
    async with filled(tmp_path) as dashboard:
        for keys in (("pageup", "pageup"), ("pagedown",), ("pageup",)):
            await dashboard.press(*keys)
            lines = dashboard.stream_lines()
            await flood(dashboard, 120)
            assert dashboard.stream_lines() == lines


@pytest.mark.parametrize("down", [0, 1])
async def test_rows_stay_where_the_wheel_left_them(tmp_path: Path, down: int):
    async with filled(tmp_path) as dashboard:
        await wheel(dashboard, "up", 5)
        assert not dashboard.panes.stream.following
        await wheel(dashboard, "down", down)
        lines, numbers = dashboard.stream_lines(), shown(dashboard)
        assert numbers[-1] != str(LIMIT)
        await flood(dashboard)
        assert dashboard.stream_lines() == lines


async def test_rows_stay_where_the_scroll_bar_left_them(tmp_path: Path):
    async with filled(tmp_path) as dashboard:
        stream = dashboard.panes.stream
        for position in (600, 650):
            stream.scroll_to(y=position, animate=False)
            await drawn(dashboard)
            lines = dashboard.stream_lines()
            await flood(dashboard, 120)
            assert dashboard.stream_lines() == lines


async def test_rows_stay_while_a_filter_finds_older_ones_above_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async with filled(tmp_path) as dashboard:
        # From now on each frame looks through 20 events: the reader holds the stream meanwhile.
        monkeypatch.setattr("mdxdash.tui.views.stream.ADVANCE_BUDGET", 0.0)
        monkeypatch.setattr("mdxdash.filters.view._SLICE", 20)
        stream = dashboard.panes.stream
        dashboard.panes.filter_bar.text = "-type:TYPE_0"
        await dashboard.until(lambda: stream.row_count > 100)
        await dashboard.press("up")
        before, lines = stream.row_count, dashboard.stream_lines()
        await drawn(dashboard)
        assert stream.row_count > before
        assert dashboard.stream_lines() == lines


async def test_rows_stay_when_one_above_them_no_longer_passes(tmp_path: Path):
    async with filled(tmp_path, 0) as dashboard:
        for n in range(500):
            sent = dashboard.log.append("sent", "chat", "SENT", f"number {n}", time=1e9 + n)
            dashboard.log.lose(sent.seq)
        dashboard.panes.filter_bar.text = "is:lost"
        await drawn(dashboard)
        await dashboard.press("pageup", "pageup")
        lines = dashboard.stream_lines()
        for seq in range(1, 100):
            dashboard.log.acknowledge(seq, 0.002)
        await drawn(dashboard)
        assert dashboard.panes.stream.row_count == 401
        assert dashboard.stream_lines() == lines


@pytest.mark.parametrize("slow", [False, True])
async def test_a_new_filter_keeps_the_held_event_on_the_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slow: bool
):
    async with filled(tmp_path) as dashboard:
        if slow:  # the event is found in one of the later frames
            monkeypatch.setattr("mdxdash.tui.views.stream.ADVANCE_BUDGET", 0.0)
            monkeypatch.setattr("mdxdash.filters.view._SLICE", 20)
        stream = dashboard.panes.stream
        await dashboard.press(*["pageup"] * 6, "down", "down", "down")
        held = stream.current
        assert held is not None
        line = shown(dashboard).index(str(held.seq))
        assert line > 0
        for filter_ in (f"type:{held.type}", ""):
            dashboard.panes.filter_bar.text = filter_
            await dashboard.until(lambda text=filter_: stream.view.filter.text == text)
            await drawn(dashboard)
            assert stream.current == held
            assert shown(dashboard)[line] == str(held.seq)


async def test_a_row_that_left_memory_gives_way_to_the_oldest(tmp_path: Path):
    async with filled(tmp_path) as dashboard:
        await dashboard.press("home")
        await flood(dashboard)
        stream = dashboard.panes.stream
        assert not stream.following
        assert stream.current is not None
        assert stream.current.seq == dashboard.log.first_seq
        assert shown(dashboard)[0] == str(dashboard.log.first_seq)


async def test_while_it_follows_the_newest_row_is_the_last_on_the_screen(tmp_path: Path):
    async with filled(tmp_path) as dashboard:
        for count in (300, 1, 3000):
            receive(dashboard.log, count)
            await drawn(dashboard)
            stream = dashboard.panes.stream
            assert stream.following
            assert shown(dashboard)[-1] == str(dashboard.log.next_seq - 1)
            assert stream.current is not None
            assert stream.current.seq == dashboard.log.next_seq - 1


def end(dashboard: Dashboard) -> Callable[[], object]:
    stream: Stream = dashboard.panes.stream
    return lambda: stream.following and shown(dashboard)[-1] == str(dashboard.log.next_seq - 1)


@pytest.mark.parametrize("key", ["end", "f", "space"])
async def test_a_key_follows_again_and_the_title_counts_what_is_new(tmp_path: Path, key: str):
    async with filled(tmp_path) as dashboard:
        await dashboard.press("pageup")
        receive(dashboard.log, 20)
        await dashboard.until(lambda: "held · 20 new" in dashboard.screen())
        await dashboard.press(key)
        await dashboard.until(end(dashboard))
        await dashboard.until(lambda: "following" in dashboard.screen())


async def test_following_again_ends_the_selection(tmp_path: Path):
    async with filled(tmp_path) as dashboard:
        await dashboard.press("shift+up", "shift+up")
        assert len(dashboard.panes.stream.selected_events()) == 3
        await dashboard.press("end")
        assert [event.seq for event in dashboard.panes.stream.selected_events()] == [LIMIT]


async def test_the_wheel_at_the_end_follows_again(tmp_path: Path):
    async with filled(tmp_path) as dashboard:
        await wheel(dashboard, "up", 2)
        assert not dashboard.panes.stream.following
        await wheel(dashboard, "down", 4)
        await dashboard.until(end(dashboard))


async def test_a_terminal_that_grows_keeps_following(tmp_path: Path):
    async with filled(tmp_path) as dashboard:
        await dashboard.pilot.resize_terminal(160, 60)
        await drawn(dashboard)
        await dashboard.until(end(dashboard))


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_clearing_the_view_is_said_and_can_be_undone(tmp_path: Path, size: tuple[int, int]):
    async with filled(tmp_path, 3, size=size) as dashboard:
        await dashboard.press("ctrl+l")
        assert dashboard.rows() == []
        assert len(dashboard.log) == 3
        assert "cleared, ctrl+z undoes it" in dashboard.screen()
        await dashboard.press("ctrl+z")
        assert len(dashboard.rows()) == 3
        assert "cleared" not in dashboard.screen()


async def test_a_key_that_moves_the_cursor_draws_its_two_rows_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async with filled(tmp_path) as dashboard:
        stream = dashboard.panes.stream
        await dashboard.press("up", "up")
        before = stream.cursor - stream.scroll_offset.y
        drawn_lines: set[int] = set()
        render_line = stream.render_line

        def noted(y: int) -> Strip:
            drawn_lines.add(y)
            return render_line(y)

        monkeypatch.setattr(stream, "render_line", noted)
        await dashboard.press("up")
        assert drawn_lines == {before, before - 1}


async def test_a_selection_that_ends_is_drawn_no_more(tmp_path: Path):
    async with filled(tmp_path) as dashboard:
        stream = dashboard.panes.stream
        await dashboard.press("up", "up", "shift+up", "shift+up")
        await dashboard.press("up")
        await dashboard.pilot.pause()
        region = stream.scrollable_content_region
        strips = dashboard.app.screen._compositor.render_strips(dashboard.app.size)
        backgrounds = []
        for y in range(region.y, region.bottom):
            styles = [segment.style for segment in strips[y].crop(region.x, region.x + 3)]
            backgrounds.append(styles[0].bgcolor if styles[0] else None)
        assert len(set(backgrounds)) == 2
        assert sum(each != backgrounds[0] for each in backgrounds) == 1


async def test_the_newest_row_stays_in_view_when_the_room_for_the_rows_changes(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        agent = await dashboard.agent()
        await dashboard.issue(agent, *(f"ROW|number {number}" for number in range(60)))
        await dashboard.press("slash", *"type:ROW", "enter")
        stream = dashboard.panes.stream
        before = stream.size.height
        await dashboard.end_agents()  # a line tells of the loss
        await dashboard.until(lambda: stream.size.height < before)
        await dashboard.until(lambda: shown(dashboard)[-1] == "59")
        assert stream.following
