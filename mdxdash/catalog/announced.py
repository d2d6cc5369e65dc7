"""What an agent has announced: the names that exist in it, and what makes commands dangerous.

`observe` gets every received message, up to 50,000 a second, so a message without names costs one
look-up in a dict. The number of names is bounded.
"""

import copy
import functools
from collections.abc import Container
from typing import Final, Literal

import msgspec

from mdxdash.catalog.entry import Entry
from mdxdash.catalog.lookup import entries
from mdxdash.wire.message import SEPARATOR

NAMES_MAX: Final = 1000
"""Names that are kept of each kind; a further one replaces the oldest."""

NAME_MAX_CHARACTERS: Final = 512
"""Longer names are not kept."""

VARIABLES: Final = "Variables"
"""The plugin that holds variables and timers. It announces itself once, at start-up."""


class _Rule(msgspec.Struct, frozen=True):
    """What one message does to the names of one kind."""

    effect: Literal["adds", "ends", "ends all"]
    kind: str
    position: int
    """The name's index among the arguments that are not empty; `MENU`'s sub-command counts."""
    subcommand: str
    optional: bool
    """Whether the name may be missing: `SPEAK_EVENT_STOP` alone ends the speech of all models."""


class Announcements(msgspec.Struct, frozen=True):
    """An `AnnouncedState` at one moment, as plain data."""

    names: dict[str, tuple[str, ...]] = {}
    """Of each kind, the oldest first."""
    facts: frozenset[str] = frozenset()
    """The facts about hazards that hold: `main_script_runs`."""
    disabled: frozenset[str] = frozenset()
    button_images: frozenset[str] = frozenset()
    scripts: frozenset[str] = frozenset()


class AnnouncedState:
    """The names that exist in one agent. One owner calls `observe`; others only read.

    `clear` it, or make a new one, when the agent has restarted.
    """

    def __init__(self) -> None:
        self._rules = _rules()
        self._names: dict[str, dict[str, None]] = {}
        self._hazards = _Hazards()

    @property
    def types(self) -> Container[str]:
        """The types of which `observe` takes note; of other messages it need not be told."""
        return self._rules

    def observe(self, type: str, args: str) -> None:
        """Process one message that came from the agent, echoes of sent messages included."""
        rules = self._rules.get(type)
        if rules is None:
            return
        values = [value for value in args.split(SEPARATOR) if value]
        if type in _Hazards.TYPES:
            self._hazards.observe(type, values, self._names.get("variable", {}))
        for rule in rules:
            if not rule.subcommand or values[:1] == [rule.subcommand]:
                self._apply(rule, values)

    def _apply(self, rule: _Rule, values: list[str]) -> None:
        known = self._names.setdefault(rule.kind, {})
        if rule.effect == "ends all":
            known.clear()
        elif len(values) <= rule.position:
            if rule.effect == "ends" and rule.optional:
                known.clear()
        else:
            name = values[rule.position]
            if rule.kind == "motion":
                name = f"{values[0]}{SEPARATOR}{name}"
            if rule.effect == "ends":
                if rule.kind == "model":
                    self._names.get("motion capture", {}).pop(name, None)
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
        """Return the names of a kind (`Argument.names_kind`) that exist, the newest first.

        With `model`, only the motions of this model. The kind of a file is its argument's name:
        the files that commands have named.
        """
        known = reversed(self._names.get(kind, {}))
        if kind != "motion":
            return tuple(known)
        pairs = (name.split(SEPARATOR) for name in known)
        return tuple(dict.fromkeys(alias for owner, alias in pairs if model in ("", owner)))

    def exists(self, kind: str, name: str) -> bool:
        """Return whether this name exists; a motion is written `model|motion`."""
        return name in self._names.get(kind, {})

    def copy(self) -> "AnnouncedState":
        """Return a state of its own that is as this one is now."""
        copied = AnnouncedState()
        copied._names = {kind: dict(names) for kind, names in self._names.items()}
        copied._hazards = copy.deepcopy(self._hazards)
        return copied

    def snapshot(self) -> Announcements:
        """Return what is known now, for another process."""
        hazards = self._hazards
        return Announcements(
            {kind: tuple(names) for kind, names in self._names.items() if names},
            frozenset(fact for fact in _FACTS if getattr(hazards, fact)),
            frozenset(hazards.disabled),
            frozenset(hazards.button_images),
            frozenset(hazards.scripts),
        )

    def restore(self, known: Announcements) -> None:
        """Take over what another process knew; the inverse of `snapshot`."""
        self.clear()
        self._names.update((kind, dict.fromkeys(names)) for kind, names in known.names.items())
        hazards = self._hazards
        for fact in known.facts & _FACTS:
            setattr(hazards, fact, True)
        hazards.disabled |= known.disabled
        hazards.button_images |= known.button_images
        hazards.scripts |= known.scripts

    def clear(self) -> None:
        """Forget everything: the agent has restarted."""
        self._names.clear()
        self._hazards = _Hazards()

    @property
    def main_script_runs(self) -> bool:
        """Whether a main FST is proven to run: a sub-FST has started since the last `FST_LOAD`."""
        return self._hazards.main_script_runs

    @property
    def main_script_ran(self) -> bool:
        """Whether the content is proven to have started with an FST: a sub-FST has started."""
        return self._hazards.main_script_ran

    @property
    def broken_variables(self) -> bool:
        """Whether a variable was removed that was neither the first nor the last one set."""
        return self._hazards.broken_variables

    def was_disabled(self, plugin: str) -> bool:
        """Return whether this plugin was ever disabled, even if it is enabled again."""
        return plugin in self._hazards.disabled

    def script_loads(self, script: str) -> bool:
        """Return whether the agent has been sent this script by `FST_LOAD` and has gone on."""
        return script in self._hazards.scripts

    def button_image_loads(self, image: str) -> bool:
        """Return whether the agent has shown a button with this image without crashing."""
        return image in self._hazards.button_images

    def removal_is_safe(self, variable: str) -> bool:
        """Return whether this variable is proven to be the first or the last one that was set.

        It can be proven only if all messages since the agent's start-up were observed.
        """
        known = self._names.get("variable", {})
        return self._hazards.variables_from_start and variable in _ends_of(known)


