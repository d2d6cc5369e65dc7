"""Reads a TOML file so that every error in it has a line, and writes it back safely."""

import contextlib
import os
import re
import shutil
import threading
import tomllib
from pathlib import Path
from typing import Any, Final

import msgspec

from mdxdash.language.translation import N_
from mdxdash.settings.regular_file import is_special, make_private_folder, read_regular
from mdxdash.settings.toml_positions import KeyPath, find, line_and_column, scan

MAX_BYTES: Final = 4 * 2**20
"""The largest file in bytes that is read as TOML. Real ones have some kilobytes."""


class SettingsError(Exception):
    """An error in a file, in an environment variable or in an option; `str` of it is shown to the
    user.

    `mdxdash.toml:12: macro "Greet": `every`: expected a duration such as "2s", got "2 sec"`.
    """

    def __init__(
        self,
        message: str,
        path: Path | None = None,
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        super().__init__(message, path, line, column)
        self.message = message
        """What was expected and what was given, without file and line."""
        self.path = path
        """The file; None for the environment and for options, which the message names."""
        self.line = line
        """Counted from 1; None where the error is not on one line."""
        self.column = column
        """Counted from 1, in characters; given for errors of TOML's syntax."""

    def __str__(self) -> str:
        numbers = [str(number) for number in (self.line, self.column) if number is not None]
        where = ":".join([*([shown_path(self.path)] if self.path else []), *numbers])
        return f"{where}: {self.message}" if where else self.message


class TomlSource(msgspec.Struct, frozen=True):
    """A TOML file that was read: its text and its data."""

    path: Path
    text: str
    """As in the file, with its line ends and, if it has one, its byte order mark."""
    data: dict[str, Any]

    def error(self, key_path: KeyPath, message: str) -> SettingsError:
        """Returns the error for the value at a key path of `data`, with its line, or with the
        line of the table or list around it."""
        spans = scan(self.text)
        while key_path:
            span = find(spans, key_path)
            if span is not None:
                line, _ = line_and_column(self.text, span.start)
                return SettingsError(message, self.path, line)
            key_path = key_path[:-1]
        return SettingsError(message, self.path)


def read_toml(path: Path, *, absent: str | None = None) -> TomlSource:
    """Reads a file. If it does not exist, `absent` is parsed in its stead, if that is given.

    Raises `SettingsError` if it cannot be read, is not UTF-8, or is not valid TOML.
    """
    try:
        content = read_regular(path, MAX_BYTES)
    except OSError as error:
        if absent is not None and isinstance(error, FileNotFoundError):
            return parse_toml(absent.encode("utf-8"), path)
        reason = error.strerror or str(error)
        raise SettingsError(
            N_("the file cannot be read: {reason}").format(reason=reason), path
        ) from error
    return parse_toml(content, path)


def parse_toml(content: bytes, path: Path) -> TomlSource:
    """Parses the content of a file. Raises `SettingsError` with the line of the first error."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = N_("the text is not UTF-8 (byte 0x{content:02x}): save it as UTF-8").format(
            content=content[error.start]
        )
        raise SettingsError(message, path, line) from error
    try:
        # Editors on Windows may put a byte order mark first, which TOML does not know.
        data = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(str(error), text, path) from error
    except RecursionError as error:
        raise SettingsError(N_("arrays or tables are nested too deeply"), path) from error
    return TomlSource(path, text, data)


def create_text(path: Path, text: str) -> None:
    """Writes a new file, and its folder if there is none. Raises `SettingsError` if the file
    exists already or cannot be written."""
    try:
        make_private_folder(path.parent)
        with open(path, "xb", opener=_private) as file:  # a secret may come into it
            file.write(text.encode("utf-8"))
    except OSError as error:
        # Not a file in the position of its folder, which gives the same error.
        if isinstance(error, FileExistsError) and os.path.lexists(path):
            raise SettingsError(N_("the file exists already; nothing was written"), path) from error
        reason = error.strerror or str(error)
        raise SettingsError(
            N_("the file cannot be written: {reason}").format(reason=reason), path
        ) from error


def write_text(path: Path, text: str, *, private: bool = False) -> None:
    """Replaces a file's content by a text as `write_bytes` does; its line ends stay as they are."""
    write_bytes(path, text.encode("utf-8"), private=private)


def write_bytes(path: Path, data: bytes, *, private: bool = False) -> None:
    """Replaces a file's content, completely or not at all; makes its folder if there is none.

    A file that exists keeps its mode, unless it is `private`: then, as a new file, only this user
    can read it. Raises `SettingsError` when it cannot be written; the file is then as it was.
    """
    # A symbolic link stays: the file that it points to is replaced.
    target = path.resolve()
    if is_special(target) or str(path) == os.devnull:
        # A folder, pipe or device would be replaced by a file.
        raise SettingsError(
            N_("the file was not saved and is as it was: it is not a regular file"), path
        )
    writer = f"{os.getpid()}-{threading.get_ident()}"
    temporary = target.with_name(f".{target.name}.{writer}.tmp")
    try:
        make_private_folder(target.parent)
        # Private until it gets the mode of the file that it replaces, since it may hold a secret.
        with open(temporary, "wb", opener=_private) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if target.exists() and not private:
            shutil.copymode(target, temporary)
        temporary.replace(target)
    except OSError as error:
        # There is none where its folder could not be made; the first error is reported.
        with contextlib.suppress(OSError):
            temporary.unlink()
        reason = error.strerror or str(error)
        if isinstance(error, PermissionError):
            # The error of Windows while another program has the file open.
            reason += N_(
                ": it may be open in another program (close it there), or be write-protected"
            )
        raise SettingsError(
            N_("the file was not saved and is as it was: {reason}").format(reason=reason), path
        ) from error


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_BINARY", 0), 0o600)


def _syntax_error(message: str, text: str, path: Path) -> SettingsError:
    """Moves line and column, which `tomllib` puts at the end of its message, to the front."""
    found = re.fullmatch(r"(.*) \(at line (\d+), column (\d+)\)", message, re.DOTALL)
    if found is not None:
        return SettingsError(
            N_("no valid TOML: {found}").format(found=found[1]), path, int(found[2]), int(found[3])
        )
    what = message.removesuffix(" (at end of document)")
    last, _ = line_and_column(text, len(text.rstrip()))
    return SettingsError(
        N_("no valid TOML: {what} at the end of the file").format(what=what), path, last
    )


def shown_path(path: Path) -> str:
    """Returns a path as it is shown: relative to the working directory if it is in there."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
