"""Notifications on the screen."""

import sys
from pathlib import Path

import pytest
from textual.geometry import Region
from textual.widgets._toast import Toast

from mdxdash.tui.widgets.key_footer import KeyFooter
from tests.support.apps import loaded, press, screen_text
from tests.support.dashboard_scene import scene

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the scene's time zone needs tzset")


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_a_notification_covers_no_composer_and_shows_no_markup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    app = scene(tmp_path, monkeypatch)
    async with app.run_test(size=size, notifications=True) as pilot:
        await loaded(app, pilot)
        await press(pilot, "c", *"SYNTH_START|")
        for text in ("[bold]one[/bold]", "two", "three"):
            app.dashboard.macros_pane.notify(text)
        while len(toasts := app.screen.query(Toast)) < 3 or not toasts.last().region.height:
            await pilot.pause()
        composer = app.dashboard.composer.region
        assert not any(toast.region.overlaps(composer) for toast in toasts)
        assert "[bold]one[/bold]" in screen_text(app)


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
@pytest.mark.parametrize(
    ("keys", "dialog"), [(("2", "u"), "#runs-screen"), (("up", "enter"), "#event")]
)
async def test_a_notification_does_not_cover_what_it_leads_to(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    keys: tuple[str, ...],
    dialog: str,
) -> None:
    app = scene(tmp_path, monkeypatch)
    async with app.run_test(size=size, notifications=True) as pilot:
        await loaded(app, pilot)
        await press(pilot, *keys)
        app.notify("u shows the run: its steps, and the last events.")
        while not (toasts := app.screen.query(Toast)) or not toasts.last().region.height:
            await pilot.pause()
        shown = app.screen.query_one(dialog).region
        begin = Region(shown.x, shown.y, shown.width, shown.height // 2)
        assert not any(toast.region.overlaps(begin) for toast in toasts)
        footer = app.screen.query_one(KeyFooter).region
        assert not any(toast.region.overlaps(footer) for toast in toasts)
