"""From pane to pane by keys, in a small terminal and in a large one."""

from pathlib import Path

import pytest
from textual.widgets import Input

from mdxdash.tui.screens.dialogs.confirm import ConfirmDialog
from mdxdash.tui.screens.help import HelpScreen
from mdxdash.tui.screens.macro_dialogs.macro_form import MacroForm
from tests.support.dashboards import Dashboard, running_dashboard

SIZES = pytest.mark.parametrize("size", [(80, 24), (160, 45)])

MACROS = """\
[[macro]]
name = "Greet"
key = "1"
send = "GREETING"

[[macro]]
name = "Leave"
key = "2"
send = "LEAVING"
"""


def sent(dashboard: Dashboard) -> list[str]:
    log = dashboard.log
    return [each.type for each in log.slice(1, log.next_seq) if each.kind == "sent"]


@SIZES
async def test_the_help_begins_with_the_panes_keys_and_is_searched(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with running_dashboard(tmp_path, size=size, macros=MACROS) as dashboard:
        await dashboard.press("m", "question_mark")
        await dashboard.until(lambda: isinstance(dashboard.app.screen, HelpScreen))
        await dashboard.until(lambda: "Edit the macro as TOML" in dashboard.screen())
        await dashboard.press("slash")
        await dashboard.type("graph")
        await dashboard.until(lambda: "Nothing in the help has graph." in dashboard.screen())
        await dashboard.press(*["backspace"] * 5)
        await dashboard.type("latencies")
        await dashboard.until(lambda: "with latencies" in dashboard.screen())
        assert "Edit the macro as TOML" not in dashboard.screen()
        await dashboard.press("escape")
        await dashboard.until(lambda: "Edit the macro as TOML" in dashboard.screen())
        await dashboard.press("escape")
        await dashboard.until(lambda: dashboard.app.focused is dashboard.panes.macros_pane)


@SIZES
async def test_enter_its_key_and_two_clicks_fire_a_macro_and_one_click_does_not(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with running_dashboard(tmp_path, size=size, macros=MACROS) as dashboard:
        await dashboard.agent()
        await dashboard.press("m", "down")
        await dashboard.pilot.click("#macros", offset=(6, 1))
        await dashboard.until(lambda: dashboard.panes.macros_pane.cursor == 0)
        await dashboard.press("enter")
        await dashboard.until(lambda: sent(dashboard) == ["GREETING"])
        await dashboard.press("2")
        await dashboard.until(lambda: sent(dashboard) == ["GREETING", "LEAVING"])
        await dashboard.pilot.click("#macros", offset=(6, 1), times=2)
        await dashboard.until(lambda: sent(dashboard) == ["GREETING", "LEAVING", "GREETING"])


@SIZES
async def test_escape_asks_before_a_changed_form_is_lost_and_gives_the_focus_back(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with running_dashboard(tmp_path, size=size, macros=MACROS) as dashboard:
        await dashboard.press("m", "plus", "escape")
        await dashboard.until(lambda: dashboard.app.focused is dashboard.panes.macros_pane)
        await dashboard.press("plus")
        await dashboard.until(lambda: isinstance(dashboard.app.screen, MacroForm))
        await dashboard.type("Wave")
        await dashboard.press("escape")
        await dashboard.until(lambda: isinstance(dashboard.app.screen, ConfirmDialog))
        await dashboard.press("n")
        await dashboard.until(lambda: isinstance(dashboard.app.screen, MacroForm))
        assert dashboard.app.screen.query_one("#name", Input).value == "Wave"
        await dashboard.press("escape")
        await dashboard.until(lambda: isinstance(dashboard.app.screen, ConfirmDialog))
        await dashboard.press("y")
        await dashboard.until(lambda: dashboard.app.focused is dashboard.panes.macros_pane)