_FACTS: Final = frozenset(
    {"main_script_runs", "main_script_ran", "broken_variables", "variables_from_start"}
)


class _Hazards:
    """What has happened in an agent that makes later commands dangerous or safe."""

    TYPES: Final = frozenset(
        {
            "SUBFST_EVENT_START",
            "FST_LOAD",
            "PLUGIN_EVENT_DISABLE",
            "PLUGIN_EVENT_ENABLE",
            "VALUE_EVENT_SET",
            "VALUE_EVENT_UNSET",
            "BUTTON_ADD",
        }
    )
    """Those that `observe` takes note of."""

    def __init__(self) -> None:
        self.main_script_runs = False
        self.main_script_ran = False
        self.broken_variables = False
        self.variables_from_start = False
        self.disabled: set[str] = set()
        self.button_images: set[str] = set()
        self.scripts: set[str] = set()

    def observe(self, type: str, values: list[str], variables: dict[str, None]) -> None:
        """Process a message before it changes names; `variables` are in the order of setting."""
        match type, values:
            case "SUBFST_EVENT_START", _:
                self.main_script_runs = self.main_script_ran = True
            case "FST_LOAD", _:
                # If it fails, no main FST runs, and no event reports the failure.
                self.main_script_runs = False
                if values and len(self.scripts) < NAMES_MAX:
                    self.scripts.add(values[0])
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
    """Return, for each message type, what it does to names, as the catalog has it."""
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
            optional = bool(form) and form[at].optional
            rules.append(_Rule(effect, kind, first + at, subcommand, optional))
    if entry.kind == "command":
        # Files that the content's scripts name are offered for completion.
        for at, argument in enumerate(form):
            if argument.type == "file":
                rules.append(_Rule("adds", argument.names_kind, first + at, subcommand, False))
    return rules
