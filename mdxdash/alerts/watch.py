"""The watch: a filter whose events are counted, with an alarm if wanted, and how it is written."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from mdxdash.filters.filter import Filter, FilterError, parse
from mdxdash.language.translation import N_
from mdxdash.macros.condition import Condition, describe_rule
from mdxdash.macros.files.condition_form import condition_from_table, table_from_condition
from mdxdash.settings.toml_source import TomlSource
from mdxdash.settings.validation import ValidationError, convert_fields, expected

_NAME: Final = r"\A(?=.*\S)[^\x00-\x1f\x7f]+\Z"

FIRST: Final = "first"
"""The alarm at the first event."""

_ABOVE: Final = re.compile(r"(?:above\s+)?(\d{1,6})(?:\s*(?:a minute|/min))?", re.IGNORECASE)
_ABSENT: Final = re.compile(r"no\s+(.+?)\s+within\s+(\S+)", re.IGNORECASE)

ALARM_HELP: Final = N_("first, above 10, or no type:SYNTH_EVENT_START within 5s")


class Watch(msgspec.Struct, frozen=True):
    """A `[[watch]]` of the settings file. Watches are equal if they do the same."""

    name: str
    """Unique in its file."""
    condition: Condition
    """What is counted; with a rule, an alarm is raised where the rule holds."""
    first: bool = False
    """Without a rule: whether the first event raises an alarm."""

    @property
    def alarm(self) -> str:
        """When an alarm is raised, as `alarm_from_text` reads it; empty for never."""
        return describe_rule(self.condition) or (FIRST if self.first else "")


class WatchState(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a watch has counted so far."""

    name: str
    filter: str
    """The text of its `on`."""
    alarm: str = ""
    """When an alarm is raised: see `Watch.alarm`."""
    count: int = 0
    """Events that passed; with an absence, how often it was absent."""
    alarms: int = 0
    problem: str = ""
    """Why it counts nothing more."""


class _WatchTable(msgspec.Struct, frozen=True):
    """A watch as a person writes it."""

    name: Annotated[str, Meta(pattern=_NAME, description='a name on one line such as "No answer"')]
    on: Annotated[Any, Meta(description='a filter such as "type:RECOG_EVENT_STOP"')]
    target: (
        Annotated[str, Meta(min_length=1, description='an agent such as "chat" or "chat*"')] | None
    ) = None
    alarm: Annotated[Literal["first"], Meta(description='"first"')] | None = None
    above: Annotated[Any, Meta(description="a number of events a minute")] = None
    absent: Annotated[Any, Meta(description="a filter")] = None
    within: Annotated[Any, Meta(description='a duration such as "5s"')] = None


def read_watches(source: TomlSource) -> tuple[Watch, ...]:
    """Returns the watches of a settings file in their order. Raises `SettingsError` for the first
    error, with its line."""
    tables = source.data.get("watch", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise source.error(("watch",), N_("`watch`: expected tables with the header [[watch]]"))
    found: list[Watch] = []
    for index, table in enumerate(tables):
        try:
            watch = watch_from_table(table)
            if any(watch.name == other.name for other in found):
                message = N_("`name`: expected a name of its own, another watch has it too")
                raise ValidationError(("name",), message)
        except ValidationError as error:
            title = N_("watch {index}").format(index=index + 1)
            raise source.error(("watch", index, *error.key_path), f"{title}: {error}") from error
        found.append(watch)
    return tuple(found)


def watch_from_table(table: Mapping[str, Any]) -> Watch:
    """Returns the watch of a `[[watch]]` table. Raises `ValidationError`."""
    written = _WatchTable(**convert_fields(_WatchTable, table))
    condition = condition_from_table(table, _filter_from)
    if written.alarm is not None and describe_rule(condition):
        message = N_("`alarm`: expected nothing beside `above` or `absent`, which raise the alarm")
        raise ValidationError(("alarm",), message)
    return Watch(written.name, condition, written.alarm == FIRST)


def table_from_watch(watch: Watch) -> dict[str, Any]:
    """Returns the TOML table of a watch, from which `watch_from_table` reads an equal one."""
    table: dict[str, Any] = {"name": watch.name, **table_from_condition(watch.condition)}
    if watch.first:
        table["alarm"] = FIRST
    if watch.condition.target is not None:
        table["target"] = watch.condition.target
    return table


def watch_from_form(name: str, filter_text: str, alarm: str) -> Watch:
    """Returns the watch of a name, a filter and a text that says when an alarm is raised: empty,
    `first`, `above 10`, `no FILTER within 5s`. Raises `ValidationError`."""
    table: dict[str, Any] = {"name": name.strip(), "on": filter_text.strip()}
    text = alarm.strip()
    if text.lower() == FIRST:
        table["alarm"] = FIRST
    elif found := _ABOVE.fullmatch(text.replace(",", "")):
        table["above"] = int(found[1])
    elif found := _ABSENT.fullmatch(text):
        table["absent"], table["within"] = found[1], found[2]
    elif text:
        raise ValidationError(("alarm",), expected("alarm", ALARM_HELP, text))
    return watch_from_table(table)


def _filter_from(key: str, text: object) -> Filter:
    """Parses a filter, in which braces mean themselves: a watch has no parameters."""
    if not isinstance(text, str) or not text.strip():
        example = N_('a filter such as "type:RECOG_EVENT_STOP"')
        raise ValidationError((key,), expected(key, example, text))
    try:
        return parse(text)
    except FilterError as error:
        raise ValidationError(
            (key,),
            N_("`{key}`: {error} (column {position})").format(
                key=key, error=error, position=error.position + 1
            ),
        ) from error
