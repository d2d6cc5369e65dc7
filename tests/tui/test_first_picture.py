"""The first picture, and what is done before the dashboard is loaded."""

import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from textual.events import Key
from textual.screen import ModalScreen

from mdxdash.tui.app import MakeScreen, MdxdashApp
from mdxdash.tui.dashboard.screen import DashboardScreen
from mdxdash.tui.first_picture import waiting_at
from tests.support.apps import loaded, press, screen_text
from tests.support.dashboard_scene import scene_context
from tests.support.waiting import GUARD, eventually

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the scene's time zone needs tzset")


def waiting_app(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, load: Callable[[], None]
) -> MdxdashApp:
    """The scene without agents; `load` is called before the dashboard is made."""
    context = scene_context(tmp_path, monkeypatch, empty=True)

    def make() -> MakeScreen:
        load()
        return partial(DashboardScreen, context=context)

    return MdxdashApp(make, waiting_at(context.hub.url, context.hub.mdf_lines))


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_the_first_picture_is_there_before_anything_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    go_on = threading.Event()
    app = waiting_app(tmp_path, monkeypatch, lambda: assert_set(go_on))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert "Waiting for an agent at ws://localhost:9001/chat" in screen_text(app)
        assert "Plugin_Remote_Websocket_Port=9001" in screen_text(app)
        assert not app.loaded.is_set()
        go_on.set()
        await loaded(app, pilot)
        await pilot.pause()
        assert "Waiting for an agent at ws://localhost:9001/chat" in screen_text(app)
        assert "Agents" in screen_text(app) or size[0] < 100


async def test_what_is_typed_meanwhile_is_done_in_its_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    app = waiting_app(tmp_path, monkeypatch, lambda: assert_set(go_on))
    async with app.run_test() as pilot:
        # The q belongs to the line that the key before it opens.
        await press(pilot, "slash", "q", "a")
        go_on.set()
        await loaded(app, pilot)
        await press(pilot, "b")
        await pilot.pause()
        assert app.dashboard.filter_bar.input.value == "qab"


class Asking(ModalScreen[None]):
    """In the place of the dialog that asks before the end."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: list[str] = []

    def on_key(self, event: Key) -> None:
        self.keys.append(event.key)


async def test_keys_before_a_wanted_end_do_not_answer_its_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, asking = threading.Event(), Asking()
    app = waiting_app(tmp_path, monkeypatch, lambda: assert_set(go_on))

    async def ask(dashboard: DashboardScreen) -> None:
        await dashboard.app.push_screen(asking)

    monkeypatch.setattr(DashboardScreen, "action_quit", ask)
    async with app.run_test() as pilot:
        await press(pilot, "down", "enter", "ctrl+q")
        go_on.set()
        await eventually(lambda: asking.is_current)
        await press(pilot, "x")
        await eventually(lambda: "x" in asking.keys)
    assert asking.keys == ["x"]


@pytest.mark.parametrize("end", ["q", "ctrl+q", "interrupt", "lose_terminal", "quit_unasked"])
async def test_it_ends_when_it_is_wanted_while_it_loads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    go_on = threading.Event()
    app = waiting_app(tmp_path, monkeypatch, lambda: assert_set(go_on))
    async with app.run_test() as pilot:
        if hasattr(app, end):
            app.call_later(getattr(app, end))
        else:
            await press(pilot, end)
        go_on.set()
        await eventually(lambda: not app.is_running)
    assert not app.return_code


async def test_what_cannot_be_loaded_ends_it_with_the_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = waiting_app(tmp_path, monkeypatch, lambda: sys.exit(2))
    async with app.run_test():
        await eventually(lambda: not app.is_running)
    assert app.return_code == 2


def assert_set(event: threading.Event) -> None:
    assert event.wait(GUARD)
