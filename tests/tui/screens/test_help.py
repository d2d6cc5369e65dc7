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


async def test_help_explains_every_sign(tmp_path: Path):
    async with running_dashboard(tmp_path, size=(99, 300)) as dashboard:
        await dashboard.press("question_mark")
        for _, rows in LEGEND:
            for sign, meaning in rows:
                assert re.search(rf"{re.escape(sign)} +{re.escape(meaning)}", dashboard.screen())
