"""A dialog that asks for one line."""

from pathlib import Path

import pytest

from mdxdash.tui.screens.dialogs.line_dialog import LineDialog
from tests.support.dashboards import Dashboard, running_dashboard


async def ask(dashboard: Dashboard) -> list[str | None]:
    """Opens a dialog that takes digits; its results come into the list."""
    given: list[str | None] = []
    dialog = LineDialog("A number", "Digits", lambda text: "" if text.isdigit() else "no number")
    await dashboard.app.push_screen(dialog, given.append)
    await dashboard.pilot.pause()
    return given


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_a_wrong_line_says_why_and_can_be_mended(tmp_path: Path, size: tuple[int, int]):
    async with running_dashboard(tmp_path, size=size) as dashboard:
        given = await ask(dashboard)
        await dashboard.type("1x")
        await dashboard.press("enter")
        await dashboard.until(lambda: "no number" in dashboard.screen())
        await dashboard.press("backspace")
        await dashboard.until(lambda: "no number" not in dashboard.screen())
        await dashboard.press("enter")
        assert given == ["1"]


async def test_escape_gives_nothing(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        given = await ask(dashboard)
        await dashboard.press("escape")
        assert given == [None]


async def test_escape_asks_before_a_changed_line_is_lost(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        given = await ask(dashboard)
        await dashboard.type("1")
        await dashboard.press("escape")
        assert given == []
        await dashboard.press("y")
        await dashboard.until(lambda: given == [None])
