"""Checking one value against the field it is for, with a message that says what was expected.

A field's type says what is allowed and its `Meta(description=…)` says it in words, so that a
wrong type and a wrong value get the same message: "expected a port from 0 to 65535, got 70000".
"""

import difflib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, get_args, get_type_hints

import msgspec

from mdxdash.settings.toml_positions import KeyPath

_LONGEST_SHOWN = 60


class ValidationError(ValueError):
    """A wrong value, with its place inside the table that was checked."""

    def __init__(self, place: KeyPath, message: str) -> None:
        super().__init__(message)
        self.place = place
        self.message = message


def convert_fields(owner: type[msgspec.Struct], table: Mapping[str, Any]) -> dict[str, Any]:
    """A table's values as the types of the Struct's fields. Raises Mistake for the first wrong,
    unknown or missing one."""
    for name in table:
        check_key(name, owner.__struct_fields__)
    for field in msgspec.structs.fields(owner):
        if field.required and field.name not in table:
            message = f"`{field.name}` is missing: expected {description(owner, field.name)}"
            raise ValidationError((), message)
    return {name: convert_field(owner, name, value) for name, value in table.items()}


def convert_field(
    owner: type[msgspec.Struct], name: str, value: object, *, strict: bool = True
) -> Any:
    """A value as the type of the Struct's field; with `strict=False` also from text (`"9001"`).

    Raises Mistake when it does not fit.
    """
    hint = get_type_hints(owner, include_extras=True)[name]
    try:
        return msgspec.convert(value, hint, strict=strict)
    except msgspec.ValidationError as error:
        raise ValidationError(
            (name, *_place_in(str(error))), expected(name, description(owner, name), value)
        ) from error


def check_key(name: str, known: Iterable[str]) -> None:
    """Raises Mistake for a key that is not known, with the nearest that is."""
    names = list(known)
    if name in names:
        return
    nearest = difflib.get_close_matches(name, names, n=1)
    hint = f"did you mean `{nearest[0]}`?" if nearest else "expected one of " + ", ".join(names)
    raise ValidationError((name,), f"`{name}` is no known key: {hint}")


def expected(name: str, what: str, value: object) -> str:
    """The message for a value that is not what the field is for."""
    return f"`{name}`: expected {what}, got {literal(value)}"


def description(owner: type[msgspec.Struct], name: str) -> str:
    """What a field is for, in words: its `Meta(description=…)`, also inside `… | None`."""
    hint = get_type_hints(owner, include_extras=True)[name]
    for part in (hint, *get_args(hint)):
        for note in getattr(part, "__metadata__", ()):
            if isinstance(note, msgspec.Meta) and note.description:
                return note.description
    raise TypeError(f"{owner.__name__}.{name} has no Meta(description=…)")


def literal(value: object) -> str:
    """A value as TOML writes it, shortened."""
    if isinstance(value, dict):
        return "a table"
    shown = json.dumps(value, ensure_ascii=False, default=str)
    return shown if len(shown) <= _LONGEST_SHOWN else f"{shown[: _LONGEST_SHOWN - 1]}…"


def _place_in(message: str) -> KeyPath:
    """The indexes that msgspec gives for a mistake inside a list: `… - at `$[1]`` is `(1,)`."""
    found = re.search(r" - at `\$((?:\[\d+\])+)", message)
    return tuple(int(index) for index in re.findall(r"\d+", found[1])) if found else ()
