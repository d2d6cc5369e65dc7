"""Reading a TOML file so that every mistake in it has a line, and writing it back safely."""

import contextlib
import os
import re
import shutil
import threading
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from mdxdash.settings.toml_positions import KeyPath, find, line_and_column, scan


class SettingsError(Exception):
    """A mistake in a file, in the environment or in an option; `str` of it is for the user.

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
        """What was expected and what was given, without the place."""
        self.path = path
        """The file; None for the environment and for options, which the message names."""
        self.line = line
        """Counted from 1; None where the mistake is not on one line."""
        self.column = column
        """Counted from 1, in characters; given for mistakes in the TOML itself."""

    def __str__(self) -> str:
        numbers = [str(number) for number in (self.line, self.column) if number is not None]
        where = ":".join([*([_shown(self.path)] if self.path else []), *numbers])
        return f"{where}: {self.message}" if where else self.message


class TomlSource(msgspec.Struct, frozen=True):
    """A TOML file that was read: its text, and the data in it."""

    path: Path
    text: str
    """As it stands in the file, with its line ends and, if it has one, its byte order mark."""
    data: dict[str, Any]

    def error(self, place: KeyPath, message: str) -> SettingsError:
        """The error for a mistake at a place of `data`: its line, or that of what it is in."""
        spans = scan(self.text)
        while place:
            span = find(spans, place)
            if span is not None:
                line, _ = line_and_column(self.text, span.start)
                return SettingsError(message, self.path, line)
            place = place[:-1]
        return SettingsError(message, self.path)


def read_toml(path: Path, *, absent: str | None = None) -> TomlSource:
    """Reads a file; where there is none, takes `absent` for its text, if given.

    Raises SettingsError if it cannot be read, is not UTF-8, or is no TOML.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        if absent is not None and isinstance(error, FileNotFoundError):
            return parse_toml(absent.encode("utf-8"), path)
        reason = error.strerror or str(error)
        raise SettingsError(f"the file cannot be read: {reason}", path) from error
    return parse_toml(content, path)


def parse_toml(content: bytes, path: Path) -> TomlSource:
    """The data in a file's content. Raises SettingsError with the line of a mistake."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"the text is not UTF-8 (byte 0x{content[error.start]:02x}): save it as UTF-8"
        raise SettingsError(message, path, line) from error
    try:
        # Editors on Windows may put a byte order mark first, which TOML does not know.
        data = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(str(error), text, path) from error
    except RecursionError as error:
        raise SettingsError("arrays or tables are nested too deeply", path) from error
    return TomlSource(path, text, data)


def write_text(path: Path, text: str) -> None:
    """Puts a text in a file's place as `write_bytes` does, line ends as they are in the text."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, data: bytes) -> None:
    """Puts bytes in a file's place, whole or not at all; makes its folder if there is none.

    Raises SettingsError when it cannot be written; the file then is as it was.
    """
    # A link stays a link: what it leads to is replaced.
    target = path.resolve()
    writer = f"{os.getpid()}-{threading.get_ident()}"
    temporary = target.with_name(f".{target.name}.{writer}.tmp")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # Nobody else's until it has the rights of the file that it replaces: it may hold a secret.
        with open(temporary, "wb", opener=_private) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, temporary)
        temporary.replace(target)
    except OSError as error:
        # Where not even its folder could be made there is none; the first error tells all.
        with contextlib.suppress(OSError):
            temporary.unlink()
        reason = error.strerror or str(error)
        if isinstance(error, PermissionError):
            # What Windows answers while another program holds the file open.
            reason += ": it may be open in another program (close it there), or be write-protected"
        raise SettingsError(f"the file was not saved and is as it was: {reason}", path) from error


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_BINARY", 0), 0o600)


def _syntax_error(message: str, text: str, path: Path) -> SettingsError:
    """`tomllib` puts the place at the end of its message; here it goes to the front."""
    found = re.fullmatch(r"(.*) \(at line (\d+), column (\d+)\)", message, re.DOTALL)
    if found is not None:
        return SettingsError(f"no valid TOML: {found[1]}", path, int(found[2]), int(found[3]))
    what = message.removesuffix(" (at end of document)")
    last, _ = line_and_column(text, len(text.rstrip()))
    return SettingsError(f"no valid TOML: {what} at the end of the file", path, last)


def _shown(path: Path) -> str:
    """A path as a person at the prompt would type it: short where it is below them."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
