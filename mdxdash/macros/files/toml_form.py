"""How a macro is written in TOML, and the errors for what is written wrongly."""

import itertools
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from mdxdash.language.translation import N_
from mdxdash.macros.condition import Condition
from mdxdash.macros.files.condition_form import condition_from_table, table_from_condition
from mdxdash.macros.files.references import check_references
from mdxdash.macros.files.toml_steps import (
    MESSAGE,
    duration,
    message_from_line,
    params_from_table,
    steps_from_list,
    table_from_step,
)
from mdxdash.macros.model import DEFAULT_MACROS, SHORTEST_PERIOD, SKIP, Macro, Overlap
from mdxdash.settings.quantities import format_duration, parse_duration
from mdxdash.settings.toml_positions import KeyPath
from mdxdash.settings.toml_source import TomlSource
from mdxdash.settings.validation import ValidationError, convert_fields, description, expected
from mdxdash.wire.message import Message, format_message

_NAME = r"\A(?=.*\S)[^\x00-\x1f\x7f]+\Z"


class _MacroTable(msgspec.Struct, frozen=True):
    """A macro as a person writes it: `[[macro]]` with these keys."""

    name: Annotated[str, Meta(pattern=_NAME, description='a name on one line such as "Greet"')]
    send: (
        Annotated[str, Meta(description=f"{MESSAGE}, or a list of them")]
        | Annotated[list[str], Meta(min_length=1)]
        | None
    ) = None
    key: (
        Annotated[str, Meta(pattern=r"\A[1-9]\Z", description='a digit in quotes, "1" to "9"')]
        | None
    ) = None
    every: Annotated[str, Meta(description='a duration such as "2s" or "500ms"')] | None = None
    target: (
        Annotated[str, Meta(min_length=1, description='an agent such as "chat" or "chat*"')] | None
    ) = None
    steps: Annotated[Any, Meta(description="a list of steps")] = None
    params: Annotated[Any, Meta(description="names with values")] = None
    on: Annotated[Any, Meta(description="a filter")] = None
    cooldown: Annotated[Any, Meta(description='a duration such as "2s"')] = None
    overlap: Annotated[Overlap, Meta(description='one of "skip", "queue", "restart", "allow"')] = (
        SKIP
    )
    above: Annotated[Any, Meta(description="a number of events a minute")] = None
    absent: Annotated[Any, Meta(description="a filter")] = None
    within: Annotated[Any, Meta(description='a duration such as "5s"')] = None


MACRO_KEYS: Final = _MacroTable.__struct_fields__
"""The keys of a `[[macro]]` table."""


def read_macros(source: TomlSource) -> tuple[Macro, ...]:
    """Returns the macros of a file in their order; DEFAULT_MACROS if it has no `macro` key at all.

    Raises SettingsError for the first error, with its line.
    """
    tables = source.data.get("macro")
    if tables is None:
        return DEFAULT_MACROS
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise source.error(("macro",), N_("`macro`: expected tables with the header [[macro]]"))
    macros: list[Macro] = []
    for index, table in enumerate(tables):
        try:
            macro = macro_from_table(table)
            check_unique(macro, macros)
        except ValidationError as error:
            key_path = ("macro", index, *error.key_path)
            message = f"{_title(table, index)}: {_step_number(key_path)}{error.message}"
            raise source.error(key_path, message) from error
        macros.append(macro)
    try:
        check_references(macros)
    except ValidationError as error:
        number = error.key_path[0]
        assert isinstance(number, int)
        message = f"{_title(tables[number], number)}: {_step_number(error.key_path)}{error.message}"
        raise source.error(("macro", *error.key_path), message) from error
    return tuple(macros)


