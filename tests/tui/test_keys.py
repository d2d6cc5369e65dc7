"""Keys that are pressed with an input method left on."""

import importlib
import pkgutil
from pathlib import Path

import pytest
from textual.binding import Binding, BindingType
from textual.events import Key
from textual.keys import _character_to_key

import mdxdash.tui
from mdxdash.tui.key_actions import typed_character
from mdxdash.tui.keys import KEYS, half_width_key
from tests.support.dashboards import Dashboard, running_dashboard

ASCII = "".join(map(chr, range(ord("!"), ord("~") + 1)))


@pytest.mark.parametrize("character", ASCII)
def test_each_full_width_character_is_the_key_of_its_half_width_form(character: str) -> None:
    typed = chr(ord(character) + 0xFEE0)
    key = half_width_key(Key(_character_to_key(typed), typed))
    assert (key.key, key.character) == (_character_to_key(character), character)


@pytest.mark.parametrize(
    ("typed", "key"),
    [("\u3000", "space"), ("・", "slash"), ("「", "left_square_bracket")],
)
def test_what_the_key_types_with_an_input_method_is_the_key(typed: str, key: str) -> None:
    assert half_width_key(Key(_character_to_key(typed), typed)).key == key


@pytest.mark.parametrize(("key", "character"), [("escape", None), ("a", "a"), ("あ", "あ")])
def test_any_other_key_stays(key: str, character: str | None) -> None:
    event = Key(key, character)
    assert half_width_key(event) is event


async def _press(dashboard: Dashboard, character: str) -> None:
    """Presses a key whose name the pilot does not know."""
    dashboard.app.post_message(Key(_character_to_key(character), character))
    await dashboard.pilot.pause()


async def test_keys_work_with_an_input_method_left_on(tmp_path: Path) -> None:
    async with running_dashboard(tmp_path) as dashboard:
        await _press(dashboard, "／")
        assert dashboard.app.focused is dashboard.panes.filter_bar.input
        await dashboard.press("ａ", "escape")
        assert dashboard.panes.filter_bar.input.value == "ａ"
        await dashboard.press("ｃ")
        assert dashboard.app.focused is dashboard.panes.composer.input
        await dashboard.type("１ｑ")
        assert dashboard.panes.composer.input.value == "１ｑ"
        # The first escape closes the suggestion of the line in half width.
        await dashboard.press("escape", "escape", "ｔ")
        assert dashboard.app.focused is dashboard.panes.types_pane
        await _press(dashboard, "？")
        await dashboard.until(lambda: len(dashboard.app.screen_stack) == 2)


async def test_a_digit_with_an_input_method_left_on_fires_its_macro(tmp_path: Path) -> None:
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.press("９")
        await dashboard.until(lambda: dashboard.notified("No macro has the key 9"))


def test_no_key_stands_twice() -> None:
    keys = [key for binding in Binding.make_bindings(KEYS) for key in [binding.key]]
    assert len(keys) == len(set(keys)), [key for key in keys if keys.count(key) > 1]


QUESTIONS = {"ConfirmDialog", "QuitDialog"}
"""Dialogs that are questions: their letters are answers, which their buttons show."""

SAME_IN_KIND = {
    "s": "goes to the events in the stream",
    "/": "types what is looked for, in the events or in all sessions",
    " ": "holds what comes; in a recording, where nothing comes, it plays",
    "+": "more: adds a macro; zooms in, in the timeline",
    "k": "the row, or the event, before",
    "n": "the next of what is looked for: hits, differences",
    "N": "the one before",
    "o": "only these: a type, differences",
}
"""Keys whose texts differ with what is shown, and that mean the same in kind."""


def classes_with_keys() -> dict[type[object], list[BindingType]]:
    """Every class of mdxdash that has keys of its own, with them."""
    return {
        found: vars(found)["BINDINGS"]
        for module in pkgutil.walk_packages(mdxdash.tui.__path__, "mdxdash.tui.")
        for found in vars(importlib.import_module(module.name)).values()
        if isinstance(found, type)
        and found.__module__ == module.name
        and vars(found).get("BINDINGS")
    }


def all_bindings() -> list[tuple[str, Binding]]:
    """Every binding of mdxdash with the class that has it."""
    classes = {found.__name__: bindings for found, bindings in classes_with_keys().items()}
    return [
        (name, binding)
        for name, bindings in ({"KEYS": KEYS} | classes).items()
        if name == "KEYS" or (name not in QUESTIONS and bindings is not KEYS)
        for binding in Binding.make_bindings(bindings)
    ]


def test_a_character_means_the_same_in_all_panes_and_dialogs() -> None:
    meanings: dict[str, dict[str, str]] = {}
    for name, binding in all_bindings():
        character = typed_character(binding.key)
        leaves = binding.action.startswith(("dismiss", "leave"))
        if character is None or not character.isprintable() or not binding.description or leaves:
            continue  # the key that opens a screen also closes it
        meanings.setdefault(character, {}).setdefault(binding.description, name)
    conflicts = {key: found for key, found in meanings.items() if len(found) > 1}
    assert conflicts.keys() <= SAME_IN_KIND.keys(), conflicts
