"""`mdxdash config`: the settings in force, a settings file to begin with, and its schema."""

import os
from pathlib import Path
from typing import Any

import click
import msgspec

from mdxdash.cli.command_group import CommandGroup
from mdxdash.cli.options import common_options, fail, hub_options, read_settings
from mdxdash.cli.output.standard_output import show as print_text
from mdxdash.cli.output.standard_output import write_json, write_json_text
from mdxdash.cli.output.text_table import table
from mdxdash.events.printable import printable
from mdxdash.language.translation import _
from mdxdash.settings.documents.commented_file import commented_file
from mdxdash.settings.documents.schema import json_schema
from mdxdash.settings.model import Settings, all_settings
from mdxdash.settings.redaction import redact_command
from mdxdash.settings.resolution import FILE_VARIABLE, user_settings_file
from mdxdash.settings.setting import Setting, literal, settings_of
from mdxdash.settings.tables.key_section import written_keys
from mdxdash.settings.toml_source import SettingsError, create_text


@click.group(name="config", cls=CommandGroup)
def command() -> None:
    """The settings: what is in force, a file to begin with, and its schema for editors."""


class ShownSetting(msgspec.Struct, frozen=True, omit_defaults=True):
    """A setting as `mdxdash config show --json` prints it."""

    setting: str
    value: Any
    """As the settings file has it; null: it has no value. Secrets and passwords are `***`."""
    origin: str
    """`default`, `file`, `environment` or `option`."""
    file: str | None = None
    line: int | None = None
    name: str = ""
    """The variable or option."""


@command.command(name="show")
@hub_options
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each setting.")
def show(as_json: bool, **options: Any) -> None:
    """Every setting with its value and where it comes from: the default, the file with the line,
    an environment variable, or an option.

    Secrets and passwords are not shown.
    """
    settings = read_settings(**options)
    if as_json:
        for row in _rows(settings):
            write_json(row)
        return
    exists = "" if settings.file.is_file() else _(" (does not exist)")
    print_text(
        _("file: {file}{exists}\n").format(file=printable(str(settings.file)), exists=exists)
    )
    cells = (
        (row.setting, _value(row), printable(str(settings.origin(row.setting))))
        for row in _rows(settings)
    )
    print_text(table(("SETTING", "VALUE", "FROM"), cells))


@command.command(name="init")
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write.  [default: the user's]",
)
def init(config: Path | None) -> None:
    """Writes a settings file in which every setting stands with its default and what it does,
    commented out. An existing file is never overwritten."""
    named = config or Path(os.environ.get(FILE_VARIABLE) or user_settings_file())
    path = Path.cwd() / named
    try:
        create_text(path, commented_file())
    except SettingsError as error:
        fail(str(error))
    print_text(_("wrote {path}").format(path=printable(str(path))))


@command.command(name="schema")
def schema() -> None:
    """Prints the JSON Schema of the settings file.

    Editors check and complete a TOML file whose first line is `#:schema FILE`, with the file that
    this was written into.
    """
    write_json_text(msgspec.json.format(msgspec.json.encode(json_schema())) + b"\n")


@command.command(name="keys")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each action.")
@common_options
def keys(as_json: bool, **options: Any) -> None:
    """What can get other keys in `[keys]` of the settings file: the name of each action, its keys,
    and what it does."""
    from mdxdash.cli.dashboards.terminal_run import check_keys  # noqa: PLC0415  Textual loads only from here on
    from mdxdash.tui.key_actions import key_name  # noqa: PLC0415
    from mdxdash.tui.key_checks.given_keys import named_actions  # noqa: PLC0415
    from mdxdash.tui.key_settings.written_keys import read_key  # noqa: PLC0415

    settings = read_settings(**options)
    check_keys(settings)
    rows = [
        KeyRow(
            each.name,
            [key_name(key) for key in map(read_key, settings.keys.get(each.name, each.keys))],
            each.meaning,
        )
        for each in named_actions()
    ]
    if as_json:
        for row in rows:
            write_json(row)
        return
    cells = ((row.action, " ".join(row.keys), _(row.meaning)) for row in rows)
    print_text(table(("ACTION", "KEYS", "MEANING"), cells))


class KeyRow(msgspec.Struct, frozen=True):
    """An action as `mdxdash config keys --json` prints it."""

    action: str
    keys: list[str]
    meaning: str
    """In English."""


def _rows(settings: Settings) -> list[ShownSetting]:
    values = {
        setting.name: _shown(setting, getattr(settings, setting.section))
        for setting in all_settings()
    }
    values |= {f"groups.{name}": list(members) for name, members in settings.groups.items()}
    values |= {f"filters.{name}": text for name, text in settings.filters.items()}
    values |= {f"highlights.{text}": colour for text, colour in settings.highlights.items()}
    values |= {f"keys.{name}": written_keys(keys) for name, keys in settings.keys.items()}
    for kind, tables in (("voice", settings.voices), ("program", settings.programs)):
        for name, owner in tables.items():
            for setting in settings_of(f"{kind}.{name}", type(owner)):
                values[setting.name] = _shown(setting, owner)
    rows = []
    for name, value in values.items():
        origin = settings.origin(name)
        file = None if origin.source is None else str(origin.source.path)
        rows.append(ShownSetting(name, value, origin.kind, file, origin.line, origin.name))
    return rows


def _shown(setting: Setting, owner: msgspec.Struct) -> Any:
    """A value as the settings file has it, without what is private in it."""
    value = setting.shown(getattr(owner, setting.key))
    is_command = setting.about.trust == "runs" and isinstance(value, str)
    return redact_command(value) if is_command else value


def _value(row: ShownSetting) -> str:
    if row.value is not None:
        return printable(literal(row.value))
    return next(s.about.unset for s in all_settings() if s.name == row.setting)
