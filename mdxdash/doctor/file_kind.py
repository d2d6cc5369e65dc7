"""Tells whether a file is an `.mdf`, by its name or its content. Pure.

Every text is valid as an `.mdf`: lines without `=` mean nothing to the program. So `mdxdash check`
would find that a script of another language lacks all settings, and correct it.
"""

import re
from pathlib import PurePath
from typing import Final

from mdxdash.doctor.mdf_file import MdfFile
from mdxdash.doctor.setting_names import CONNECTION_SETTINGS
from mdxdash.language.translation import N_

_PLUGIN_SETTING: Final = re.compile(r"(?:exclude_)?Plugin_\w+")
"""Only an `.mdf` has such keys."""

_KINDS: Final = {
    ".fst": N_("a dialogue script"),
    ".jsonl": N_("JSON Lines, as recordings are"),
    ".log": "a log",
    ".py": N_("a Python script"),
    ".rb": N_("a Ruby script"),
    ".sh": N_("a shell script"),
    ".toml": N_("TOML, as the settings of mdxdash are"),
}

_FST_LINE: Final = re.compile(rb"(?m)^\S+[ \t]+\S+[ \t]+[A-Z][A-Z_]+\|\S*[ \t]+\S+")


def other_kind(file: MdfFile, path: PurePath) -> str:
    """Return what a file is that is no `.mdf`, as `a dialogue script`; empty for an `.mdf`."""
    if path.suffix.lower() == ".mdf" or any(map(_is_mdf_key, (s.key for s in file.settings))):
        return ""
    if kind := _KINDS.get(path.suffix.lower()):
        return kind
    if not file.content.strip():
        return "empty"
    if b"\0" in file.content:
        return N_("no text")
    if _FST_LINE.search(file.content):
        return N_("a dialogue script")
    return N_("a text without any setting of a plugin")


def _is_mdf_key(key: str) -> bool:
    return key in CONNECTION_SETTINGS or _PLUGIN_SETTING.fullmatch(key) is not None
