"""Names of themes: what is wrong with one is an error as of every setting."""

import sys
from pathlib import Path

import pytest

from mdxdash.tui.themes import theme_error
from tests.contrast import fixed_themes, measure
from tests.support.dashboard_scene import scene

KNOWN = ["nord", "gruvbox"]


@pytest.mark.parametrize("name", [None, *KNOWN])
def test_a_known_theme_or_none_is_right(name: str | None) -> None:
    assert theme_error(name, KNOWN) is None


@pytest.mark.parametrize(
    ("name", "hint"),
    [("nrod", 'did you mean "nord"?'), ("x", "there are gruvbox, nord")],
)
def test_an_unknown_theme_is_answered_with_known_ones(name: str, hint: str) -> None:
    assert (
        theme_error(name, KNOWN) == f'`theme`: expected the name of a theme, got "{name}": {hint}'
    )


@pytest.mark.skipif(sys.platform == "win32", reason="the scene's time zone needs tzset")
async def test_every_text_can_be_read_in_every_theme(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = scene(tmp_path, monkeypatch)
    places = ("stream", "an error in the filter", "macro form")  # the script has all
    found = await measure(app, fixed_themes(app), places)
    low = [
        f"{name}, {place}: {each}"
        for name, places in found.items()
        for place, seen in places.items()
        for each in seen
        if not each.enough
    ]
    assert not low, "\n".join(low)
