"""The main screens as pictures: looked at before they were accepted."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import structs
from textual.pilot import Pilot

from mdxdash.events.encoding import json_lines
from mdxdash.tui.app import MdxdashApp
from mdxdash.tui.app_context import AppContext
from mdxdash.tui.screens.comparing.two_sessions import TwoSessionsScreen
from tests.support.apps import dashboard_app, keys_done, loaded, screen_text
from tests.support.changed_dialogues import again, without
from tests.support.dashboard_scene import NOW, hostile_scene, scene, scene_context
from tests.support.dialogues import recorded_events
from tests.support.hostile_text import active
from tests.support.recorded import RECORDINGS

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the scene's time zone needs tzset")

Compare = Callable[..., bool]
SIZES = [(80, 24), (120, 36), (160, 45)]


async def settle(pilot: Pilot[None], *keys: str) -> None:
    """Presses keys and lets the clock of the panes draw what came of them."""
    app = pilot.app
    await loaded(app, pilot)
    await pilot.pause()
    for key in keys:
        await pilot.press(key)
        await keys_done(pilot)
    # A blinking cursor would be in one picture and not in the next.
    for field in app.screen.query("Input, TextArea"):
        field.cursor_blink = False  # type: ignore[attr-defined]
    app.dashboard._draw_slow_panes()  # type: ignore[attr-defined]
    await pilot.pause()


@pytest.mark.parametrize("size", SIZES)
def test_the_dashboard(snap_compare: Compare, tmp_path: Path, monkeypatch, size):
    assert snap_compare(scene(tmp_path, monkeypatch), terminal_size=size, run_before=settle)


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
def test_waiting_for_the_first_agent(snap_compare: Compare, tmp_path: Path, monkeypatch, size):
    app = scene(tmp_path, monkeypatch, empty=True)
    assert snap_compare(app, terminal_size=size, run_before=settle)


def press(*keys: str) -> Callable[[Pilot[None]], object]:
    async def run(pilot: Pilot[None]) -> None:
        await settle(pilot, *keys)

    return run


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("filtered", ("slash", *"type:SYNTH_* -type:X", "enter")),
        ("mistake", ("slash", *"type:SYNTH_* is:echoed")),
        ("held", ("up", "up", "b", "up", "up")),
        ("completion", ("c", *"SYNTH_START|")),
        ("refused", ("c", "enter")),
        ("quit", ("q",)),
        ("help", ("question_mark",)),
        ("explain", ("f", "slash", *"type:SYNTH_START", "enter", "e")),
        ("form", ("m", "plus")),
        ("connections", ("v",)),
        ("statistics", ("z",)),
    ],
)
def test_a_screen(snap_compare: Compare, tmp_path: Path, monkeypatch, name: str, keys):
    app = scene(tmp_path, monkeypatch)
    keys = tuple("space" if key == " " else key for key in keys)
    assert snap_compare(app, terminal_size=(160, 45), run_before=press(*keys))


def test_the_side_column_in_a_narrow_terminal(snap_compare: Compare, tmp_path: Path, monkeypatch):
    app = scene(tmp_path, monkeypatch)
    assert snap_compare(app, terminal_size=(80, 24), run_before=press("t"))


def test_a_terminal_that_is_too_small_says_so(snap_compare: Compare, tmp_path: Path, monkeypatch):
    app = scene(tmp_path, monkeypatch)
    assert snap_compare(app, terminal_size=(50, 10), run_before=settle)


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("stream", ()),
        ("connections", ("v",)),
        ("unknown", ("up", "up", "e")),
        ("composer", ("up", "r")),
        ("only", ("up", "up", "o")),
        ("mistake", ("up", "up", "o", "slash", "end", "space", "left_parenthesis")),
        ("form", ("up", "up", "r", "ctrl+s")),
        ("filter", ("slash", *"type:*cmd*", "enter")),
    ],
)
def test_hostile_text_is_shown_and_obeyed_nowhere(
    snap_compare: Compare, tmp_path: Path, monkeypatch, name: str, keys
):
    app = hostile_scene(tmp_path, monkeypatch)
    shown: list[str] = []

    async def run(pilot: Pilot[None]) -> None:
        await settle(pilot, *keys)
        shown.append(screen_text(pilot.app))

    assert snap_compare(app, terminal_size=(160, 45), run_before=run)
    assert "[bold]x[/bold]|[/b]" in shown[0]
    assert not active(shown[0])


def conversing(context: AppContext) -> MdxdashApp:
    """The scene with the real dialogue in it, whose last event is now."""
    log = context.log
    events = recorded_events(RECORDINGS / "dialogue.jsonl")
    log.append("connected", "chat", text="127.0.0.1:50234 /chat", time=NOW - 200)
    for event in events:
        at = event.time - events[-1].time + NOW
        log.append("received", "chat", event.type, event.args, time=at)
    return dashboard_app(context)


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("conversation", ("C", "end", *["up"] * 14)),
        ("timeline", ("T", "minus", "comma", "down", "down", "left")),
    ],
)
def test_a_dialogue(snap_compare: Compare, tmp_path: Path, monkeypatch, name: str, keys, size):
    app = conversing(scene_context(tmp_path, monkeypatch, empty=True))

    async def run(pilot: Pilot[None]) -> None:
        await settle(pilot, keys[0])
        while app.dashboard.views.history.behind or not app.dashboard.stream.view.complete:
            await pilot.pause()
        await pilot.pause(0.2)
        await settle(pilot, *keys[1:])
        await pilot.pause(0.2)

    assert snap_compare(app, terminal_size=size, run_before=run)


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
def test_two_sessions(snap_compare: Compare, tmp_path: Path, monkeypatch, size):
    app = conversing(scene_context(tmp_path, monkeypatch, empty=True))
    older = tmp_path / "older.jsonl"
    events = again(without(recorded_events(RECORDINGS / "dialogue.jsonl"), {3, 11}), 1)
    events = [structs.replace(event, time=event.time - events[0].time + NOW) for event in events]
    older.write_bytes(b'{"format":"mdxdash","version":1}\n' + json_lines(events))

    async def run(pilot: Pilot[None]) -> None:
        await settle(pilot)
        app.dashboard.comparison_control.compare_with(older)
        while not isinstance(app.screen, TwoSessionsScreen) or not app.screen.pairs.complete:
            await pilot.pause()
        await settle(pilot, "n")
        await pilot.pause(0.2)

    assert snap_compare(app, terminal_size=size, run_before=run)
