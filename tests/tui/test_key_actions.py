"""The truth of the footer: what it shows does something, and what does something can be read."""

import sys
from pathlib import Path

import pytest

from mdxdash.tui.key_actions import key_name, typed_character
from mdxdash.tui.screens.help import HelpScreen
from mdxdash.tui.widgets.key_footer import KeyFooter
from tests.support import dashboard_scene
from tests.support.apps import dashboard_app, loaded
from tests.support.dashboard_places import MORE_MACROS, PLACES, Visitor, unvisited

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the scene's time zone needs tzset")

SIZES = [(80, 24), (160, 45)]

EVERYWHERE = ("stream", "types", "filter", "several lines")
"""Places in which also the keys that work everywhere are pressed."""


def working_keys(visitor: Visitor) -> set[str]:
    """The keys that work where the focus is, by their names."""
    screen = visitor.app.screen
    focused = screen.focused
    return {
        key_name(key)
        for key, active in screen.active_bindings.items()
        if active.enabled
        and not active.binding.system
        and (
            active.node is focused
            or active.binding.priority
            or focused is None
            or not focused.check_consume_key(key, typed_character(key))
        )
        and active.binding.action != "stay"
        and not active.binding.action.startswith("macro(")
    }


@pytest.mark.parametrize("size", SIZES)
async def test_the_footer_and_the_help_tell_the_truth_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.setattr(dashboard_scene, "MACROS", dashboard_scene.MACROS + MORE_MACROS)
    context = dashboard_scene.scene_context(tmp_path, monkeypatch)
    app = dashboard_app(context)
    wrong = []
    visited = set()
    async with app.run_test(size=size) as pilot, context.runner.running():
        await loaded(app, pilot)
        visitor = Visitor(app, pilot, monkeypatch)
        for name, place in PLACES.items():
            await visitor.go_to(place)
            visited.add(type(app.screen))
            if name == "detail" and app.focused is not app.dashboard.detail:
                continue  # where there is no room for it
            footer = app.screen.query_one(KeyFooter)
            footer.look()
            shown = footer.shown
            keys = working_keys(visitor)
            line = "  ".join(f"{each.key} {each.binding.description}" for each in shown)
            if not shown:
                wrong.append(f"{name}: the footer is empty")
            if len(line) > size[0]:
                wrong.append(f"{name}: {line} is wider than the screen")
            for each in shown:
                if each.node is app.dashboard and name not in EVERYWHERE:
                    continue  # it is pressed in the other places, to save time
                before = visitor.seen()
                await visitor.press(each.keys[0])
                if visitor.seen() == before:
                    await pilot.pause(0.1)
                    if visitor.seen() == before:
                        wrong.append(f"{name}: {each.key} {each.binding.description} does nothing")
                await visitor.go_to(place)
            if name not in ("help", "search in help"):
                await visitor.press("f1")
                await visitor.settle()
            if not isinstance(app.screen, HelpScreen):
                wrong.append(f"{name}: F1 shows no help")
                continue
            told = {
                key
                for section in app.screen.sections
                for row in section.rows
                for key in row[0].split()
            }
            untold = keys - told - {key_name(key) for each in shown for key in each.keys}
            if untold:
                wrong.append(f"{name}: neither footer nor help have {' '.join(sorted(untold))}")
    assert not wrong, "\n".join(wrong)
    assert not unvisited(visited), "a screen has no place in tests/support/dashboard_places.py"
