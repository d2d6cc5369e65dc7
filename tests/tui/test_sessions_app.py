"""The list of recorded sessions: what it says of each, the search across them, the choice."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from mdxdash.events.log import EventLog
from mdxdash.recordings.journal import Journal
from mdxdash.tui.key_actions import usable_keys
from mdxdash.tui.sessions_app import Chosen, SessionsApp
from mdxdash.tui.widgets.key_footer import KeyFooter
from tests.support.apps import press, screen_text
from tests.support.waiting import GUARD

SIZES = [(80, 24), (160, 45)]
OLD, NEW = "2026-11-22T10-00-00.jsonl", "2026-11-23T10-00-00.jsonl"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two sessions; in the older one an agent was lost."""
    for name, agent in ((OLD, "chat"), (NEW, "room")):
        log = EventLog()
        with Journal(tmp_path / name, log):
            log.append("connected", agent, time=1e9)
            for number in range(30):
                log.append(
                    "received", agent, "RECOG_EVENT_STOP", f"hello {number}", time=1e9 + number
                )
            if name == OLD:
                log.append("disconnected", agent, text="closed", time=1e9 + 60)
    return tmp_path


class Sessions:
    def __init__(self, app: SessionsApp, pilot: Pilot[Chosen | None]) -> None:
        self.app = app
        self.pilot = pilot

    def screen(self) -> str:
        return screen_text(self.app)

    async def until(self, condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + GUARD
        while not condition():
            assert time.monotonic() < deadline, self.screen()
            await self.pilot.pause(0.01)

    async def press(self, *keys: str) -> None:
        await press(self.pilot, *keys)
        await self.pilot.pause()


@asynccontextmanager
async def shown(
    folder: Path, size: tuple[int, int], known: int = 2, **options: object
) -> AsyncIterator[Sessions]:
    app = SessionsApp(folder, **options)  # type: ignore[arg-type]
    async with app.run_test(size=size) as pilot:
        sessions = Sessions(app, pilot)
        await sessions.until(lambda: app.rows.known == known)
        await pilot.pause()
        yield sessions


@pytest.mark.parametrize("size", SIZES)
async def test_each_session_is_a_row_with_what_went_wrong_and_enter_opens_it(folder: Path, size):
    async with shown(folder, size) as sessions:
        await sessions.until(lambda: "Sessions: 2 in" in sessions.screen())
        rows = [line for line in sessions.screen().splitlines() if "2026-11-2" in line]
        assert ["room" in row for row in rows] == [True, False]
        assert "! 1 lost" in rows[1] and "chat" in rows[1] and "█" in rows[1]
        await sessions.press("down", "enter")
    assert sessions.app.return_value == Chosen(folder / OLD, None, "")


@pytest.mark.parametrize("size", SIZES)
async def test_a_search_goes_across_all_and_enter_opens_the_event_there(folder: Path, size):
    async with shown(folder, size) as sessions:
        await sessions.press("slash", *"args:*29")
        await sessions.press("enter")
        await sessions.until(lambda: "2 events found" in sessions.screen())
        assert sessions.screen().count("RECOG_EVENT_STOP|hello 29") == 2
        await sessions.press("down", "enter")
    assert sessions.app.return_value == Chosen(folder / OLD, 31, "args:*29")


@pytest.mark.parametrize("size", SIZES)
async def test_escape_goes_back_to_the_sessions_and_q_ends(folder: Path, size):
    async with shown(folder, size, searched="room") as sessions:
        await sessions.until(lambda: "0 events found" in sessions.screen())
        await sessions.until(lambda: "Nothing passes the filter." in sessions.screen())
        await sessions.press("escape")
        await sessions.until(lambda: "Sessions: 2 in" in sessions.screen())
        assert "enter Open" in sessions.screen() or "⏎ Open" in sessions.screen()
        await sessions.press("q")
    assert sessions.app.return_value is None


async def test_a_wrong_filter_is_told(folder: Path):
    async with shown(folder, (80, 24)) as sessions:
        await sessions.press("slash", *"type:", "enter")
        await sessions.until(lambda: sessions.app._error.display)
        assert sessions.app.rows.display


async def test_no_session_is_told(tmp_path: Path):
    app = SessionsApp(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        sessions = Sessions(app, pilot)
        await sessions.until(lambda: "Nothing is recorded yet" in sessions.screen())


@pytest.mark.parametrize("size", SIZES)
async def test_the_footer_tells_the_truth_everywhere(
    folder: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
):
    ended: list[object] = []
    wrong = []
    async with shown(folder, size) as sessions:
        app = sessions.app
        monkeypatch.setattr(app, "exit", ended.append)

        async def go(*keys: str) -> None:
            app.input.value = ""
            app._show(app.rows)
            await sessions.press(*keys)

        def seen() -> tuple[object, ...]:
            return (app.focused, sessions.screen(), list(ended), app.rows.display, app.rows.cursor)

        places = {
            "sessions": (),
            "search line": ("slash",),
            "found": ("slash", *"hello", "enter"),
        }
        for name, keys in places.items():
            await go(*keys)
            if name == "found":
                await sessions.until(lambda: app.found.complete)
                await sessions.press("down")
            footer = app.screen.query_one(KeyFooter)
            footer.look()
            line = "  ".join(f"{each.key} {each.label}" for each in footer.shown)
            assert line and len(line) <= size[0]
            for each in usable_keys(app.screen):
                is_known = each in footer.shown or each.binding.action == "quit"
                if each.binding.show and not is_known:  # in a text field F10 quits too
                    wrong.append(f"{name}: {each.key} {each.label} works and is not shown")
            for each in list(footer.shown):
                before = seen()
                await sessions.press(each.keys[0])
                if seen() == before:
                    wrong.append(f"{name}: {each.key} {each.label} does nothing")
                await go(*keys)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("size", SIZES)
async def test_without_sessions_the_footer_offers_to_open_none(tmp_path: Path, size):
    app = SessionsApp(tmp_path)
    async with app.run_test(size=size) as pilot:
        sessions = Sessions(app, pilot)
        await sessions.until(lambda: "Quit" in sessions.screen())
        assert "Open" not in sessions.screen()
        await sessions.press("slash", "q")
        assert app.input.value == "q"
        await sessions.press("f10")
    assert app.return_value is None


@pytest.mark.parametrize("size", SIZES)
async def test_its_keys_can_be_changed(folder: Path, size: tuple[int, int]):
    async with shown(folder, size, keys={"search_all": ["F"], "quit": ["ctrl+x"]}) as sessions:
        await sessions.until(lambda: "F Search all" in sessions.screen())
        await sessions.until(lambda: "^x Quit" in sessions.screen())
        await sessions.press("F")
        assert sessions.app.focused is sessions.app.input


@pytest.mark.parametrize("size", SIZES)
async def test_a_pattern_that_takes_too_long_ends_the_search_and_is_named(folder: Path, size):
    log = EventLog()
    with Journal(folder / "2026-11-24T10-00-00.jsonl", log):
        log.append("received", "chat", "RECOG_EVENT_STOP", "a" * 40 + "b1", time=1e9)
    async with shown(folder, size, known=3) as sessions:
        await sessions.press("slash", *"/(a|aa)+$/", "enter")
        await sessions.until(lambda: "it matches nothing more" in sessions.screen())
        await sessions.press("escape")
        await sessions.until(lambda: "Sessions: 3 in" in sessions.screen())


@pytest.mark.parametrize("size", SIZES)
async def test_a_session_that_cannot_be_read_says_why_and_whole_on_enter(tmp_path: Path, size):
    folder = tmp_path / ("a long name of a folder " * 4).strip()
    folder.mkdir()
    (folder / OLD).write_bytes(b"\0\0 no recording")
    async with shown(folder, size, known=1) as sessions:
        await sessions.until(lambda: "it is no text" in sessions.screen())
        assert sessions.app.is_running
        await sessions.press("enter")
        await sessions.until(lambda: sessions.screen().count("it is no text") == 2)
        assert f"({OLD})" in sessions.screen()


async def test_times_that_no_calendar_has_are_a_damage(tmp_path: Path):
    (tmp_path / OLD).write_bytes(
        b'{"format":"mdxdash","version":2}\n'
        b'{"seq":1,"time":1e300,"kind":"received","agent":"chat","type":"A"}\n'
        b'{"seq":2,"time":1,"kind":"received","agent":"chat","type":"B"}\n'
    )
    async with shown(tmp_path, (80, 24), known=1) as sessions:
        await sessions.until(lambda: "chat" in sessions.screen())
