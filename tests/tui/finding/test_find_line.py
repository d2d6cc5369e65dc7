"""Finding without filtering, with the keys."""

from pathlib import Path

import pytest

from mdxdash.events.log import EventLog
from tests.support.dashboards import Dashboard, running_dashboard

SIZES = [(80, 24), (160, 45)]


def log_of(count: int) -> EventLog:
    """Every third event says hello."""
    log = EventLog()
    for number in range(1, count + 1):
        word = "hello" if number % 3 == 0 else "other"
        log.append("received", "chat", "TYPE", f"{word} {number}", time=1e9 + number)
    return log


def lit(dashboard: Dashboard) -> list[str]:
    """The texts that are lit in the stream, from the top."""
    stream = dashboard.panes.stream
    return [
        segment.text
        for y in range(stream.size.height)
        for segment in stream.render_line(y)
        if segment.style is not None and segment.style.reverse
    ]


def current(dashboard: Dashboard) -> int:
    event = dashboard.panes.stream.current
    assert event is not None
    return event.seq


async def find(dashboard: Dashboard, text: str) -> None:
    await dashboard.press("ctrl+f")
    await dashboard.type(text)


@pytest.mark.parametrize("size", SIZES)
async def test_hits_are_lit_counted_and_gone_through(tmp_path: Path, size: tuple[int, int]):
    async with running_dashboard(tmp_path, size=size, log=log_of(100)) as dashboard:
        await dashboard.agent()  # so that the rows have all the room
        await find(dashboard, "hello")
        await dashboard.until(lambda: "33 of 33" in dashboard.screen())
        assert current(dashboard) == 99
        assert dashboard.panes.stream.row_count == 101
        assert set(lit(dashboard)) == {"hello"}
        assert len(lit(dashboard)) > 1
        await dashboard.press("shift+enter", "up")
        await dashboard.until(lambda: "31 of 33" in dashboard.screen())
        await dashboard.press("enter")
        await dashboard.until(lambda: "32 of 33" in dashboard.screen())
        await dashboard.press("tab", "N", "N")
        await dashboard.until(lambda: "30 of 33" in dashboard.screen())
        await dashboard.press("n")
        await dashboard.until(lambda: "31 of 33" in dashboard.screen())
        assert current(dashboard) == 93
        await dashboard.press("escape")
        assert not dashboard.panes.find_line.display
        assert lit(dashboard) == []
        assert current(dashboard) == 93


async def test_escape_in_the_line_ends_it_and_goes_to_the_rows(tmp_path: Path):
    async with running_dashboard(tmp_path, log=log_of(10)) as dashboard:
        await find(dashboard, "hello")
        await dashboard.press("escape")
        assert dashboard.panes.stream.has_focus
        assert not dashboard.panes.find_line.display
        await dashboard.press("n")
        assert dashboard.notified("Nothing is searched for")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("key", ["c", "slash", "t", "C"])
async def test_it_opens_from_everywhere(tmp_path: Path, key: str, size: tuple[int, int]):
    async with running_dashboard(tmp_path, size=size, log=log_of(10)) as dashboard:
        await dashboard.press(key, "ctrl+f")
        assert dashboard.panes.find_line.input.has_focus
        assert dashboard.panes.stream.display
        await dashboard.type("hello 9")
        await dashboard.until(lambda: "1 of 1" in dashboard.screen())


async def test_the_count_goes_on_with_what_comes(tmp_path: Path):
    log = log_of(9)
    async with running_dashboard(tmp_path, log=log) as dashboard:
        await find(dashboard, "hello")
        await dashboard.until(lambda: "3 of 3" in dashboard.screen())
        log.append("received", "chat", "TYPE", "hello again")
        await dashboard.until(lambda: "3 of 4" in dashboard.screen())


async def test_only_what_the_filter_shows_is_found(tmp_path: Path):
    async with running_dashboard(tmp_path, log=log_of(30)) as dashboard:
        dashboard.panes.filter_bar.text = "hello"
        await find(dashboard, "/ 1./")
        await dashboard.until(lambda: "3 of 3" in dashboard.screen())
        await dashboard.press("escape")
        dashboard.panes.filter_bar.text = ""
        await dashboard.press("ctrl+f")
        await dashboard.until(lambda: "9 of 10" in dashboard.screen())


async def test_half_typed_text_says_what_is_wrong_and_the_last_hits_stay(tmp_path: Path):
    async with running_dashboard(tmp_path, log=log_of(9)) as dashboard:
        await find(dashboard, "hello (")
        await dashboard.until(lambda: "^" in dashboard.screen())
        assert "3 of 3" in dashboard.screen()
        await dashboard.press("backspace")
        await dashboard.until(lambda: "^ " not in dashboard.screen())


async def test_nothing_found_is_said(tmp_path: Path):
    async with running_dashboard(tmp_path, log=log_of(9)) as dashboard:
        await find(dashboard, "zzz")
        await dashboard.until(lambda: "no hit" in dashboard.screen())


async def test_another_view_ends_it(tmp_path: Path):
    async with running_dashboard(tmp_path, log=log_of(9)) as dashboard:
        await find(dashboard, "hello")
        await dashboard.press("tab", "C")
        await dashboard.until(lambda: not dashboard.panes.find_line.display)
