"""The macros of one file, which is read again when it changes while mdxdash runs.

The user edits the file too: it is read again before each change, and may have errors for a while.
Then the macros stay as they were, and `error` describes the first one.
"""

import contextlib
import hashlib
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from mdxdash.language.translation import N_
from mdxdash.macros.files.toml_form import read_macros
from mdxdash.macros.model import DEFAULT_MACROS, Macro
from mdxdash.settings.documents.commented_file import commented_file
from mdxdash.settings.regular_file import read_regular
from mdxdash.settings.toml_source import (
    MAX_BYTES,
    SettingsError,
    TomlSource,
    create_text,
    parse_toml,
    read_toml,
    write_text,
)
from mdxdash.settings.trust import TrustedFiles

# What changes the file loads tomlkit, 10 ms that a start need not wait for.
# ruff: noqa: PLC0415

FILE_INTERVAL: Final = 1.0
"""Seconds between two looks at a file that is followed while a hub runs."""

_COARSEST_CLOCK = 2_000_000_000
"""Nanoseconds. Some file systems (FAT) store times no finer, so two changes can have one time."""


class Stamp(msgspec.Struct, frozen=True):
    """What distinguishes one state of a file from another."""

    modified: int
    """Modification time in nanoseconds since 1970."""
    size: int
    """Bytes."""
    digest: bytes
    """The hash of the content."""
    settled: bool
    """Whether the file was so old when it was read that `modified` shows any later change."""


class Look(msgspec.Struct, frozen=True):
    """What `look` found."""

    stamp: Stamp
    content: bytes | None
    """None if it did not change."""


def look(path: Path, before: Stamp | None) -> Look:
    """Returns the stamp of a file, and its content if it changed since the stamp `before`.

    The file is read only if its time or size changed, or if `before` is not settled. `before` is
    None for a file that was never read. Raises OSError if the file cannot be read.
    """
    status = path.stat()
    signs = (status.st_mtime_ns, status.st_size)
    if before is not None and before.settled and signs == (before.modified, before.size):
        return Look(before, None)
    settled = abs(time.time_ns() - status.st_mtime_ns) > _COARSEST_CLOCK
    content = read_regular(path, MAX_BYTES)
    stamp = Stamp(*signs, hashlib.blake2b(content).digest(), settled)
    unchanged = before is not None and before.digest == stamp.digest
    return Look(stamp, None if unchanged else content)


class MacroFile:
    """The macros in force, and the file they come from.

    Every method may block on the disk, and may be called from any thread; `macros` and `error` may
    be read at any time.
    """

    def __init__(
        self, path: Path, trusts: Callable[[TomlSource], bool] = lambda source: True
    ) -> None:
        """`trusts` returns whether the user trusts a content of the file, so that the triggers of
        its macros are switched on."""
        self.path = path
        """It may not exist: then the macros are DEFAULT_MACROS, and the first change creates it."""
        self.macros: tuple[Macro, ...] = DEFAULT_MACROS
        """Those of the last content without an error."""
        self.trusted = True
        """Whether the user trusts the content that `macros` come from."""
        self.error: SettingsError | None = None
        """What is wrong with the file as it is now."""
        self._trusts = trusts
        self._stamp: Stamp | None = None
        self._content_error: SettingsError | None = None
        """What is wrong with the content that was last read."""
        self._lock = threading.Lock()

    def refresh(self) -> bool:
        """Reads the file if it changed; returns whether `macros`, `trusted` or `error` changed."""
        with self._lock:
            before = (self.macros, self.trusted, str(self.error))
            self._take_over()
            return before != (self.macros, self.trusted, str(self.error))

    def add(self, macro: Macro) -> None:
        """Adds a macro to the file. Raises `ValidationError` if its name or key is taken,
        `SettingsError` if the file has an error or cannot be written. Then nothing is written.
        The other methods that change the file raise the same."""
        from mdxdash.macros.files.table_editing import add_macro

        self._change(lambda source: add_macro(source, macro))

    def change(self, name: str, macro: Macro) -> None:
        """Replaces the macro of this name."""
        from mdxdash.macros.files.table_editing import change_macro

        self._change(lambda source: change_macro(source, name, macro))

    def delete(self, name: str) -> None:
        """Deletes the macro of this name from the file."""
        from mdxdash.macros.files.table_editing import delete_macro

        self._change(lambda source: delete_macro(source, name))

    def text_of(self, name: str) -> str:
        """Returns the lines of a macro in the file. Raises `SettingsError` if there are none."""
        from mdxdash.macros.files.text_editing import macro_text

        return macro_text(read_toml(self.path, absent=commented_file()), name)

    def add_text(self, text: str) -> None:
        """Adds the macro of a text to the file, written as in the text."""
        from mdxdash.macros.files.text_editing import add_text

        self._change(lambda source: add_text(source, text))

    def change_text(self, name: str, before: str, text: str) -> None:
        """Replaces the lines of a macro by a text, if they still are `before`."""
        from mdxdash.macros.files.text_editing import change_text

        self._change(lambda source: change_text(source, name, before, text))

    def to_edit(self, name: str | None) -> tuple[TomlSource, int | None]:
        """Returns the file as it is now, for `take_edited`, and the line of a macro in it, from 1;
        a file that does not exist is created. Raises `SettingsError` if it cannot be, or cannot be
        read. For a file with an error it returns an empty content and the line of the error, if
        it has one."""
        from mdxdash.macros.files.text_editing import line_of

        with self._lock:
            if not self.path.exists():
                if self._stamp is not None:
                    raise self._gone()
                create_text(self.path, commented_file())
            try:
                source = read_toml(self.path)
            except SettingsError as error:
                return parse_toml(b"", self.path), error.line
            return source, None if name is None else line_of(source, name)

    def take_edited(self, before: TomlSource) -> None:
        """Takes over what the user has written into the file with an editor. A content that the
        user trusted stays trusted with these changes."""
        with self._lock:
            with contextlib.suppress(SettingsError):
                TrustedFiles().keep(before, read_toml(self.path))
            self._take_over()

    def _take_over(self) -> None:
        try:
            found = look(self.path, self._stamp)
        except FileNotFoundError:
            self.error = None if self._stamp is None else self._gone()
            return
        except OSError as error:
            reason = error.strerror or str(error)
            self.error = SettingsError(
                N_("the file cannot be read: {reason}").format(reason=reason), self.path
            )
            return
        self._stamp = found.stamp
        if found.content is not None:
            try:
                source = parse_toml(found.content, self.path)
                self.macros = read_macros(source)
                self.trusted = self._trusts(source)
                self._content_error = None
            except SettingsError as error:
                self._content_error = error
        self.error = self._content_error

    def _change(self, edit: Callable[[TomlSource], str]) -> None:
        with self._lock:
            if self._stamp is not None and not self.path.exists():
                # A new file would not have the macros of the old one, and nobody would notice.
                raise self._gone()
            before = read_toml(self.path, absent=commented_file())
            text = edit(before)
            write_text(self.path, text)
            TrustedFiles().keep(before, parse_toml(text.encode("utf-8"), self.path))
            self._take_over()

    def _gone(self) -> SettingsError:
        return SettingsError(
            N_("the file is gone: its macros stay here until mdxdash ends"), self.path
        )
