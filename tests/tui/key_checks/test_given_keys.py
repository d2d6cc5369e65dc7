"""What is said of keys in the settings that cannot be."""

from collections import defaultdict

import pytest
from textual.binding import Binding

from mdxdash.tui.key_checks.given_keys import WrongKeyError, check_keys, named_actions
from mdxdash.tui.key_checks.key_places import PLACES
from mdxdash.tui.key_settings.keymap import GivenKeys
from mdxdash.tui.keys import KEYS
from tests.tui.test_keys import classes_with_keys


@pytest.mark.parametrize(
    "given",
    [
        {"only_this_type": ["I"]},
        {"runs": ["U", "f11"]},
        {"runs": ["o"], "only_this_type": ["u"]},
        {"find": ["f11"]},
        {"zoom": ["z"], "statistics": ["Z"]},
        {"up": ["up", "w"], "copy_mdf": ["k"]},
    ],
)
def test_other_keys_are_taken_also_those_of_each_other(given: GivenKeys) -> None:
    check_keys(given)


@pytest.mark.parametrize(
    ("given", "name", "message"),
    [
        (
            {"onli_this_type": ["I"]},
            "onli_this_type",
            "`onli_this_type` is no action: did you mean `only_this_type`?",
        ),
        (
            {"xyz": ["I"]},
            "xyz",
            "`xyz` is no action: `mdxdash config keys` lists them",
        ),
        (
            {"runs": ["U", "foo+k"]},
            "runs",
            '`runs`: expected a key such as "K", "/", "ctrl+k" or "f11", got "foo+k"',
        ),
        ({"runs": ["esc"]}, "runs", "`runs`: esc cannot get another meaning"),
        ({"runs": ["3"]}, "runs", "`runs`: 3 is the key of `fire` too (Everywhere)"),
        ({"runs": ["c"]}, "runs", "`runs`: c is the key of `compose` too (Everywhere)"),
        ({"compose": ["x"]}, "compose", "`compose`: x is the key of `stop` too (Macros)"),
        ({"stop": ["v"]}, "stop", "`stop`: v is the key of `connections` too (Macros)"),
        (
            {"runs": ["U"], "zoom": ["U"]},
            "runs",
            "`runs`: U is the key of `zoom` too (Everywhere)",
        ),
        (
            {"write_report": ["y"]},
            "write_report",
            "`write_report`: y is the key of `copy` too (Lost agent)",
        ),
        (
            {"editor": ["ctrl+s"], "save_as_macro": ["f11"]},
            "editor",
            "`editor`: ctrl+s is the key of `save` too (Macro editor)",
        ),
        (
            {"find": ["G"]},
            "find",
            "`find`: it works in text fields, where G is typed: expected a key such as "
            '"ctrl+k" or "f11"',
        ),
        (
            {"find": ["ctrl+w"]},
            "find",
            "`find`: it works in text fields, which need ctrl+w themselves",
        ),
        (
            {"save_as_macro": ["space"]},
            "save_as_macro",
            "`save_as_macro`: it works in text fields, where space is typed: expected a key such "
            'as "ctrl+k" or "f11"',
        ),
    ],
)
def test_what_cannot_be_is_told_with_its_reason(given: GivenKeys, name: str, message: str) -> None:
    with pytest.raises(WrongKeyError) as wrong:
        check_keys(given)
    assert (wrong.value.name, str(wrong.value)) == (name, message)


def test_the_keys_that_actions_have_can_be_given_to_them() -> None:
    # Where a single event is shown, left and right also go up and down.
    check_keys(
        {
            each.name: [key for key in each.keys if key not in ("left", "right")]
            for each in named_actions()
        }
    )


def test_each_class_with_a_named_key_stands_in_a_place() -> None:
    """Else nobody would see that a given key is one of its other keys."""
    owners = {kind for place in PLACES for owner in place.owners for kind in owner.__mro__}
    missing = {
        owner.__name__: names
        for owner, bindings in classes_with_keys().items()
        for names in [
            [
                each.id
                for each in bindings
                if isinstance(each, Binding) and each.id and each not in KEYS
            ]
        ]
        if names and owner not in owners
    }
    assert not missing, f"no place of mdxdash/tui/key_checks/key_places.py has {missing}"


def test_a_name_has_one_description_wherever_it_is() -> None:
    descriptions: dict[str, set[str]] = defaultdict(set)
    for place in PLACES:
        for binding in place.bindings:
            if binding.id:
                descriptions[binding.id].add(binding.description)
    same_in_kind = {"filter": {"Filter", "Search"}, "up": {"Up", "Other"}}
    assert {name: found for name, found in descriptions.items() if len(found) > 1} == same_in_kind


def test_no_key_of_a_class_is_that_of_two_names() -> None:
    """Textual's keymap (8.2) would take the key from both."""
    for owner in {owner for place in PLACES for owner in place.owners}:
        names: dict[str, set[str | None]] = defaultdict(set)
        for binding in owner._merge_bindings():
            names[binding[0]].add(binding[1].id)
        assert not {
            key: found for key, found in names.items() if len(found) > 1 and found != {None}
        } or owner.__name__ in ("RecordedScreen",), (owner, names)
