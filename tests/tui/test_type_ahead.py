"""Keys that come in one read, as a slow connection has them."""

from pathlib import Path

import pytest
from textual.events import Key, Paste
from textual.widgets import Input, TextArea

from mdxdash.tui.keys import key_of_character
from mdxdash.tui.screens.help import HelpScreen
from mdxdash.tui.screens.statistics_screen import StatisticsScreen
from tests.support.dashboards import Dashboard, running_dashboard


async def at_once(dashboard: Dashboard, *keys: str) -> None:
    """Types keys, a character or a key's name each, none of which waits for the one before it."""
    for key in keys:
        character = key if len(key) == 1 else None
        dashboard.app.post_message(Key(key_of_character(key) if character else key, character))
    await dashboard.press()


@pytest.mark.parametrize("opener", ["/", "f3", "c", "f2"])
async def test_text_behind_the_key_of_a_text_field_is_text(tmp_path: Path, opener: str):
    async with running_dashboard(tmp_path) as dashboard:
        await at_once(dashboard, opener, *"qRECOG")
        focused = dashboard.app.focused
        await dashboard.until(lambda: getattr(focused, "value", "") == "qRECOG")
        assert len(dashboard.app.screen_stack) == 1


async def test_text_behind_the_key_of_a_form_is_in_the_form(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await at_once(dashboard, "m", "+", *"quiz", "tab", *"2s")
        await dashboard.until(lambda: isinstance(dashboard.app.focused, Input))
        await dashboard.until(lambda: "quiz" in dashboard.screen() and "2s" in dashboard.screen())


async def test_text_behind_the_key_of_an_editor_waits_until_it_was_read(tmp_path: Path):
    macros = '[[macro]]\nname = "A"\nsend = "A"\n'
    async with running_dashboard(tmp_path, macros=macros) as dashboard:
        await at_once(dashboard, "m", "ctrl+e", *"awx")
        await dashboard.until(lambda: isinstance(dashboard.app.focused, TextArea))
        focused = dashboard.app.focused
        await dashboard.until(lambda: getattr(focused, "text", "").startswith("awx[[macro]]"))


async def test_a_dialog_that_is_left_takes_no_more_keys(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        await at_once(dashboard, "q", "escape", "y")
        await at_once(dashboard, "q", "n", "y", "enter", "escape")
        await dashboard.until(lambda: len(dashboard.app.screen_stack) == 1)
        assert dashboard.app.is_running and dashboard.hub.connected


async def test_the_palette_runs_what_is_written_and_not_what_stood_there_before(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        for _ in range(3):
            await at_once(dashboard, "ctrl+p", *"statist", "enter")
            await dashboard.until(lambda: isinstance(dashboard.app.screen, StatisticsScreen))
            await dashboard.press("escape")
        assert not dashboard.log.counts["TEST_MESSAGE"]


@pytest.mark.parametrize("keys", [("ctrl+q",) * 3, ("q", "ctrl+q", "ctrl+q")])
async def test_it_is_asked_once_whether_to_quit(tmp_path: Path, keys: tuple[str, ...]):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        await at_once(dashboard, *keys)
        await dashboard.until(lambda: dashboard.app.keys_are_done)
        assert len(dashboard.app.screen_stack) == 2


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ((*"ABC|1", "backspace", "2"), "ABC|2"),
        ((*"AB|1", "left", "9"), "AB|91"),
        ((*"AB|12", "ctrl+u", *"CD|3"), "CD|3"),
    ],
)
async def test_letters_do_not_overtake_editing_keys(
    tmp_path: Path, keys: tuple[str, ...], text: str
):
    async with running_dashboard(tmp_path) as dashboard:
        await at_once(dashboard, "c", *keys)
        await dashboard.until(lambda: dashboard.app.keys_are_done)
        focused = dashboard.app.focused
        assert isinstance(focused, Input) and focused.value == text


async def test_enter_goes_to_the_pane_that_a_key_before_it_opened(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        for key in ("f4", "f5", "f6", "f7"):
            await at_once(dashboard, "c", *"NEVER|1", key, "enter", "escape", "escape")
            await dashboard.until(lambda: dashboard.app.keys_are_done)
        assert not dashboard.log.counts["NEVER"]


async def test_a_pasted_text_waits_for_the_keys_before_it(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        dashboard.app.post_message(Key("slash", "/"))
        dashboard.app.post_message(Paste("type:RECOG*"))
        dashboard.app.post_message(Key("enter", "\r"))
        dashboard.app.post_message(Key("question_mark", "?"))
        await dashboard.until(lambda: isinstance(dashboard.app.screen, HelpScreen))
        assert dashboard.panes.filter_bar.text == "type:RECOG*"


@pytest.mark.parametrize("key", [*"?pvzuXVOL!", "ctrl+p"])
async def test_whatever_a_key_opens_the_next_one_leaves(tmp_path: Path, key: str):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        await at_once(dashboard, key, "escape", "/", "x")
        await dashboard.until(lambda: dashboard.panes.filter_bar.text == "x")
        assert len(dashboard.app.screen_stack) == 1
