"""Settings: defaults, under `mdxdash.toml`, under the environment, under the options.

Each setting has one name, from which all its others follow: `port` in `[hub]` is MDXDASH_PORT and
`--port`; `events` in `[log]` is MDXDASH_LOG_EVENTS and `--log-events`.
"""

import re
from collections.abc import Callable, Mapping, MutableMapping
from pathlib import Path
from typing import Any, get_type_hints

import platformdirs

from mdxdash.settings.hub_section import HubSettings
from mdxdash.settings.model import (
    ALL_AGENTS,
    SECTIONS,
    LogSettings,
    RecordingSettings,
    ScreenSettings,
    Settings,
)
from mdxdash.settings.quantities import parse_duration
from mdxdash.settings.redaction import redact_address
from mdxdash.settings.starter_file import STARTER_TEXT
from mdxdash.settings.toml_source import (
    SettingsError,
    TomlSource,
    parse_toml,
    read_toml,
    write_text,
)
from mdxdash.settings.validation import (
    ValidationError,
    check_key,
    convert_field,
    description,
    expected,
)

FILE_NAME = "mdxdash.toml"
VERSION = 1
"""Of the file's format."""


def parse_size(text: str) -> int:
    """Bytes, from `"2 GiB"`, `"500 MB"` or `"1000"`. Raises ValueError for anything else."""
    found = re.fullmatch(r"([0-9]{1,15}(?:\.[0-9]{1,6})?) ?(?:([kKMGT]?)(i?)B)?", text)
    if found is None or (found[3] and not found[2]):
        raise ValueError(f'expected a size such as "2 GiB", got "{text}"')
    power = " KMGT".index((found[2] or " ").upper())
    return int(float(found[1]) * (1024 if found[3] else 1000) ** power)


_WRITTEN_AS_TEXT: dict[tuple[str, str], Callable[[str], float]] = {
    ("log", "bytes"): parse_size,
    ("hub", "silent_after"): parse_duration,
    ("hub", "linger"): parse_duration,
    ("hub", "handshake_timeout"): parse_duration,
    ("hub", "frame_timeout"): parse_duration,
    ("hub", "request_bytes"): parse_size,
    ("hub", "frame_bytes"): parse_size,
    ("hub", "unread_bytes"): parse_size,
    ("hub", "relay_bytes"): parse_size,
    ("hub", "tap_bytes"): parse_size,
    ("recording", "bytes"): parse_size,
    ("recording", "waiting"): parse_size,
}
"""Settings that a person writes with a unit, and what makes a number of it."""

_PRIVATE = frozenset({("hub", "secret"), ("hub", "relay")})
"""Settings whose value is not repeated."""


def option_name(section: str, key: str) -> str:
    """A setting's name outside its section, as in `resolve`'s options: `port`, `log_events`."""
    return key if section == "hub" else f"{section}_{key}"


def variable_name(section: str, key: str) -> str:
    """The environment variable of a setting: `MDXDASH_PORT`."""
    return f"MDXDASH_{option_name(section, key).upper()}"


def resolve(
    options: Mapping[str, object],
    environ: Mapping[str, str],
    config_file: Path | None,
    cwd: Path,
    user_file: Path | None = None,
) -> Settings:
    """The settings of a run: options win over the environment, the environment over the file.

    * `options`: values by `option_name`; None is one that was not given. Durations and sizes are
      texts with a unit, as everywhere.
    * `environ`: an empty variable is one that was not given.
    * `config_file`: what `--config` names, or else MDXDASH_CONFIG; it must exist.
    * `cwd`: where `mdxdash.toml` is looked for first.
    * `user_file`: where it is looked for next; by default `user_settings_file()`.

    Raises SettingsError for the first mistake, naming the line, variable or option.
    """
    if config_file is None and environ.get("MDXDASH_CONFIG"):
        config_file = Path(environ["MDXDASH_CONFIG"])
    file = cwd / config_file if config_file else find_file(cwd, user_file or user_settings_file())
    source = read_toml(file, absent=None if config_file else "")
    _check_file(source)
    known = {option_name(section, key) for section, key in _settings()}
    if unknown := options.keys() - known:
        raise ValueError(f"no such settings: {', '.join(sorted(unknown))}")
    values: dict[str, dict[str, Any]] = {section: {} for section in SECTIONS}
    for section, key in _settings():
        for value in _given(section, key, options, environ, source):
            values[section][key] = value
    return Settings(
        file=file,
        hub=HubSettings(**values["hub"]),
        log=LogSettings(**values["log"]),
        recording=RecordingSettings(**values["recording"]),
        screen=ScreenSettings(**values["screen"]),
        groups=_groups(source),
    )


def user_settings_file() -> Path:
    """`mdxdash.toml` in the user's configuration directory, whether it exists or not."""
    return platformdirs.user_config_path("mdxdash", appauthor=False) / FILE_NAME


