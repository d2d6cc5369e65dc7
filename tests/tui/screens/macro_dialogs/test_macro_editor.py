"""The TOML editor, and the recording that ends in it."""

from pathlib import Path

import pytest
from textual.widgets import Button, Static, TextArea

from mdxdash.macros.model import Macro, SendStep, WaitStep
from mdxdash.simulator import Content
from mdxdash.tui.screens.dialogs.choice import ChoiceDialog
from mdxdash.tui.screens.dialogs.confirm import ConfirmDialog
from mdxdash.tui.screens.macro_dialogs.macro_editor import MacroEditor
from mdxdash.wire.message import Message, parse_message
from tests.support.dashboards import Dashboard, running_dashboard

SIZES = [(80, 24), (160, 45)]

TWO = """\
# of the file
port = 1

[[macro]]
name = "One"   # mine
send = "A"

# before it
[[macro]]
name = "Two"
steps = [
  { run = "One" },   # first
]
"""


async def editor(dashboard: Dashboard, *keys: str) -> TextArea:
    """Opens the editor by keys; its text."""
    await dashboard.press(*keys)
    await dashboard.until(lambda: isinstance(dashboard.app.screen, MacroEditor))
    return dashboard.app.screen.query_one(TextArea)


def shown_error(dashboard: Dashboard) -> str:
    return str(dashboard.app.screen.query_one("#error", Static).content)


def written(tmp_path: Path) -> str:
    return (tmp_path / "mdxdash.toml").read_text(encoding="utf-8")


async def test_what_is_typed_is_saved_as_it_stands(tmp_path: Path):
    async with running_dashboard(tmp_path, macros=TWO) as dashboard:
        area = await editor(dashboard, "m", "down", "E")
        assert area.text == TWO[TWO.index("# before") :]
        area.text = area.text.replace("# first", "# changed")
        await dashboard.press("ctrl+s")
        await dashboard.until(lambda: written(tmp_path) == TWO.replace("# first", "# changed"))
        await dashboard.until(lambda: not isinstance(dashboard.app.screen, MacroEditor))


async def test_a_mistake_is_said_with_its_line_while_it_is_typed_and_nothing_is_saved(
    tmp_path: Path,
):
    async with running_dashboard(tmp_path, macros=TWO) as dashboard:
        area = await editor(dashboard, "m", "down", "E")
        area.text = area.text.replace('run = "One"', 'run = "Oen"')
        await dashboard.until(lambda: shown_error(dashboard).startswith("line 5: `run`: expected"))
        assert dashboard.app.screen.query_one("#save", Button).disabled
        await dashboard.press("ctrl+s")
        await dashboard.pilot.pause()
        assert isinstance(dashboard.app.screen, MacroEditor)
        assert written(tmp_path) == TWO
        area.text = area.text.replace('run = "Oen"', 'run = "One"')
        await dashboard.until(lambda: shown_error(dashboard) == "")


async def test_a_text_that_is_no_toml_says_where(tmp_path: Path):
    async with running_dashboard(tmp_path, macros=TWO) as dashboard:
        area = await editor(dashboard, "m", "ctrl+e")
        area.text = '[[macro]]\nname = "One\nsend = "A"\n'
        await dashboard.until(lambda: shown_error(dashboard).startswith("line 2: no valid TOML"))


async def test_what_another_macro_needs_cannot_be_renamed(tmp_path: Path):
    async with running_dashboard(tmp_path, macros=TWO) as dashboard:
        area = await editor(dashboard, "m", "ctrl+e")
        area.text = area.text.replace("One", "Uno")
        await dashboard.until(lambda: 'macro "Two": `run`' in shown_error(dashboard))


@pytest.mark.parametrize("size", SIZES)
async def test_leaving_what_was_written_asks_first(tmp_path: Path, size: tuple[int, int]):
    async with running_dashboard(tmp_path, size=size, macros=TWO) as dashboard:
        area = await editor(dashboard, "m", "ctrl+e")
        area.text += "# more\n"
        await dashboard.press("escape")
        await dashboard.until(lambda: isinstance(dashboard.app.screen, ConfirmDialog))
        await dashboard.press("n")
        await dashboard.until(lambda: isinstance(dashboard.app.screen, MacroEditor))
        await dashboard.press("escape")
        await dashboard.until(lambda: isinstance(dashboard.app.screen, ConfirmDialog))
        await dashboard.press("y")
        await dashboard.until(lambda: len(dashboard.app.screen_stack) == 1)
        assert written(tmp_path) == TWO


