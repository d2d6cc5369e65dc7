"""Every button of every dialog can be reached, also in small terminals."""

import sys
from pathlib import Path

import pytest
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Button, Input, Static, TextArea

from mdxdash.language.translation import Language, use
from tests.support import dashboard_scene
from tests.support.apps import dashboard_app, loaded
from tests.support.dashboard_places import MORE_MACROS, PLACES, Visitor
from tests.support.dashboard_scene import scene_context

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the scene's time zone needs tzset")

WITH_FIELDS = (
    *("go to time", "export", "watches", "compare", "columns", "quit"),
    *("macro form", "macro editor", "parameters", "ready-made macros", "delete"),
)

LONG_ERROR = "expected something else here, since this cannot be. " * 4


def is_seen(widget: Widget) -> bool:
    """Whether the whole widget is drawn; of an area for text, which scrolls, a part."""
    geometry = widget.screen.find_widget(widget)
    if isinstance(widget, TextArea):
        return geometry.clip.overlaps(geometry.region)
    return bool(geometry.region.area) and geometry.clip.contains_region(geometry.region)


async def unreachable(visitor: Visitor, screen: Screen[object]) -> list[str]:
    """The buttons and fields that are not seen whole when they have the focus."""
    found = []
    for widget in screen.query("Button, Input, TextArea"):
        assert isinstance(widget, Button | Input | TextArea)
        if widget.focusable:
            screen.set_focus(widget)
        await visitor.settle()
        if not is_seen(widget):
            found.append(f"{type(widget).__name__} {widget.id}")
    return found


@pytest.mark.parametrize(
    ("size", "language"), [((80, 24), "ja"), ((80, 30), "en"), ((100, 30), "ja")]
)
async def test_all_buttons_and_fields_can_be_reached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], language: Language
) -> None:
    monkeypatch.setattr(dashboard_scene, "MACROS", dashboard_scene.MACROS + MORE_MACROS)
    use(language)
    context = scene_context(tmp_path, monkeypatch)
    app = dashboard_app(context)
    wrong = []
    async with app.run_test(size=size) as pilot, context.runner.running():
        await loaded(app, pilot)
        visitor = Visitor(app, pilot, monkeypatch)
        for name in WITH_FIELDS:
            await visitor.go_to(PLACES[name])
            wrong += [f"{name}: {each}" for each in await unreachable(visitor, app.screen)]
            for error in app.screen.query("#error"):
                assert isinstance(error, Static)
                error.update(LONG_ERROR)
                found = await unreachable(visitor, app.screen)
                wrong += [f"{name} with an error: {each}" for each in found]
    assert not wrong, "\n".join(wrong)
