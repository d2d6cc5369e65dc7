"""The command palette."""

from pathlib import Path

import pytest
from textual.command import CommandPalette
from textual.widgets import OptionList

from mdxdash.language.translation import use
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
        assert any(row.startswith("Help  ?") for row in shown)
        assert not any(row.startswith(("Fire  ", "Alerts", "Undo clear")) for row in shown)
        await dashboard.type("greet")
        await dashboard.until(lambda: "Fire Greet  1" in dashboard.screen())


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


@pytest.mark.parametrize("pane", ["s", "a", "t", "m", "C", "T"])
async def test_no_macro_is_offered_before_something_is_typed(tmp_path: Path, pane: str) -> None:
    async with running_dashboard(tmp_path, macros=MACRO) as dashboard:
        await dashboard.press(pane)
        assert not any("Greet" in row for row in await rows(dashboard))
        await dashboard.press("enter")
        await dashboard.pilot.pause(0.1)
        assert not dashboard.panes.runner.runs.records


async def test_actions_stand_before_macros_with_equal_names(tmp_path: Path) -> None:
    async with running_dashboard(tmp_path, macros=MACRO.replace("Greet", "help")) as dashboard:
        shown = await rows(dashboard, "help")
        assert shown[0].startswith("Help  ?")
        assert any(row.startswith("Fire help") for row in shown)


async def test_what_has_the_words_stands_before_what_has_the_letters(tmp_path: Path) -> None:
    async with running_dashboard(tmp_path, macros=MACRO) as dashboard:
        assert (await rows(dashboard, "fire"))[0].startswith("Fire Greet")
        await dashboard.press("escape", "escape")
        assert "Greet" not in (await rows(dashboard, "zoom"))[0]


async def test_what_does_nothing_now_is_not_offered(tmp_path: Path) -> None:
    async with running_dashboard(tmp_path) as dashboard:
        shown = await rows(dashboard, "find")
        assert not any(row.startswith(("End find", "Next hit", "Previous hit")) for row in shown)


async def test_a_theme_is_found_by_its_name(tmp_path: Path) -> None:
    async with running_dashboard(tmp_path) as dashboard:
        assert (await rows(dashboard, "nord"))[0].startswith("Theme: nord")
        await dashboard.press("enter")
        await dashboard.until(lambda: dashboard.app.theme == "nord")


async def test_it_is_in_japanese_too(tmp_path: Path) -> None:
    use("ja")
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.press("ctrl+p")
        await dashboard.until(lambda: "コマンドを検索" in dashboard.screen())
        assert not any("Greet" in row for row in await rows(dashboard, "zzzzqqq"))
        await dashboard.until(lambda: "見つかりません" in dashboard.screen())
