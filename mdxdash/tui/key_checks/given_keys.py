"""Whether the keys that the settings give to actions can be those: the actions and the keys exist,
no key is that of two actions, and no text field loses what it needs.

It imports every screen, so it is imported only where the settings have keys.
"""

import difflib
from collections.abc import Iterable
from dataclasses import replace
from typing import Final, NamedTuple

from textual.binding import Binding
from textual.widgets import Input, TextArea

from mdxdash.language.translation import _
from mdxdash.settings.validation import expected
from mdxdash.tui.key_actions import key_name, typed_character
from mdxdash.tui.key_checks.key_places import PLACES, KeyPlace
from mdxdash.tui.key_settings.keymap import GivenKeys
from mdxdash.tui.key_settings.written_keys import NoKeyError, read_key

_KEPT: Final = ("enter", "escape", "tab", "shift+tab", "ctrl+c", "ctrl+q")
"""Keys that nothing else can have."""


class WrongKeyError(ValueError):
    """A wrong key, or a wrong action, in the settings."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


class NamedAction(NamedTuple):
    """An action that the settings can give other keys to."""

    name: str
    keys: tuple[str, ...]
    """Textual's names of the keys that it has by itself."""
    meaning: str
    """What it does, as the help has it."""


def named_actions() -> list[NamedAction]:
    """Returns every action that the settings can give other keys to, in the order of the help."""
    found: dict[str, NamedAction] = {}
    for place in PLACES:
        for each in place.bindings:
            if each.id is None:
                continue
            before = found.get(each.id, NamedAction(each.id, (), each.tooltip or each.description))
            new = tuple(key for key in each.key.split(",") if key not in before.keys)
            found[each.id] = before._replace(keys=before.keys + new)
    return list(found.values())


def check_keys(given: GivenKeys) -> None:
    """Raises `WrongKeyError` for the first wrong one."""
    known = [each.name for each in named_actions()]
    keys: dict[str, tuple[str, ...]] = {}
    for name, written in given.items():
        if name not in known:
            raise WrongKeyError(name, _unknown(name, known))
        keys[name] = tuple(_read(name, each) for each in written)
    for place in PLACES:
        _check_text(place, keys)
    for place in PLACES:
        _check_twice(place, keys)


def _unknown(name: str, known: Iterable[str]) -> str:
    nearest = difflib.get_close_matches(name, known, n=1)
    if nearest:
        return _("`{name}` is no action: did you mean `{nearest}`?").format(
            name=name, nearest=nearest[0]
        )
    return _("`{name}` is no action: `mdxdash config keys` lists them").format(name=name)


def _read(name: str, text: str) -> str:
    try:
        key = read_key(text)
    except NoKeyError:
        what = _('a key such as "K", "/", "ctrl+k" or "f11"')
        raise WrongKeyError(name, expected(name, what, text)) from None
    if key in _KEPT:
        message = _("`{name}`: {key} cannot get another meaning").format(
            name=name, key=key_name(key)
        )
        raise WrongKeyError(name, message)
    return key


def _check_text(place: KeyPlace, keys: dict[str, tuple[str, ...]]) -> None:
    """What works in a text field has no key that the text field needs."""
    for each in place.bindings:
        given = keys.get(each.id or "", ())
        opens_field = each.action.startswith("write(")
        works_there = each.priority if _works_everywhere(each) else place.types_text
        if not given or opens_field or not works_there:
            continue
        for key in given:
            if key in each.key.split(","):
                continue
            name, shown = each.id or "", key_name(key)
            character = typed_character(key)
            if character is not None and character.isprintable():
                text = _(
                    "`{name}`: it works in text fields, where {key} is typed: expected a key such "
                    'as "ctrl+k" or "f11"'
                ).format(name=name, key=shown)
                raise WrongKeyError(name, text)
            if key in _TEXT_KEYS:
                text = _("`{name}`: it works in text fields, which need {key} themselves").format(
                    name=name, key=shown
                )
                raise WrongKeyError(name, text)


def _check_twice(place: KeyPlace, keys: dict[str, tuple[str, ...]]) -> None:
    """No key is that of two actions, unless it was before."""
    before = _names_by_key(place.bindings)
    changed = [
        replace(each, key=",".join(keys[each.id])) if each.id in keys else each
        for each in place.bindings
    ]
    for key, names in _names_by_key(changed).items():
        given = [name for name in keys if name in names]
        for name in given:
            for other in names:
                if other != name and not {name, other} <= set(before.get(key, ())):
                    text = _("`{name}`: {key} is the key of `{other}` too ({place})").format(
                        name=name, key=key_name(key), other=other, place=_(place.title)
                    )
                    raise WrongKeyError(name, text)


def _names_by_key(bindings: Iterable[Binding]) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for each in bindings:
        fires = each.action.startswith("macro(")
        name = "fire" if fires else each.id or (each.description or each.action).lower()
        for key in each.key.split(","):
            there = names.setdefault(key, [])
            if name not in there:
                there.append(name)
    return names


def _works_everywhere(binding: Binding) -> bool:
    return binding in PLACES[0].bindings


_TEXT_KEYS: Final = frozenset(
    key
    for owner in (Input, TextArea)
    for binding in owner.BINDINGS
    if isinstance(binding, Binding)
    for key in binding.key.split(",")
)
