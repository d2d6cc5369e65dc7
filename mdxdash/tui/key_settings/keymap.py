"""The keys that the settings give to actions, used by an app in the place of those it was written
with, and named in its texts. What is wrong with them was found before (see `tui.key_checks`)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from textual.app import App
from textual.binding import Binding, BindingsMap, BindingType
from textual.screen import Screen

from mdxdash.tui.key_actions import key_name
from mdxdash.tui.keys import KEYS

GivenKeys = Mapping[str, Sequence[str]]
"""The keys of actions, by the actions' names, as they are written in the settings."""

NO_KEYS: Final[GivenKeys] = {}
"""No action has another key than its own."""


def use_keys(node: App[Any] | Screen[Any], given: GivenKeys) -> None:
    """Gives the actions of an app, and of all in it, the keys of the settings; or those of a screen
    on which there are text fields, whose app has them already.

    Textual applies a keymap only after it has taken out the keys that a text field types (8.2): an
    action that had just a letter would have no key there, also where its new one is F12. The keys
    of the app and of the screen themselves are therefore changed at once.
    """
    if not given:
        return
    from mdxdash.tui.key_settings.written_keys import read_key  # noqa: PLC0415  seldom needed

    node._bindings = BindingsMap(changed([each for _key, each in node._bindings], given))
    if isinstance(node, App):
        keymap = {name: ",".join(map(read_key, keys)) for name, keys in given.items()}
        node.set_keymap(keymap)


def changed(bindings: Iterable[BindingType], given: GivenKeys) -> list[BindingType]:
    """Returns bindings with the keys of the settings; what is told of two with the same name and
    the same action is told once."""
    found: list[BindingType] = []
    for each in bindings:
        if not isinstance(each, Binding) or each.id is None or each.id not in given:
            found.append(each)
            continue
        from mdxdash.tui.key_settings.written_keys import read_key  # noqa: PLC0415  seldom needed

        keys = ",".join(map(read_key, given[each.id]))
        new = replace(each, key=keys, key_display=None)
        if new not in found:
            found.append(new)
    return found


def shown_key(app: App[Any], action: str, bindings: Iterable[BindingType] = KEYS) -> str:
    """Returns the key of an action as the app's texts name it: the first one that the settings give
    it, else the first one of its own.

    * `action`: the name that it has in the settings.
    * `bindings`: those of the class that has it; by default those that work everywhere.

    Raises LookupError if no binding has that name.
    """
    for each in bindings:
        if isinstance(each, Binding) and each.id == action:
            keys = app._keymap.get(action, each.key)
            return key_name(keys.partition(",")[0])
    raise LookupError(action)
