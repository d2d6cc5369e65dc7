"""The `[keys]` table: other keys for the dashboard's actions. Which actions and keys there are is
known to the dashboard, which checks them."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from mdxdash.language.translation import N_
from mdxdash.settings.setting import About, Setting
from mdxdash.settings.toml_source import TomlSource
from mdxdash.settings.validation import expected

SECTION: Final = "keys"

KEYS_TEXT: Final = N_('a key such as "ctrl+k", or a list of keys')
"""What a value must be, in words."""


def read_keys(source: TomlSource) -> dict[str, tuple[str, ...]]:
    """Returns the keys of a file by the names of actions. Raises `SettingsError`."""
    found: dict[str, tuple[str, ...]] = {}
    for name, value in source.data.get(SECTION, {}).items():
        keys = value if isinstance(value, list) else [value]
        if not (keys and all(isinstance(key, str) and key for key in keys)):
            raise source.error((SECTION, name), f"[keys] {expected(name, KEYS_TEXT, value)}")
        found[name] = tuple(keys)
    return found


def key_setting(name: str) -> Setting:
    """Returns the setting of an action. From a file that the user does not trust it takes no
    effect: with keys that mean something else, a user might send what was not meant."""
    about = About("The keys of the action.", trust="sends")
    return Setting(SECTION, name, msgspec.Struct, None, "list", about)


def written_keys(keys: Sequence[str]) -> Any:
    """Returns keys as a file has them: one key alone, or a list."""
    return keys[0] if len(keys) == 1 else list(keys)
