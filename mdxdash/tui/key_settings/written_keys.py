"""Keys as people write them in the settings, read into Textual's names for them."""

import re
from typing import Final

from textual.keys import Keys

from mdxdash.tui.key_actions import KEY_NAMES, typed_character
from mdxdash.tui.keys import key_of_character

_MODIFIERS: Final = ("ctrl", "alt", "shift", "super", "hyper", "meta")

_NAMES: Final = {short: name for name, short in KEY_NAMES.items()} | {"return": "enter"}
"""Shorter names, which the help uses too."""

_SAME: Final = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+left_square_bracket": "escape"}
"""Keys that a terminal cannot tell from others (see `KEY_ALIASES` in `textual.keys`)."""

_KNOWN: Final = frozenset(key.value.rpartition("+")[2] for key in Keys if "<" not in key.value)


class NoKeyError(ValueError):
    """A text that names no key."""


def read_key(text: str) -> str:
    """Returns Textual's name of a written key: `/` is `slash`, `Ctrl+K` is `ctrl+k`, `shift+o` is
    `O`, `pgup` is `pageup`. Raises `NoKeyError`."""
    text = text.strip()
    before, plus, last = text[:-1].rpartition("+")
    last += text[-1:]
    modifiers = [each.strip().lower() for each in before.split("+")] if plus else []
    if any(each not in _MODIFIERS for each in modifiers) or len(set(modifiers)) < len(modifiers):
        raise NoKeyError(text)
    key = _last(last)
    if modifiers and len(key) == 1:
        key = key.lower()
        if modifiers == ["shift"] and key.isalpha():
            return key.upper()
    in_order = [each for each in _MODIFIERS if each in modifiers]
    found = "+".join([*in_order, key])
    return _SAME.get(found, found)


def _last(text: str) -> str:
    """The key without its modifiers."""
    if len(text) == 1 and text.isprintable() and not text.isspace():
        return key_of_character(text)
    name = _NAMES.get(text.lower(), text.lower())
    character = typed_character(name) if len(name) > 1 else None
    is_character = character is not None and character.isprintable()
    if len(name) > 1 and (name in _KNOWN or re.fullmatch(r"f([1-9]|1\d|2[0-4])", name)):
        return name
    if is_character and character is not None:
        return key_of_character(character) if character != " " else "space"
    raise NoKeyError(text)