def find_file(cwd: Path, user_file: Path) -> Path:
    """The `mdxdash.toml` in force: in the working directory, else the user's."""
    local = cwd / FILE_NAME
    return local if local.is_file() else user_file


def save_setting(file: Path, setting: str, value: str | int | bool) -> None:
    """Writes one setting, named as `screen.theme`, into the file, which may not exist yet.

    Comments and all other settings stay. Raises SettingsError if the file is wrong or cannot be
    written, ValueError if there is no such setting.
    """
    from mdxdash.settings.toml_edit import edit_toml  # noqa: PLC0415  seldom, and 10 ms to load

    section, _, key = setting.partition(".")
    if (section, key) not in _settings():
        raise ValueError(f"no such setting: {setting}")
    source = read_toml(file, absent=STARTER_TEXT)
    _check_file(source)

    def change(document: MutableMapping[str, Any]) -> None:
        document.setdefault(section, {})[key] = value

    wanted = {**source.data, section: {**source.data.get(section, {}), key: value}}
    try:
        text = edit_toml(source.text, change)
        done = parse_toml(text.encode("utf-8"), file).data == wanted
    except (ValueError, SettingsError) as error:
        raise SettingsError(
            f"`{setting}` cannot be written into the file: {error}", file
        ) from error
    if not done:
        raise SettingsError(f"`{setting}` cannot be written into the file: edit it by hand", file)
    write_text(file, text)


def _settings() -> list[tuple[str, str]]:
    return [
        (section, key) for section, owner in SECTIONS.items() for key in owner.__struct_fields__
    ]


def _check_file(source: TomlSource) -> None:
    """Raises SettingsError for what is wrong with the file whatever the settings' values are.

    Macros are checked where they are read."""
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
        what = 'a list of agents such as ["chat", "chat-1"]'
        if name == ALL_AGENTS:
            message = f"[groups] `{ALL_AGENTS}` means every agent; choose another name"
            raise source.error(("groups", name), message)
        if not (isinstance(members, list) and members and _are_names(members)):
            message = f"[groups] {expected(name, what, members)}"
            raise source.error(("groups", name), message)
        groups[name] = tuple(members)
    return groups


def _are_names(members: list[Any]) -> bool:
    return all(isinstance(member, str) and member for member in members)


def _given(
    section: str,
    key: str,
    options: Mapping[str, object],
    environ: Mapping[str, str],
    source: TomlSource,
) -> list[Any]:
    """The values of one setting that were given, the one that wins last.

    All are checked: a mistake in the file is told also while an option hides it.
    """
    values = []
    if key in source.data.get(section, {}):
        try:
            values.append(_value(section, key, source.data[section][key], strict=True))
        except ValidationError as error:
            inside = (section, *error.key_path)
            raise source.error(inside, f"[{section}] {error.message}") from error
    variable = variable_name(section, key)
    if environ.get(variable):
        values.append(_outside(section, key, environ[variable], variable))
    name = option_name(section, key)
    if options.get(name) is not None:
        values.append(_outside(section, key, options[name], f"--{name.replace('_', '-')}"))
    return values


def _outside(section: str, key: str, given: object, origin: str) -> Any:
    """A value from the environment or an option, where a list is text with commas."""
    owner = SECTIONS[section]
    value = given
    if isinstance(given, str) and get_type_hints(owner)[key] == tuple[str, ...]:
        value = [part.strip() for part in given.split(",") if part.strip()]
    try:
        return _value(section, key, value, strict=False)
    except ValidationError as error:
        message = error.message.removeprefix(f"`{key}`: ")
        raise SettingsError(f"{origin}: {message}") from error


def _value(section: str, key: str, given: object, *, strict: bool) -> Any:
    """A given value as the setting's own type. Raises ValidationError."""
    owner = SECTIONS[section]
    value = given
    try:
        parse = _WRITTEN_AS_TEXT.get((section, key))
        if parse is not None:
            if not isinstance(given, str):
                raise ValueError
            value = parse(given)
        return convert_field(owner, key, value, strict=strict)
    except ValueError as error:
        message = expected(key, description(owner, key), _shown(section, key, given))
        if (section, key) == ("hub", "path") and isinstance(given, str) and given[:1] != "/":
            message += f': write "/{given}"'
        key_path = error.key_path if isinstance(error, ValidationError) else (key,)
        raise ValidationError(key_path, message) from None  # its cause repeats the value as it is


def _shown(section: str, key: str, given: object) -> object:
    """A wrong value as it may be repeated: nearly a secret is still one."""
    if (section, key) == ("hub", "relay") and isinstance(given, str):
        return redact_address(given)
    return "something else" if (section, key) in _PRIVATE else given
