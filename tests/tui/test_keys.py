"""Keys that are pressed with an input method left on."""

from pathlib import Path

import pytest
from textual.events import Key
from textual.keys import _character_to_key

from mdxdash.tui.keys import half_width_key
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
        assert dashboard.app.focused is dashboard.app.filter_bar.input
        await dashboard.press("ａ", "escape")
        assert dashboard.app.filter_bar.input.value == "ａ"
        await dashboard.press("ｃ")
        assert dashboard.app.focused is dashboard.app.composer.input
        await dashboard.type("１ｑ")
        assert dashboard.app.composer.input.value == "１ｑ"
        # The first escape closes the suggestion of the line in half width.
        await dashboard.press("escape", "escape", "ｔ")
        assert dashboard.app.focused is dashboard.app.types_pane
        await _press(dashboard, "？")
        await dashboard.until(lambda: len(dashboard.app.screen_stack) == 2)


async def test_a_digit_with_an_input_method_left_on_fires_its_macro(tmp_path: Path) -> None:
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.press("９")
        await dashboard.until(lambda: dashboard.notified("No macro has the key 9"))