def macro_from_table(table: Mapping[str, Any]) -> Macro:
    """Returns the macro of a `[[macro]]` table, or of a form on the screen.

    The table has the keys of `Macro`: `send` is a line or a list of lines, durations and filters
    are text. Raises `ValidationError`.
    """
    written = _MacroTable(**convert_fields(_MacroTable, table))
    if written.send is None and written.steps is None:
        what = N_("{expected}, or `steps`").format(expected=description(_MacroTable, "send"))
        raise ValidationError((), N_("`send` is missing: expected {what}").format(what=what))
    if written.send is not None and written.steps is not None:
        raise ValidationError(
            ("steps",), N_("`steps`: expected either `send` or `steps`, got both")
        )
    cooldown = None if written.cooldown is None else duration("cooldown", written.cooldown)
    if cooldown is not None and written.on is None:
        raise ValidationError(
            ("cooldown",), N_("`cooldown`: expected `on` beside it, which it is about")
        )
    condition = _condition(table, written)
    return Macro(
        name=written.name,
        send=_messages(written.send),
        key=written.key,
        every=None if written.every is None else _period(written.every),
        target=written.target,
        steps=() if written.steps is None else steps_from_list(written.steps),
        params=() if written.params is None else params_from_table(written.params),
        on=None if condition is None else condition.on,
        cooldown=cooldown,
        overlap=written.overlap,
        above=None if condition is None else condition.above,
        absent=None if condition is None else condition.absent,
        within=0.0 if condition is None else condition.within,
    )


def table_from_macro(macro: Macro) -> dict[str, Any]:
    """Returns the TOML table of a macro, from which `macro_from_table` reads an equal macro.

    Defaults are left out.
    """
    lines = [format_message(message) for message in macro.send]
    table: dict[str, Any] = {"name": macro.name}
    if macro.key is not None:
        table["key"] = macro.key
    if macro.every is not None:
        table["every"] = format_duration(macro.every)
    if macro.condition is not None:
        table |= table_from_condition(macro.condition)
    if macro.cooldown is not None:
        table["cooldown"] = format_duration(macro.cooldown)
    if macro.overlap != SKIP:
        table["overlap"] = macro.overlap
    if macro.params:
        table["params"] = dict(macro.params)
    if macro.steps:
        table["steps"] = [table_from_step(step) for step in macro.steps]
    else:
        table["send"] = lines[0] if len(lines) == 1 else lines
    if macro.target is not None:
        table["target"] = macro.target
    return table


def check_unique(macro: Macro, others: Iterable[Macro]) -> None:
    """Raises `ValidationError` if another macro has the same name or key."""
    for other in others:
        if other.name == macro.name:
            raise ValidationError(
                ("name",), N_("`name`: expected a name of its own, another macro has it too")
            )
        if macro.key is not None and other.key == macro.key:
            message = N_('`key`: expected a key of its own, "{name}" has "{key}" too').format(
                name=other.name, key=macro.key
            )
            raise ValidationError(("key",), message)


def _condition(table: Mapping[str, Any], written: _MacroTable) -> Condition | None:
    if written.on is not None:
        return condition_from_table(table)
    for key in ("above", "absent", "within"):
        if getattr(written, key) is not None:
            raise ValidationError(
                (key,), N_("`{key}`: expected `on` beside it, which it is about").format(key=key)
            )
    return None


def _messages(send: str | list[str] | None) -> tuple[Message, ...]:
    if send is None or isinstance(send, str):
        return () if send is None else (message_from_line("send", send),)
    messages = []
    for index, line in enumerate(send):
        try:
            messages.append(message_from_line("send", line))
        except ValidationError as error:
            raise ValidationError((*error.key_path, index), error.message) from error
    return tuple(messages)


def _period(text: str) -> float:
    try:
        seconds = parse_duration(text)
    except ValueError as error:
        raise ValidationError(("every",), f"`every`: {error}") from error
    if seconds < SHORTEST_PERIOD:
        least = N_('at least "{shortest}", as fast as an agent can take it').format(
            shortest=format_duration(SHORTEST_PERIOD)
        )
        raise ValidationError(("every",), expected("every", least, text))
    return seconds


def _title(table: Mapping[str, Any], index: int) -> str:
    name = table.get("name")
    return (
        f'macro "{name}"'
        if name and isinstance(name, str)
        else N_("macro {index}").format(index=index + 1)
    )


def _step_number(key_path: KeyPath) -> str:
    """Returns the number of the step that a key path leads into, `step 2.1: `; empty outside of
    steps."""
    numbers = [
        str(index + 1)
        for key, index in itertools.pairwise(key_path)
        if key == "steps" and isinstance(index, int)
    ]
    return N_("step {numbers}: ").format(numbers=".".join(numbers)) if numbers else ""
