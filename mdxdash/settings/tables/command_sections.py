"""The `[voice.NAME]` and `[program.NAME]` tables: commands of the user that mdxdash starts.

They take effect only from a file that the user trusts.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, TypeVar

import msgspec
from msgspec import Meta

from mdxdash.language.translation import N_
from mdxdash.settings.setting import About, Setting, settings_of
from mdxdash.settings.toml_source import TomlSource
from mdxdash.settings.validation import ValidationError, check_key, expected

Start = Literal["hub", "agent"]
"""When a program is started: with the hub, or once for each agent that comes."""

_Duration = Annotated[float, Meta(gt=0, description='a duration above 0, such as "30s"')]


class VoiceSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A `[voice.NAME]`: a speech synthesiser."""

    command: Annotated[
        str,
        Meta(min_length=1, description='a command such as "open_jtalk -x DIC -m VOICE -ow {out}"'),
        About(
            "The command. The text is its `{text}`, else its standard input; the sound is the file "
            "`{out}`, else its standard output.",
            trust="runs",
        ),
    ]
    timeout: Annotated[
        _Duration, About("Time that one sentence may take.", form="duration", trust="runs")
    ] = 30.0


class ProgramSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A `[program.NAME]`: a script that reads events and writes messages."""

    command: Annotated[
        str,
        Meta(min_length=1, description='a command such as "python -u chatgpt.py"'),
        About(
            "The command. Each event is a line of its standard input, each line of its standard "
            "output a message.",
            trust="runs",
        ),
    ]
    start: Annotated[
        str,
        Meta(pattern="^(hub|agent)$", description='"hub" or "agent"'),
        About("Whether one is started with the hub, or one for each agent.", trust="runs"),
    ] = "hub"
    feed: Annotated[
        str,
        Meta(description='a filter such as "type:RECOG_EVENT_STOP"'),
        About("The events that it gets; empty for all received messages.", trust="runs"),
    ] = ""
    target: Annotated[
        str,
        Meta(description='an agent such as "chat", a pattern or a group'),
        About("The agents that it is for; empty for all.", trust="runs"),
    ] = ""


OWNERS: Final[dict[str, type[msgspec.Struct]]] = {
    "voice": VoiceSettings,
    "program": ProgramSettings,
}
"""The tables of tables, each with the type of what is in it."""

_T = TypeVar("_T", bound=msgspec.Struct)


def read_tables(source: TomlSource, kind: str, owner: type[_T]) -> dict[str, _T]:
    """Returns the `[kind.NAME]` tables of a file by name. Raises `SettingsError`."""
    return {
        name: owner(**{setting.key: value for setting, value in values})
        for name, values in _values(source, kind, owner).items()
    }


def given_values(source: TomlSource) -> list[tuple[Setting, Any, tuple[str, ...]]]:
    """Returns every value that a file gives in these tables, with its setting and key path."""
    return [
        (setting, value, (kind, name, setting.key))
        for kind, owner in OWNERS.items()
        for name, values in _values(source, kind, owner).items()
        for setting, value in values
    ]


def _values(
    source: TomlSource, kind: str, owner: type[msgspec.Struct]
) -> dict[str, list[tuple[Setting, Any]]]:
    found = {}
    tables = source.data.get(kind, {})
    for name, table in tables.items():
        if not isinstance(table, Mapping):
            message = expected(
                name,
                N_("a table with the header [{kind}.{name}]").format(kind=kind, name=name),
                table,
            )
            raise source.error((kind, name), f"[{kind}] {message}")
        known = {each.key: each for each in settings_of(f"{kind}.{name}", owner)}
        try:
            for key in table:
                check_key(key, known)
            if "command" not in table:
                raise ValidationError((), N_("`command` is missing: expected a command"))
            found[name] = [
                (known[key], known[key].convert(value, strict=True)) for key, value in table.items()
            ]
        except ValidationError as error:
            message = f"[{kind}.{name}] {error.message}"
            raise source.error((kind, name, *error.key_path), message) from error
    return found