async def test_a_block_that_changed_on_disk_meanwhile_is_not_written_over(tmp_path: Path):
    async with running_dashboard(tmp_path, macros=TWO) as dashboard:
        area = await editor(dashboard, "m", "ctrl+e")
        changed = TWO.replace("# mine", "# yours")
        (tmp_path / "mdxdash.toml").write_text(changed, encoding="utf-8")
        area.text += "# more\n"
        await dashboard.press("ctrl+s")
        await dashboard.until(lambda: "changed in the file meanwhile" in shown_error(dashboard))
        assert written(tmp_path) == changed


async def test_what_is_done_by_hand_becomes_a_macro_with_waits(tmp_path: Path):
    async with running_dashboard(tmp_path, macros=TWO) as dashboard:
        await dashboard.agent(behavior=Content())
        await dashboard.press("R")
        await dashboard.until(lambda: "recording 0" in dashboard.screen())
        await dashboard.press("c")
        await dashboard.type("VALUE_SET|score|10")
        await dashboard.press("enter")
        await dashboard.until(lambda: any(e.type == "VALUE_EVENT_SET" for e in dashboard.log))
        await dashboard.until(lambda: "recording 1" in dashboard.screen())
        area = await editor(dashboard, "escape", "R")
        area.text = area.text.replace("name = ", "# by hand\nname = ")
        await dashboard.press("ctrl+s")
        await dashboard.until(lambda: len(dashboard.panes.runner.macros) == 3)
        steps = dashboard.panes.runner.macros[2].steps
        assert [type(step) for step in steps] == [SendStep, WaitStep]
        assert written(tmp_path).startswith(TWO)
        assert "# by hand" in written(tmp_path)
        assert not dashboard.panes.macros_pane.recorder.recording


async def test_what_a_macro_sends_meanwhile_is_not_recorded(tmp_path: Path):
    async with running_dashboard(tmp_path, macros=TWO) as dashboard:
        await dashboard.agent()
        await dashboard.press("R")
        macro = Macro("Other", (Message("OF_A_MACRO"),))
        dashboard.panes.runner.fire(macro)
        await dashboard.until(lambda: any(e.type == "OF_A_MACRO" for e in dashboard.log))
        await dashboard.press("c")
        await dashboard.type("BY_HAND")
        await dashboard.press("enter")
        await dashboard.until(lambda: "recording 1" in dashboard.screen())
        area = await editor(dashboard, "escape", "R")
        assert "BY_HAND" in area.text
        assert "OF_A_MACRO" not in area.text


async def test_of_several_agents_one_is_recorded(tmp_path: Path):
    async with running_dashboard(tmp_path, macros=TWO) as dashboard:
        await dashboard.agent()
        await dashboard.agent("/chat-1")
        await dashboard.press("R", "c")
        await dashboard.type("ONE|2")
        await dashboard.press("enter", "escape", "escape", "R")
        await dashboard.until(lambda: isinstance(dashboard.app.screen, ChoiceDialog))
        area = await editor(dashboard, "down", "enter")
        assert area.text.count("ONE|2") == 1


async def test_a_recording_of_nothing_says_so(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.press("R", "R")
        notices = [notice.message for notice in dashboard.app._notifications]
        assert "Nothing was sent during the recording." in notices


async def test_what_an_agent_was_sent_is_inert_in_the_editor_too(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        await dashboard.press("R")
        dashboard.app.context.hub.send(parse_message("EVIL|\u202eabc"))
        await dashboard.until(lambda: any(event.kind == "sent" for event in dashboard.log))
        area = await editor(dashboard, "R")
        assert "\u202e" in area.text
        assert "EVIL" in dashboard.screen()
        assert "\u202e" not in dashboard.screen()
