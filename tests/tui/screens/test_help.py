"""The help screen."""

import re
from pathlib import Path

import pytest

from mdxdash.tui.screens.help import HelpScreen
from mdxdash.tui.signs import LEGEND
from tests.support.dashboards import running_dashboard


@pytest.mark.parametrize("key", ["question_mark", "f1"])
async def test_help_names_every_key_and_the_filter_language(tmp_path: Path, key: str):
    async with running_dashboard(tmp_path, size=(160, 200)) as dashboard:
        await dashboard.press(key)
        assert isinstance(dashboard.app.screen, HelpScreen)
        screen = dashboard.screen()
        for text in ("Type a filter", "Copy the row", "is:echo", "Save what is written as a macro"):
            assert text in screen


@pytest.mark.parametrize("keys", [("T",), ()])
async def test_a_key_that_stands_beside_another_one_has_no_second_row(
    tmp_path: Path, keys: tuple[str, ...]
):
    async with running_dashboard(tmp_path, size=(80, 24)) as dashboard:
        await dashboard.press(*keys, "question_mark")
        screen = dashboard.app.screen
        assert isinstance(screen, HelpScreen)
        rows = [row for section in screen.sections for row in section.rows]
        assert ("← →", "The bar before, the next one, in this lane") in rows
        assert [what for _keys, what in rows if what.startswith("Zoom")] == ["Zoom in, zoom out"]
        assert not any(what == "The next bar in this lane" for _keys, what in rows)


async def test_help_explains_every_sign(tmp_path: Path):
    async with running_dashboard(tmp_path, size=(99, 300)) as dashboard:
        await dashboard.press("question_mark")
        for _, rows in LEGEND:
            for sign, meaning in rows:
                assert re.search(rf"{re.escape(sign)} +{re.escape(meaning)}", dashboard.screen())
