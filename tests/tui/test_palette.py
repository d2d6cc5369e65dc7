"""The command palette."""

from pathlib import Path

import pytest
from textual.command import CommandPalette
from textual.widgets import OptionList

from tests.support.dashboards import Dashboard, running_dashboard

SIZES = [(80, 24), (160, 45)]
MACRO = '[[macro]]\nname = "Greet"\nkey = "1"\nsend = "HELLO"\n'


async def rows(dashboard: Dashboard, query: str = "") -> list[str]:
    """What the palette offers, from the top."""
    await dashboard.press("ctrl+p")
    await dashboard.until(lambda: CommandPalette.is_open(dashboard.app))
    await dashboard.type(query)
    offered = dashboard.app.screen.query_one(OptionList)
    await dashboard.until(lambda: offered.option_count)
    await dashboard.pilot.pause(0.3)
    return [str(option.prompt) for option in offered.options]


@pytest.mark.parametrize("size", SIZES)
async def test_it_names_macros_and_shows_keys(tmp_path: Path, size: tuple[int, int]) -> None:
    async with running_dashboard(tmp_path, size=size, macros=MACRO) as dashboard:
        shown = await rows(dashboard)
        assert any(row.startswith("Fire Greet  1") for row in shown)
        assert any(row.startswith("Help  ?") for row in shown)
        assert not any(row.startswith(("Fire  ", "Alerts", "Undo clear")) for row in shown)


@pytest.mark.parametrize("size", SIZES)
async def test_it_searches_the_help_too(tmp_path: Path, size: tuple[int, int]) -> None:
    async with running_dashboard(tmp_path, size=size) as dashboard:
        shown = await rows(dashboard, "latencies")
        assert any(row.startswith("Conversation") for row in shown)


async def test_it_goes_to_the_pane_of_what_it_does(tmp_path: Path) -> None:
    async with running_dashboard(tmp_path, macros=MACRO) as dashboard:
        await rows(dashboard, "Add a macro")
        await dashboard.press("enter")
        await dashboard.until(lambda: dashboard.app.screen.query("#macro-form"))
        await dashboard.press("escape")
        await dashboard.until(lambda: dashboard.app.focused is dashboard.panes.macros_pane)
