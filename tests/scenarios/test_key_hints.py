"""Every text of the dashboard that names a key names the one that the settings give."""

import re
import string
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Final

import pytest
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from mdxdash.tui.app import MdxdashApp
from mdxdash.tui.key_actions import key_name, typed_character
from mdxdash.tui.key_checks.given_keys import check_keys, named_actions
from mdxdash.tui.screens.help import HelpScreen
from mdxdash.tui.widgets.key_footer import KeyFooter
from tests.support import dashboard_scene
from tests.support.apps import dashboard_app, loaded
from tests.support.dashboard_places import MORE_MACROS, PLACES, Visitor
from tests.support.dashboard_scene import scene_context
from tests.support.extraction import current_texts, read_translations

_MODIFIERS: Final = ("super", "hyper", "meta", "alt")

GIVEN: Final = {
    each.name: [f"{modifier}+{letter}"]
    for each, (modifier, letter) in zip(
        named_actions(), product(_MODIFIERS, string.ascii_lowercase), strict=False
    )
}
"""Another key for every action, each a different one, and of a form that no action has itself."""

_EVERYWHERE: Final = {"up", "down", "left", "right", "shift+up", "shift+down"}
"""Keys of programs in general: texts may name them."""

OLD_KEYS: Final = {key for each in named_actions() for key in each.keys} - _EVERYWHERE

_OTHERWISE: Final = {*("a", "A", "end", "s"), *(",", ".", "=", "-")}
"""Keys that are words, units or punctuation too."""

_NO_KEYS: Final = (
    "! late  - missing  + new  > reordered",
    "! 遅れ  - 欠落  + 新規  > 順序の変更",
    "End the hub (y)",
    "ハブを終了 (y)",
    "Quit (y)",
    "終了 (y)",
    "Stay (n)",
    "とどまる (n)",
    "Save (ctrl+s)",
    "保存 (ctrl+s)",
    'a key such as "K", "/", "ctrl+k" or "f11"',
    'キー (例 "K"、"/"、"ctrl+k"、"f11")',
    " = {} decided + {} voice",
    " = 決定 {} + 音声 {}",
    "0 new",
    "固定 · 新着 0",
)
"""Texts with signs that are no keys, with the answers of questions, which stay the same, with keys
that have no name in the settings, and with examples of keys."""

_BESIDE: Final = r"[A-Za-z0-9_`'/.+|-]"


def _pattern() -> re.Pattern[str]:
    """Finds old keys: what is typed with letters and digits as words, signs alone."""
    names = {key_name(key, short=short) for key in OLD_KEYS for short in (False, True)} - _OTHERWISE
    words = sorted((each for each in names if each[-1].isalnum()), key=len, reverse=True)
    signs = [each for each in names if not each[-1].isalnum()]
    return re.compile(
        rf"(?<!{_BESIDE})(?:{'|'.join(map(re.escape, words))})(?!{_BESIDE})"
        rf"|(?<!\S)(?:{'|'.join(map(re.escape, signs))})(?!\S)(?! \W| \d)"
    )


_OLD_KEY: Final = _pattern()


def old_keys(text: str) -> list[str]:
    """The old keys that a text names."""
    for each in _NO_KEYS:
        text = text.replace(each, "")
    return _OLD_KEY.findall(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("u shows the run", ["u"]),
        ("m, then + adds one", ["m", "+"]),
        ("u で実行を表示", ["u"]),
        ("(F8)", ["F8"]),
        ("{runs} shows the run", []),
        ("super+u shows the run", []),
        ("Save (ctrl+s)", []),
    ],
)
def test_old_keys_are_found(text: str, found: list[str]) -> None:
    assert old_keys(text) == found


def _texts_of_the_dashboard() -> Iterator[tuple[str, str]]:
    """Texts without their fields, in both languages, with a file in which each stands."""
    japanese = {each.id: each.string for each in read_translations()}
    for message in current_texts():
        files = [file for file, _line in message.locations if file.startswith("tui/")]
        for text in (message.id, japanese.get(message.id, "")) if files else ():
            for form in (text,) if isinstance(text, str) else text:
                yield re.sub(r"\{[^{}]*\}", "{}", form), files[0]


def test_no_text_names_the_key_of_an_action_that_can_have_another() -> None:
    pytest.importorskip("babel")
    wrong = [
        f"{file}: {text!r} names {' '.join(found)}: `shown_key` gives the key that is in force"
        for text, file in _texts_of_the_dashboard()
        if (found := old_keys(text))
    ]
    assert not wrong, "\n".join(wrong)


_SECTIONS: Final = ("Everywhere", "Stream", "Conversation", "Timeline", "Types", "Macros")
"""Parts of the help that have no keys but such as the settings can change."""

_PLACES: Final = (
    *("stream", "held stream", "several lines", "help", "older events", "lost agent"),
    *("runs", "two sessions", "macro form"),
)
"""Where texts name keys of actions."""


class _Visitor(Visitor):
    """Goes to places with the keys that were given."""

    async def press(self, key: str) -> None:
        await super().press(self._given(key))

    def _given(self, key: str) -> str:
        focused = self.app.focused
        character = typed_character(key)
        if isinstance(focused, Input | TextArea) and focused.check_consume_key(key, character):
            return key
        working = self.app.screen.active_bindings
        names = [each.name for each in named_actions() if key in each.keys]
        given = [GIVEN[name][0] for name in names if GIVEN[name][0] in working]
        return given[0] if given else key


def _hints(app: MdxdashApp) -> Iterator[str]:
    """What the screen in front says of keys: not the events, nor what agents have said."""
    screen = app.screen
    for each in screen.query(KeyFooter):
        each.look()
        yield from (f"{action.key} {action.label}" for action in each.shown if action.binding.id)
    for widget in screen.walk_children(Widget):
        for title in (widget.border_title, widget.border_subtitle):
            yield Content.from_markup(title).plain if title else ""
        if isinstance(widget, Input):
            yield str(widget.placeholder)
        elif widget.has_class("dialog-hint") or widget.id in ("pairs-hint", "compose-note"):
            assert isinstance(widget, Static)
            yield str(widget.content)
    for section in screen.sections if isinstance(screen, HelpScreen) else ():
        if section.title in _SECTIONS:
            yield from (keys for keys, _what in section.rows if "esc" not in keys)


@pytest.mark.skipif(sys.platform == "win32", reason="the scene's time zone needs tzset")
async def test_no_screen_names_a_key_that_an_action_no_longer_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_keys(GIVEN)
    monkeypatch.setattr(dashboard_scene, "MACROS", dashboard_scene.MACROS + MORE_MACROS)
    context = scene_context(tmp_path, monkeypatch)
    context.keys = GIVEN
    app = dashboard_app(context)
    wrong = []
    async with app.run_test(size=(160, 45)) as pilot, context.runner.running():
        await loaded(app, pilot)
        visitor = _Visitor(app, pilot, monkeypatch)
        for name in _PLACES:
            await visitor.go_to(PLACES[name])
            app.dashboard._draw_stream_state()  # as the next frame does
            wrong += [f"{name}: {text}" for text in _hints(app) if old_keys(text)]
    assert not wrong, "\n".join(wrong)
