"""What keys do: the names of actions in the settings, how keys are written, and which of them do
something where the focus is. The footer, the help and the palette show what is found here.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final, NamedTuple

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.keys import REPLACED_KEYS, key_to_character
from textual.screen import Screen

from mdxdash.language.translation import _

KEY_NAMES: Final = {
    "delete": "del",
    "escape": "esc",
    "insert": "ins",
    "pagedown": "pgdn",
    "pageup": "pgup",
}
"""Shorter names of keys."""

_ARROWS: Final = {"up": "↑", "down": "↓", "left": "←", "right": "→"}

_LAST: Final = ("command_palette", "help", "app.help", "quit")
"""Actions that the footer always has, at its end."""


_FIXED: Final = frozenset(
    [
        *("enter", "escape", "tab", "up", "down", "left", "right"),
        *("shift+enter", "shift+tab", "shift+up", "shift+down", "shift+left", "shift+right"),
    ]
)
"""Keys whose meaning is the same in every program: what has only these keeps them."""


def named(bindings: Iterable[Binding]) -> list[BindingType]:
    """Returns the bindings with the names that the settings `[keys]` have for them: the `id` that
    one has already, else one from its description: "Only this type" is `only_this_type`. One name
    has one meaning, in whichever pane it is. What closes a dialog has none."""
    return [
        each if _keeps_its_keys(each) else replace(each, id=_name_of(each)) for each in bindings
    ]


def _name_of(binding: Binding) -> str | None:
    return binding.id or action_name(binding.description)


def _keeps_its_keys(binding: Binding) -> bool:
    keys = binding.key.split(",")
    return "escape" in keys or binding.action.startswith("dismiss") or _FIXED.issuperset(keys)


def action_name(description: str) -> str | None:
    """Returns the name of an action in the settings; None for one without a description."""
    return re.sub(r"[^a-z0-9]+", "_", description.lower()).strip("_") or None


def key_name(key: str, *, short: bool = False) -> str:
    """Returns how a key of Textual is written: `slash` as `/`, `f1` as `F1`; with `short` also
    `ctrl+p` as `^p` and arrows as signs."""
    *modifiers, last = key.split("+")
    character = typed_character(last)
    if character is not None and character.isprintable() and character != " ":
        last = character
    last = KEY_NAMES.get(last, last)
    if re.fullmatch(r"f\d+", last):
        last = last.upper()
    if short and not modifiers:
        return _ARROWS.get(last, last)
    if short and modifiers == ["ctrl"]:
        return f"^{last}"
    return "+".join([*modifiers, last])


def typed_character(key: str) -> str | None:
    """Returns the character that a key types; None for one that types none. Textual's own function
    does not know `slash` and the others that it has renamed (8.2)."""
    return key_to_character(REPLACED_KEYS.get(key, key)) or key_to_character(key)


class KeyAction(NamedTuple):
    """An action that works where the focus is."""

    node: DOMNode
    binding: Binding
    keys: tuple[str, ...]
    """Its keys there, the one to show first."""

    @property
    def help(self) -> str:
        """What it does, as a sentence."""
        return _(self.binding.tooltip or self.binding.description)

    @property
    def label(self) -> str:
        """What it does, in a word or two, for the footer."""
        return _(self.binding.description)

    @property
    def key(self) -> str:
        """The key as the footer has it."""
        return self.binding.key_display or key_name(self.keys[0], short=True)

    @property
    def all_keys(self) -> str:
        """Its keys as the help has them."""
        shown = [self.binding.key_display] if self.binding.key_display else []
        return " ".join([*shown, *(key_name(each) for each in self.keys[len(shown) :])])


def usable_keys(screen: Screen[Any]) -> list[KeyAction]:
    """Returns the actions whose keys do something where the focus of a screen is, first those of
    what has the focus, then those of what is around it. A key that a text field takes for a
    character is none."""
    focused = screen.focused
    found: dict[tuple[int, str], list[tuple[str, DOMNode, Binding]]] = {}
    for key, (node, binding, enabled, _tooltip) in screen.active_bindings.items():
        if not enabled or not binding.description or binding.system:
            continue
        if (
            focused is not None
            and node is not focused
            and not binding.priority
            and focused.check_consume_key(key, typed_character(key))
        ):
            continue
        found.setdefault((id(node), binding.description), []).append((key, node, binding))
    actions = []
    for each in found.values():
        each.sort(key=lambda one: (not one[2].show, one[0] not in ("escape", "enter")))
        node, binding = each[0][1:]
        actions.append(KeyAction(node, binding, tuple(one[0] for one in each)))
    return actions


def shown_beside(keys: Iterable[str], bindings: Iterable[Binding]) -> bool:
    """Returns whether all of these keys stand in what is shown for the keys of others, as `← →` has
    both: then they need no row of their own."""
    shown = [each.key_display.split() for each in bindings if each.key_display]
    several = {key for each in shown if len(each) > 1 for key in each}
    return all(key_name(key, short=True) in several for key in keys)


def footer_keys(actions: Iterable[KeyAction], room: int, gap: int) -> list[KeyAction]:
    """Returns the actions that fit into a footer, the most important first: the way back, help,
    palette and quit always, in front of them the others until the next one has no room.

    * `room`: cells.
    * `gap`: cells between two.
    """
    shown = [each for each in actions if each.binding.show]
    last = sorted(filter(_stays, shown), key=_rank)
    others = [each for each in shown if each not in last and each.binding.action != "quit"]
    left = room + gap - sum(footer_width(each) + gap for each in last)
    fitting = []
    for each in others:
        left -= footer_width(each) + gap
        if left < 0:
            break
        fitting.append(each)
    return [*fitting, *last]


def footer_width(action: KeyAction) -> int:
    """Returns the cells that an action takes in the footer."""
    return cell_len(action.key) + 1 + cell_len(action.label)


def _leaves(action: KeyAction) -> bool:
    return "escape" in action.keys


def _stays(action: KeyAction) -> bool:
    """Whether the footer always has it. Where only a function key quits there is a text field, and
    more important keys."""
    if action.binding.action == "quit":
        return not re.fullmatch(r"f\d+", action.keys[0])
    return _leaves(action) or action.binding.action in _LAST


def _rank(action: KeyAction) -> int:
    return -1 if _leaves(action) else _LAST.index(action.binding.action)
