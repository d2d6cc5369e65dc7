"""Checks a value against the type of a field. The message of an error names what was expected.

The field's `Meta(description=…)` is the expectation in words, so that a wrong type and a wrong
value get the same message: "expected a port from 0 to 65535, got 70000".
"""

import difflib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, get_args, get_type_hints

import msgspec

from mdxdash.language.translation import N_
from mdxdash.settings.redaction import redact_users
from mdxdash.settings.toml_positions import KeyPath

_LONGEST_SHOWN = 60


class ValidationError(ValueError):
    """A wrong value, with its key path in the table that was checked."""

    def __init__(self, key_path: KeyPath, message: str) -> None:
        super().__init__(message)
        self.key_path = key_path
        self.message = message


def convert_fields(owner: type[msgspec.Struct], table: Mapping[str, Any]) -> dict[str, Any]:
    """Converts a table's values to the types of the Struct's fields. Raises `ValidationError` for
    the first wrong, unknown or missing one."""
    for name in table:
        check_key(name, owner.__struct_fields__)
    for field in msgspec.structs.fields(owner):
        if field.required and field.name not in table:
            message = N_("`{name}` is missing: expected {owner}").format(
                name=field.name, owner=description(owner, field.name)
            )
            raise ValidationError((), message)
    return {name: convert_field(owner, name, value) for name, value in table.items()}


def convert_field(
    owner: type[msgspec.Struct], name: str, value: object, *, strict: bool = True
) -> Any:
    """Converts a value to the type of the Struct's field; with `strict=False` also text (`"9001"`).

    Raises `ValidationError` if it does not fit.
    """
    hint = get_type_hints(owner, include_extras=True)[name]
    try:
        return msgspec.convert(value, hint, strict=strict)
    except msgspec.ValidationError as error:
        raise ValidationError(
            (name, *_indexes_in(str(error))), expected(name, description(owner, name), value)
        ) from error


def check_key(name: str, known: Iterable[str]) -> None:
    """Raises `ValidationError` for an unknown key, with the most similar known one."""
    names = list(known)
    if name in names:
        return
    nearest = difflib.get_close_matches(name, names, n=1)
    hint = (
        N_("did you mean `{nearest}`?").format(nearest=nearest[0])
        if nearest
        else N_("expected one of ") + ", ".join(names)
    )
    raise ValidationError(
        (name,), N_("`{name}` is no known key: {hint}").format(name=name, hint=hint)
    )


EXPECTED_ELSEWHERE: Final = N_("{name}: expected {what}, got {value}")
"""The same text where an option, a variable or a line of a file stands before it."""


def expected(name: str, what: str, value: object) -> str:
    """Returns the message for a wrong value; `what` is what was expected, in words."""
    return N_("`{name}`: expected {what}, got {value}").format(
        name=name, what=what, value=literal(value)
    )


def description(owner: type[msgspec.Struct], name: str) -> str:
    """Returns what a field expects, in words: its `Meta(description=…)`, also inside `… | None`."""
    hint = get_type_hints(owner, include_extras=True)[name]
    for part in (hint, *get_args(hint)):
        for note in getattr(part, "__metadata__", ()):
            if isinstance(note, msgspec.Meta) and note.description:
                return note.description
    raise TypeError(f"{owner.__name__}.{name} has no Meta(description=…)")


def literal(value: object) -> str:
    """Returns a value as TOML writes it, shortened."""
    if isinstance(value, dict):
        return "a table"
    shown = json.dumps(value, ensure_ascii=False, default=str)
    shown = redact_users(shown)
    return shown if len(shown) <= _LONGEST_SHOWN else f"{shown[: _LONGEST_SHOWN - 1]}…"


def _indexes_in(message: str) -> KeyPath:
    """Returns the indexes in msgspec's message about a list element: (1,) for `… - at `$[1]``."""
    found = re.search(r" - at `\$((?:\[\d+\])+)", message)
    return tuple(int(index) for index in re.findall(r"\d+", found[1])) if found else ()
