"""Resolves the settings of a run: options win over environment variables, these over the file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import platformdirs

from mdxdash.settings.model import (
    ALL_AGENTS,
    GROUP_MEMBERS,
    SECTIONS,
    VERSION,
    Origin,
    Settings,
    all_settings,
)
from mdxdash.settings.setting import Setting
from mdxdash.settings.toml_source import SettingsError, TomlSource, read_toml
from mdxdash.settings.validation import ValidationError, check_key, expected

FILE_NAME: Final = "mdxdash.toml"

FILE_VARIABLE: Final = "MDXDASH_CONFIG"
"""The environment variable that names the settings file."""


def resolve(
    options: Mapping[str, object],
    environ: Mapping[str, str],
    config_file: Path | None,
    cwd: Path,
    user_file: Path | None = None,
) -> Settings:
    """Returns the settings of a run.

    * `options`: values by `Setting.argument`; None is one that was not given. Durations and sizes
      are texts with a unit, as everywhere.
    * `environ`: an empty variable counts as not given.
    * `config_file`: what `--config` names, or else MDXDASH_CONFIG; it must exist.
    * `cwd`: where `mdxdash.toml` is looked for first.
    * `user_file`: where it is looked for next; by default `user_settings_file()`.

    Raises `SettingsError` for the first error, with its line, variable or option. All given values
    are checked, also those that another one wins over.
    """
    if config_file is None and environ.get(FILE_VARIABLE):
        config_file = Path(environ[FILE_VARIABLE])
    file = cwd / config_file if config_file else find_file(cwd, user_file or user_settings_file())
    source = read_toml(file, absent=None if config_file else "")
    check_file(source)
    known = {setting.argument for setting in all_settings()}
    if unknown := options.keys() - known:
        raise ValueError(f"no such settings: {', '.join(sorted(unknown))}")
    values: dict[str, dict[str, Any]] = {section: {} for section in SECTIONS}
    origins: dict[str, Origin] = {}
    for setting in all_settings():
        for value, origin in _given(setting, options, environ, source):
            values[setting.section][setting.key] = value
            origins[setting.name] = origin
    groups = _groups(source)
    for name in groups:
        origins[f"groups.{name}"] = Origin("file", "", source, ("groups", name))
    sections: dict[str, Any] = {name: owner(**values[name]) for name, owner in SECTIONS.items()}
    return Settings(file=file, groups=groups, origins=origins, **sections)


def user_settings_file() -> Path:
    """Returns `mdxdash.toml` in the user's configuration directory, whether it exists or not."""
    return platformdirs.user_config_path("mdxdash", appauthor=False) / FILE_NAME


def find_file(cwd: Path, user_file: Path) -> Path:
    """Returns the settings file in force: that in the working directory, else the user's."""
    local = cwd / FILE_NAME
    return local if local.is_file() else user_file


def check_file(source: TomlSource) -> None:
    """Raises `SettingsError` for an unknown version, section or key.

    Values are checked by `resolve`, macros where they are read.
    """
    try:
        version = source.data.get("version", VERSION)
        if version != VERSION or isinstance(version, bool):
            message = f"{VERSION}, the only one that this mdxdash knows"
            raise ValidationError(("version",), expected("version", message, version))
        for name, table in source.data.items():
            check_key(name, ["version", *SECTIONS, "groups", "macro"])
            if name in (*SECTIONS, "groups") and not isinstance(table, dict):
                raise ValidationError(
                    (name,), expected(name, f"a table with the header [{name}]", table)
                )
    except ValidationError as error:
        raise source.error(error.key_path, error.message) from error
    for section, owner in SECTIONS.items():
        for key in source.data.get(section, {}):
            try:
                check_key(key, owner.__struct_fields__)
            except ValidationError as error:
                message = f"[{section}] {error.message}"
                raise source.error((section, key), message) from error


def _groups(source: TomlSource) -> dict[str, tuple[str, ...]]:
    groups = {}
    for name, members in source.data.get("groups", {}).items():
        if name == ALL_AGENTS:
            message = f"[groups] `{ALL_AGENTS}` means every agent; choose another name"
            raise source.error(("groups", name), message)
        if not (isinstance(members, list) and members and _are_names(members)):
            message = f"[groups] {expected(name, GROUP_MEMBERS, members)}"
            raise source.error(("groups", name), message)
        groups[name] = tuple(members)
    return groups


def _are_names(members: list[Any]) -> bool:
    return all(isinstance(member, str) and member for member in members)


def _given(
    setting: Setting,
    options: Mapping[str, object],
    environ: Mapping[str, str],
    source: TomlSource,
) -> list[tuple[Any, Origin]]:
    """The values that were given for one setting, the one that wins last."""
    found = []
    table = source.data.get(setting.section, {})
    if setting.key in table:
        origin = Origin("file", "", source, (setting.section, setting.key))
        try:
            found.append((setting.convert(table[setting.key], strict=True), origin))
        except ValidationError as error:
            inside = (setting.section, *error.key_path)
            raise source.error(inside, f"[{setting.section}] {error.message}") from error
    given = (
        (environ.get(setting.variable) or None, Origin("environment", setting.variable)),
        (options.get(setting.argument), Origin("option", setting.option)),
    )
    for text, origin in given:
        if text is None:
            continue
        try:
            found.append((setting.convert(text, strict=False), origin))
        except ValidationError as error:
            message = error.message.removeprefix(f"`{setting.key}`: ")
            raise SettingsError(f"{origin.name}: {message}") from error
    return found
