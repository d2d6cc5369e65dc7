"""Resolves the settings of a run: options win over environment variables, these over the file.

A file that nobody named, found in the working directory, decides alone about what is harmless. What
opens, deletes, sends or forwards something takes effect from it only if the user trusts the file;
without it, and for what it leaves out, the user's own file counts.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import platformdirs

from mdxdash.language.translation import N_
from mdxdash.settings.model import (
    ALL_AGENTS,
    FILTER_TEXT,
    GROUP_MEMBERS,
    HIGHLIGHT_COLOUR,
    HIGHLIGHT_COLOURS,
    SECTIONS,
    VERSION,
    Origin,
    Settings,
    Waiting,
    all_settings,
)
from mdxdash.settings.setting import Setting
from mdxdash.settings.tables.command_sections import (
    OWNERS as COMMAND_TABLES,
)
from mdxdash.settings.tables.command_sections import (
    ProgramSettings,
    VoiceSettings,
    given_values,
    read_tables,
)
from mdxdash.settings.tables.key_section import key_setting, read_keys
from mdxdash.settings.toml_source import SettingsError, TomlSource, parse_toml, read_toml
from mdxdash.settings.trust import TrustedFiles
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
    trusted: TrustedFiles | None = None,
) -> Settings:
    """Returns the settings of a run.

    * `options`: values by `Setting.argument`; None is one that was not given. Durations and sizes
      are texts with a unit, as everywhere.
    * `environ`: an empty variable counts as not given.
    * `config_file`: what `--config` names, or else MDXDASH_CONFIG; it must exist.
    * `cwd`: where `mdxdash.toml` is looked for first.
    * `user_file`: where it is looked for next; by default `user_settings_file()`.
    * `trusted`: the list of trusted files, for the file in the working directory; by default
      the user's.

    Raises `SettingsError` for the first error, with its line, variable or option. All given values
    are checked, also those that another one wins over.
    """
    if config_file is None and environ.get(FILE_VARIABLE):
        config_file = Path(environ[FILE_VARIABLE])
    own = user_file or user_settings_file()
    file = cwd / config_file if config_file else find_file(cwd, own)
    source = read_toml(file, absent=None if config_file else "")
    check_file(source)
    found_here = config_file is None and file != own and not _is_same(file, own)
    below = parse_toml(b"", own)
    if found_here:
        below = read_toml(own, absent="")
        check_file(below)
    is_trusted = not found_here or (trusted or TrustedFiles()).trusts(source)
    known = {setting.argument for setting in all_settings()}
    if unknown := options.keys() - known:
        raise ValueError(f"no such settings: {', '.join(sorted(unknown))}")
    values: dict[str, dict[str, Any]] = {section: {} for section in SECTIONS}
    origins: dict[str, Origin] = {}
    for setting in all_settings():
        is_harmless = setting.about.trust == "harmless"
        given = [] if is_harmless else _in_file(setting, below)
        in_file = _in_file(setting, source)  # checked also where it takes no effect
        given += in_file if is_trusted or is_harmless else []
        given += _outside_files(setting, options, environ)
        for value, origin in given:
            values[setting.section][setting.key] = value
            origins[setting.name] = origin
    groups = _groups(source)
    filters = _filters(source)
    highlights = _highlights(source)
    for name in groups:
        origins[f"groups.{name}"] = Origin("file", "", source, ("groups", name))
    for name in filters:
        origins[f"filters.{name}"] = Origin("file", "", source, ("filters", name))
    for text in highlights:
        origins[f"highlights.{text}"] = Origin("file", "", source, ("highlights", text))
    keys: dict[str, tuple[str, ...]] = {}
    voices: dict[str, VoiceSettings] = {}
    programs: dict[str, ProgramSettings] = {}
    for each, counts in ((below, True), (source, is_trusted)):
        found_voices = read_tables(each, "voice", VoiceSettings)
        found_programs = read_tables(each, "program", ProgramSettings)
        found_keys = read_keys(each)
        if counts:
            keys |= found_keys
            for name in found_keys:
                origins[f"keys.{name}"] = Origin("file", "", each, ("keys", name))
            for _setting, _value, key_path in given_values(each):
                origins[".".join(key_path)] = Origin("file", "", each, key_path)
            voices |= found_voices
            programs |= found_programs
    sections: dict[str, Any] = {name: owner(**values[name]) for name, owner in SECTIONS.items()}
    return Settings(
        file=file,
        filters=filters,
        highlights=highlights,
        keys=keys,
        groups=groups,
        voices=voices,
        programs=programs,
        origins=origins,
        found_here=found_here,
        waiting=() if is_trusted else not_harmless(source),
        **sections,
    )


def not_harmless(source: TomlSource) -> tuple[Waiting, ...]:
    """Returns the values in a file that take effect only if the user trusts it. Raises
    `SettingsError` for the first error, except in macros."""
    check_file(source)
    _groups(source)
    _filters(source)
    _highlights(source)
    settings = tuple(
        Waiting(setting, value, origin)
        for setting in all_settings()
        for value, origin in _in_file(setting, source)
        if setting.about.trust != "harmless"
    )
    commands = tuple(
        Waiting(setting, value, Origin("file", "", source, key_path))
        for setting, value, key_path in given_values(source)
    )
    keys = tuple(
        Waiting(key_setting(name), each, Origin("file", "", source, ("keys", name)))
        for name, each in read_keys(source).items()
    )
    return settings + commands + keys


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
            message = N_("{own}, the only one that this mdxdash knows").format(own=VERSION)
            raise ValidationError(("version",), expected("version", message, version))
        for name, table in source.data.items():
            tables = (*SECTIONS, "keys", "groups", "filters", "highlights", *COMMAND_TABLES)
            known = ["version", *tables, "macro", "watch"]
            check_key(name, known)
            if name in tables and not isinstance(table, dict):
                raise ValidationError(
                    (name,),
                    expected(name, N_("a table with the header [{name}]").format(name=name), table),
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
            message = N_("[groups] `{name}` means every agent; choose another name").format(
                name=ALL_AGENTS
            )
            raise source.error(("groups", name), message)
        if not (isinstance(members, list) and members and _are_names(members)):
            message = f"[groups] {expected(name, GROUP_MEMBERS, members)}"
            raise source.error(("groups", name), message)
        groups[name] = tuple(members)
    return groups


def _filters(source: TomlSource) -> dict[str, str]:
    filters = {}
    for name, text in source.data.get("filters", {}).items():
        if not (isinstance(text, str) and text.strip()):
            message = f"[filters] {expected(name, FILTER_TEXT, text)}"
            raise source.error(("filters", name), message)
        filters[name] = text
    return filters


def _highlights(source: TomlSource) -> dict[str, str]:
    highlights = {}
    for text, colour in source.data.get("highlights", {}).items():
        if colour not in HIGHLIGHT_COLOURS:
            message = f"[highlights] {expected(text, HIGHLIGHT_COLOUR, colour)}"
            raise source.error(("highlights", text), message)
        highlights[text] = colour
    return highlights


def _are_names(members: list[Any]) -> bool:
    return all(isinstance(member, str) and member for member in members)


def _is_same(file: Path, own: Path) -> bool:
    return own.exists() and file.samefile(own)


def _in_file(setting: Setting, source: TomlSource) -> list[tuple[Any, Origin]]:
    """The value of a setting in a file, if it is there."""
    table = source.data.get(setting.section, {})
    if setting.key not in table:
        return []
    origin = Origin("file", "", source, (setting.section, setting.key))
    try:
        return [(setting.convert(table[setting.key], strict=True), origin)]
    except ValidationError as error:
        inside = (setting.section, *error.key_path)
        raise source.error(inside, f"[{setting.section}] {error.message}") from error


def _outside_files(
    setting: Setting, options: Mapping[str, object], environ: Mapping[str, str]
) -> list[tuple[Any, Origin]]:
    """The values of a setting in the environment and the options, the one that wins last."""
    found = []
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
