"""How keys are written in the settings."""

import pytest

from mdxdash.tui.key_actions import key_name
from mdxdash.tui.key_checks.given_keys import named_actions
from mdxdash.tui.key_settings.written_keys import NoKeyError, read_key


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("K", "K"),
        ("/", "slash"),
        ("slash", "slash"),
        ("+", "plus"),
        ("ctrl++", "ctrl+plus"),
        ("Ctrl+K", "ctrl+k"),
        ("shift+o", "O"),
        ("shift+ctrl+f5", "ctrl+shift+f5"),
        ("F12", "f12"),
        ("pgup", "pageup"),
        ("esc", "escape"),
        ("ctrl+m", "enter"),
        ("space", "space"),
        ("é", "é"),
    ],
)
def test_a_key_is_read_as_it_is_written(written: str, key: str) -> None:
    assert read_key(written) == key


@pytest.mark.parametrize("written", ["", " ", "foo", "foo+k", "ctrl+", "ctrl+ctrl+k", "f99", "kk"])
def test_what_is_no_key_is_told(written: str) -> None:
    with pytest.raises(NoKeyError):
        read_key(written)


def test_each_key_is_read_as_the_help_shows_it() -> None:
    for action in named_actions():
        for key in action.keys:
            assert read_key(key_name(key)) == key
