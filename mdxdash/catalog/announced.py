"""What an agent has announced: the names that live in it, and what makes commands dangerous.

Fed with every received message, at up to 50,000 a second, so a message that says nothing about
names costs one look into a dict. Bounded: no flood of names makes it grow without end.
"""

import functools
from typing import Final, Literal

import msgspec

from mdxdash.catalog.entry import Entry
from mdxdash.catalog.lookup import entries
from mdxdash.wire.message import SEPARATOR, split_arguments

NAMES_MAX: Final = 1000
"""Names kept of each kind; the oldest one goes when there are more."""

NAME_MAX_CHARACTERS: Final = 512
"""Longer names are not kept."""

VARIABLES: Final = "Variables"
"""The plugin that keeps variables and timers. It announces itself once, at start-up."""


class _Rule(msgspec.Struct, frozen=True):
    """What one message says about the names of one kind."""

    effect: Literal["adds", "ends", "ends all"]
    kind: str
    position: int
    """Of the name, among the arguments that are not empty; `MENU`'s sub-command is one."""
    subcommand: str


class AnnouncedState:
    """The living names of one agent. One owner feeds it; others read.

    `clear` it, or make a new one, when the agent has started anew.
    """

    def __init__(self) -> None:
        self._rules = _rules()
        self._names: dict[str, dict[str, None]] = {}
        self._danger = _Hazards()

    def observe(self, type: str, args: str) -> None:
        """Takes in one message that came from the agent, echoes of sent ones included."""
        rules = self._rules.get(type)
        if rules is None:
            return
        values = [value for value in split_arguments(args) if value]
        self._danger.observe(type, values, self._names.get("variable", {}))
        for rule in rules:
            if not rule.subcommand or values[:1] == [rule.subcommand]:
                self._apply(rule, values)

    def _apply(self, rule: _Rule, values: list[str]) -> None:
        known = self._names.setdefault(rule.kind, {})
        if rule.effect == "ends all":
            known.clear()
        elif len(values) > rule.position:
            name = values[rule.position]
            if rule.kind == "motion":
                name = f"{values[0]}{SEPARATOR}{name}"
            if rule.effect == "ends":
                if name in known:
                    del known[name]
                    if rule.kind == "model":
                        self._end_motions(name)
            elif name not in known and len(name) <= NAME_MAX_CHARACTERS:
                known[name] = None
                if len(known) > NAMES_MAX:
                    del known[next(iter(known))]

    def _end_motions(self, model: str) -> None:
        motions = self._names.get("motion", {})
        for name in [name for name in motions if name.startswith(model + SEPARATOR)]:
            del motions[name]

    def names(self, kind: str, model: str = "") -> tuple[str, ...]:
        """The living names of a kind (`Argument.names_kind`), the newest first.

        With `model`, only the motions of this model; of kind `file argument's name`, the files
        that commands have named.
        """
        known = reversed(self._names.get(kind, {}))
        if kind != "motion":
            return tuple(known)
        pairs = (name.split(SEPARATOR) for name in known)
        return tuple(dict.fromkeys(alias for owner, alias in pairs if model in ("", owner)))

    def lives(self, kind: str, name: str) -> bool:
        """Whether this name has been announced; a motion is written `model|motion`."""
        return name in self._names.get(kind, {})

    def clear(self) -> None:
        """Forgets everything, since it holds no longer."""
        self._names.clear()
        self._danger = _Hazards()

    @property
    def main_script_runs(self) -> bool:
        """Proven that a main FST runs: a sub-FST has started since the last `FST_LOAD`."""
        return self._danger.main_script_runs

    @property
    def main_script_ran(self) -> bool:
        """Proven that the content was started with an FST: a sub-FST has once started."""
        return self._danger.main_script_ran

    @property
    def broken_variables(self) -> bool:
        """A variable was removed that was neither the first nor the last one set."""
        return self._danger.broken_variables

    def was_disabled(self, plugin: str) -> bool:
        """Whether this plugin has been off at some time, be it on again or not."""
        return plugin in self._danger.disabled

    def button_image_loads(self, image: str) -> bool:
        """Whether the agent has shown a button with this image, and lived."""
        return image in self._danger.button_images

    def removal_is_safe(self, variable: str) -> bool:
        """Proven that this variable is the first or the last one that was set.

        Proven only if the agent has been listened to since its start-up.
        """
        known = self._names.get("variable", {})
        return self._danger.variables_from_start and variable in _ends_of(known)


class _Hazards:
    """What has happened in an agent that makes a later command dangerous, or safe."""

    def __init__(self) -> None:
        self.main_script_runs = False
        self.main_script_ran = False
        self.broken_variables = False
        self.variables_from_start = False
        self.disabled: set[str] = set()
        self.button_images: set[str] = set()

    def observe(self, type: str, values: list[str], variables: dict[str, None]) -> None:
        """Takes in a message before it changes the names; `variables` in the order of setting."""
        match type, values:
            case "SUBFST_EVENT_START", _:
                self.main_script_runs = self.main_script_ran = True
            case "FST_LOAD", _:
                # A failed one leaves no main FST, and nothing tells that it failed.
                self.main_script_runs = False
            case "PLUGIN_EVENT_DISABLE", [plugin, *_] if len(self.disabled) < NAMES_MAX:
                self.disabled.add(plugin)
            case "PLUGIN_EVENT_ENABLE", [plugin, *_] if plugin == VARIABLES:
                self.variables_from_start = not variables and VARIABLES not in self.disabled
            case "VALUE_EVENT_SET", _ if len(variables) >= NAMES_MAX:
                self.variables_from_start = False
            case "VALUE_EVENT_UNSET", [variable, *_]:
                if variable in variables and variable not in _ends_of(variables):
                    self.broken_variables = True
            case "BUTTON_ADD", [_, _, _, image, _, _] if len(self.button_images) < NAMES_MAX:
                self.button_images.add(image)


def _ends_of(names: dict[str, None]) -> tuple[str, ...]:
    return (next(iter(names)), next(reversed(names))) if names else ()


@functools.cache
def _rules() -> dict[str, tuple[_Rule, ...]]:
    """Message type to what it says about names, made from the catalog."""
    rules: dict[str, tuple[_Rule, ...]] = {}
    for entry in entries():
        type_ = entry.name.partition(SEPARATOR)[0]
        if found := _rules_of(entry):
            rules[type_] = (*rules.get(type_, ()), *found)
    return rules


def _rules_of(entry: Entry) -> list[_Rule]:
    _, _, subcommand = entry.name.partition(SEPARATOR)
    first = 1 if subcommand else 0
    form = entry.forms[0]
    rules = []
    effects: tuple[tuple[Literal["adds", "ends", "ends all"], str], ...] = (
        ("adds", entry.announces),
        ("ends", entry.ends),
        ("ends all", entry.ends_all),
    )
    for effect, kind in effects:
        if kind:
            at = next((i for i, argument in enumerate(form) if argument.names_kind == kind), 0)
            rules.append(_Rule(effect, kind, first + at, subcommand))
    if entry.kind == "command":
        # The files that scripts name are what a person will want to name too.
        for at, argument in enumerate(form):
            if argument.type == "file":
                rules.append(_Rule("adds", argument.names_kind, first + at, subcommand))
    return rules
