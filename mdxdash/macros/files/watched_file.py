"""The macros of one file, kept in step with it while mdxdash runs.

The file is the user's: it is read again before each change, may be edited meanwhile, and may be
wrong for a while. Then the macros stay as they last were, and the error says what is wrong.
"""

import hashlib
import threading
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from mdxdash.macros.files.toml_form import read_macros
from mdxdash.macros.model import DEFAULT_MACROS, Macro
from mdxdash.settings.documents.commented_file import commented_file
from mdxdash.settings.regular_file import read_regular
from mdxdash.settings.toml_source import (
    MAX_BYTES,
    SettingsError,
    TomlSource,
    parse_toml,
    read_toml,
    write_text,
)
from mdxdash.settings.trust import TrustedFiles

# What changes the file loads tomlkit, 10 ms that a start need not wait for.
# ruff: noqa: PLC0415

_COARSEST_CLOCK = 2_000_000_000
"""Nanoseconds. Some file systems stamp a change no finer, so that a second change hides."""


class Stamp(msgspec.Struct, frozen=True):
    """What tells one state of a file from another, the cheap signs first."""

    modified: int
    """Nanoseconds since 1970, as the file system says."""
    size: int
    """Bytes."""
    digest: bytes
    """Of the content."""
    settled: bool
    """The file was old enough when it was read for `modified` to show any later change."""


class Look(msgspec.Struct, frozen=True):
    """A file as it was found."""

    stamp: Stamp
    content: bytes | None
    """None if it is what it was the time before."""


def look(path: Path, before: Stamp | None) -> Look:
    """The file's new stamp, and its content if that is not the one of the stamp before.

    Reads the file only if its time or size changed, or if it was fresh when last read. `before` is
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
        """`trusts` says whether the user trusts a content of the file, so that its macros with `on`
        answer by themselves."""
        self.path = path
        """Need not exist: then DEFAULT_MACROS are in force, and the first change writes it."""
        self.macros: tuple[Macro, ...] = DEFAULT_MACROS
        """The last good ones."""
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
        """Looks at the file; whether `macros`, `trusted` or `error` changed. Cheap when the file
        did not."""
        with self._lock:
            before = (self.macros, self.trusted, str(self.error))
            self._take_over()
            return before != (self.macros, self.trusted, str(self.error))

    def add(self, macro: Macro) -> None:
        """Adds a macro to the file. Raises `ValidationError` if its name or key is taken,
        `SettingsError` if the file is wrong or cannot be written; nothing is written then. So do
        the two below."""
        from mdxdash.macros.files.table_editing import add_macro

        self._change(lambda source: add_macro(source, macro))

    def change(self, name: str, macro: Macro) -> None:
        """Writes a macro in place of the one of this name."""
        from mdxdash.macros.files.table_editing import change_macro

        self._change(lambda source: change_macro(source, name, macro))

    def delete(self, name: str) -> None:
        """Takes the macro of this name out of the file."""
        from mdxdash.macros.files.table_editing import delete_macro

        self._change(lambda source: delete_macro(source, name))

    def text_of(self, name: str) -> str:
        """A macro's own lines in the file. Raises SettingsError if they cannot be had."""
        from mdxdash.macros.files.text_editing import macro_text

        return macro_text(read_toml(self.path, absent=commented_file()), name)

    def add_text(self, text: str) -> None:
        """Writes one macro more, in the words of its own text; raises as the others above."""
        from mdxdash.macros.files.text_editing import add_text

        self._change(lambda source: add_text(source, text))

    def change_text(self, name: str, before: str, text: str) -> None:
        """Writes a text in place of a macro's own lines, if they are still as they were."""
        from mdxdash.macros.files.text_editing import change_text

        self._change(lambda source: change_text(source, name, before, text))

    def _take_over(self) -> None:
        try:
            found = look(self.path, self._stamp)
        except FileNotFoundError:
            self.error = None if self._stamp is None else self._gone()
            return
        except OSError as error:
            reason = error.strerror or str(error)
            self.error = SettingsError(f"the file cannot be read: {reason}", self.path)
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
                # Starting a new file here would drop the macros of the old one without a word.
                raise self._gone()
            before = read_toml(self.path, absent=commented_file())
            text = edit(before)
            write_text(self.path, text)
            TrustedFiles().keep(before, parse_toml(text.encode("utf-8"), self.path))
            self._take_over()

    def _gone(self) -> SettingsError:
        return SettingsError("the file is gone: its macros stay here until mdxdash ends", self.path)
