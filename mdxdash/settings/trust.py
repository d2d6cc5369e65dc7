"""Which settings files of working directories the user trusts.

People start mdxdash in folders that they downloaded. A settings file that is only found there may
give looks and macros, but what opens, deletes, sends, forwards or runs something waits until the
user has trusted the file, as direnv has it. Trust is bound to the path and the content: after any
change the file is no longer trusted, unless mdxdash itself wrote the change for the user.
"""

import contextlib
import hashlib
import json
import threading
from pathlib import Path
from typing import Final

import msgspec
import platformdirs

from mdxdash.language.translation import N_
from mdxdash.settings.regular_file import read_regular
from mdxdash.settings.toml_source import MAX_BYTES, SettingsError, TomlSource, write_bytes

_VERSION: Final = 1
"""Of the format of the list."""

_lock = threading.Lock()
"""The list is read and written again as a whole."""


class TrustedFile(msgspec.Struct, frozen=True):
    """A settings file as the user trusted it."""

    path: str
    """Absolute, without symbolic links."""
    sha256: str
    """Of its content, in hexadecimal."""


class _List(msgspec.Struct, frozen=True):
    version: int
    files: list[TrustedFile]


class TrustedFiles:
    """The list of trusted files, a JSON file. Each call reads it, so that a running dashboard sees
    what `mdxdash trust` changed."""

    def __init__(self, path: Path | None = None) -> None:
        """`path` is where the list is kept; by default in the user's state directory."""
        self.path = path or user_trust_file()

    def entries(self) -> tuple[TrustedFile, ...]:
        """Returns the trusted files by path. Raises `SettingsError` if the list cannot be read."""
        try:
            found = msgspec.json.decode(read_regular(self.path, MAX_BYTES), type=_List)
        except FileNotFoundError:
            return ()
        except (OSError, ValueError, msgspec.MsgspecError) as error:
            message = N_("the list of trusted files cannot be read: {error}").format(error=error)
            raise SettingsError(message, self.path) from error
        if found.version != _VERSION:
            message = N_("the list of trusted files has version {version}, expected {own}").format(
                version=found.version, own=_VERSION
            )
            raise SettingsError(message, self.path)
        return tuple(sorted(found.files, key=lambda file: file.path))

    def trusts(self, source: TomlSource) -> bool:
        """Returns whether the user trusts exactly the content that was read from this file. A list
        that cannot be read trusts nothing."""
        try:
            return entry_of(source) in self.entries()
        except SettingsError:
            return False

    def add(self, source: TomlSource) -> None:
        """Trusts the content that was read, instead of what was trusted at that path before.
        Raises `SettingsError` if the list cannot be read or written."""
        with _lock:
            entry = entry_of(source)
            self._write([*(each for each in self.entries() if each.path != entry.path), entry])

    def remove(self, path: Path) -> bool:
        """Trusts the file at `path` no longer; returns whether it was trusted. The file may be
        gone. Raises `SettingsError` if the list cannot be read or written."""
        with _lock:
            before = self.entries()
            left = [each for each in before if each.path != _key(path)]
            if len(left) == len(before):
                return False
            self._write(left)
            return True

    def keep(self, before: TomlSource, after: TomlSource) -> None:
        """Trusts what mdxdash wrote for the user instead of a content that was trusted. Where the
        list cannot be written, the new content is not trusted."""
        if before.text != after.text and self.trusts(before):
            with contextlib.suppress(SettingsError):
                self.add(after)

    def _write(self, files: list[TrustedFile]) -> None:
        content = {"version": _VERSION, "files": [msgspec.to_builtins(each) for each in files]}
        text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
        write_bytes(self.path, text.encode("utf-8"), private=True)


def user_trust_file() -> Path:
    """Returns the list's file in the user's state directory, whether it exists or not."""
    return platformdirs.user_state_path("mdxdash", appauthor=False) / "trusted.json"


def entry_of(source: TomlSource) -> TrustedFile:
    """Returns the entry that trusts a file with the content that was read from it."""
    digest = hashlib.sha256(source.text.encode("utf-8")).hexdigest()
    return TrustedFile(_key(source.path), digest)


def _key(path: Path) -> str:
    # A file name that is not UTF-8 holds surrogates, which no JSON file can hold as they are.
    return str(path.resolve()).encode("utf-8", "backslashreplace").decode()
