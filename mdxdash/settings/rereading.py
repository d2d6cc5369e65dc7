"""Reads the settings of a running hub again, when another process takes it over.

The file is the same as at the start. What options and environment variables gave then goes on
counting, and what agents and programs are connected by stays as it is.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from mdxdash.settings.model import Origin, Settings, all_settings
from mdxdash.settings.resolution import resolve, user_settings_file
from mdxdash.settings.setting import Setting

LASTING: Final = frozenset(
    {
        *(f"hub.{key}" for key in ("host", "port", "path", "name", "secret", "insecure")),
        *(f"hub.{key}" for key in ("tls_cert", "tls_key", "exclusive", "tap", "tap_read_only")),
        *(f"hub.{key}" for key in ("relay", "relay_guard", "relay_bytes")),
        "recording.enabled",
        "recording.directory",
    }
)
"""Settings that cannot change while a hub runs: its sockets and its recording go on."""

_TABLES: Final = {
    "voices": "voice",
    "programs": "program",
    "groups": "groups",
    "filters": "filters",
    "highlights": "highlights",
    "keys": "keys",
}
"""The fields with settings under names, and the table of each in the file."""


class Rereading(msgspec.Struct, frozen=True, omit_defaults=True):
    """What reading the settings again has found, as `[speech] lead` or `[voice.mei]`."""

    changed: tuple[str, ...] = ()
    """What is otherwise than before, and takes effect."""
    lasting: tuple[str, ...] = ()
    """What the file says otherwise, and takes effect when the hub is stopped and started."""
    waiting: tuple[str, ...] = ()
    """What takes no effect, since the user does not trust the file."""


def reread(before: Settings) -> tuple[Settings, Rereading]:
    """Returns the settings of a hub as its file has them now, and what is otherwise.

    Raises `SettingsError` for the first error in the file.
    """
    named = not before.found_here and before.file != user_settings_file()
    found = resolve({}, {}, before.file if named else None, before.file.parent)
    changed: list[str] = []
    lasting: list[str] = []
    values: dict[str, dict[str, Any]] = {}
    for setting in all_settings():
        old, new = _value(before, setting), _value(found, setting)
        if old == new:
            continue
        if _is_given(before.origin(setting.name)):
            values.setdefault(setting.section, {})[setting.key] = old
        elif setting.name in LASTING:
            values.setdefault(setting.section, {})[setting.key] = old
            lasting.append(f"[{setting.section}] {setting.key}")
        else:
            changed.append(f"[{setting.section}] {setting.key}")
    replaced: dict[str, Any] = {
        section: msgspec.structs.replace(getattr(found, section), **kept)
        for section, kept in values.items()
    }
    for field, table in _TABLES.items():
        own: Mapping[str, Any] = getattr(before, field)
        now = dict(getattr(found, field)) | {
            name: value
            for name, value in own.items()
            if _is_given(before.origin(f"{table}.{name}"))
        }
        replaced[field] = now
        changed += [
            f"[{table}.{name}]" if field in ("voices", "programs") else f"[{table}] {name}"
            for name in (*now, *(each for each in own if each not in now))
            if now.get(name) != own.get(name)
        ]
    origins = {**found.origins, **given_outside(before)}
    settings = msgspec.structs.replace(found, **replaced, origins=origins)
    waiting = tuple(f"[{each.setting.section}] {each.setting.key}" for each in found.waiting)
    return settings, Rereading(tuple(changed), tuple(lasting), waiting)


def given_outside(settings: Settings) -> dict[str, Origin]:
    """Returns the origins of what options and environment variables have given."""
    return {name: origin for name, origin in settings.origins.items() if _is_given(origin)}


def _is_given(origin: Origin) -> bool:
    return origin.kind in ("option", "environment")


def _value(settings: Settings, setting: Setting) -> object:
    return getattr(getattr(settings, setting.section), setting.key)
