"""Saves one value in the settings file; everything else in it stays."""

from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from mdxdash.language.translation import N_
from mdxdash.settings.documents.commented_file import commented_file
from mdxdash.settings.model import all_settings
from mdxdash.settings.resolution import check_file
from mdxdash.settings.toml_source import SettingsError, parse_toml, read_toml, write_text
from mdxdash.settings.trust import TrustedFiles

SavedValue = str | int | bool | list[str]
"""A value as the file has it."""


def save_setting(file: Path, name: str, value: SavedValue) -> None:
    """Writes one setting into a settings file, which may not exist yet.

    * `name`: as `screen.theme`.

    Comments and all other settings stay, and a trusted file stays trusted. Raises `SettingsError`
    if the file is wrong or cannot be written, `ValueError` if there is no such setting.
    """
    if name not in (setting.name for setting in all_settings()):
        raise ValueError(N_("no such setting: {name}").format(name=name))
    section, _, key = name.partition(".")
    _save(file, section, key, value)


def save_filter(file: Path, name: str, text: str) -> None:
    """Writes a filter under a name into the `[filters]` of a settings file, in the place of one of
    that name. As `save_setting`; raises `SettingsError`."""
    _save(file, "filters", name, text)


def _save(file: Path, section: str, key: str, value: SavedValue) -> None:
    from mdxdash.settings.toml_edit import edit_toml  # noqa: PLC0415  seldom, and 10 ms to load

    source = read_toml(file, absent=commented_file())
    check_file(source)

    def change(document: MutableMapping[str, Any]) -> None:
        document.setdefault(section, {})[key] = value

    name = f"{section}.{key}"
    wanted = {**source.data, section: {**source.data.get(section, {}), key: value}}
    try:
        text = edit_toml(source.text, change)
        saved = parse_toml(text.encode("utf-8"), file)
        done = saved.data == wanted
    except (ValueError, SettingsError) as error:
        raise SettingsError(
            N_("`{name}` cannot be written into the file: {error}").format(name=name, error=error),
            file,
        ) from error
    if not done:
        raise SettingsError(
            N_("`{name}` cannot be written into the file: edit it by hand").format(name=name), file
        )
    write_text(file, text)
    TrustedFiles().keep(source, saved)
