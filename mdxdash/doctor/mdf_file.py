"""Reading `.mdf` files as MMDAgent-EX reads them: bytes, `KEY=VALUE`, the last setting wins.

The program knows no encoding: a key is the bytes before the first `=`, so a byte order mark or a
space belongs to the key, and a line is a comment only if `#` is its first byte. Pure: no I/O, the
environment is given.
"""

import re
from collections.abc import Mapping
from typing import Final

import msgspec

from mdxdash.language.translation import N_

LINE_MAX_BYTES: Final = 2047
"""Where the program cuts a line; the rest becomes the next line."""

BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"

_ENV_START: Final = "%ENV{"
_MAX_REPLACEMENTS: Final = 100


class BrokenVariable(ValueError):
    """An `%ENV{…}` that the program cannot replace; the text gives the reason."""


class Setting(msgspec.Struct, frozen=True):
    """One `KEY=VALUE` line."""

    key: str
    value: str
    """As written, `%ENV{…}` not replaced, without the blanks at the line's end."""
    line: int
    """From 1."""
    start: int
    """The value's first byte in the file."""
    end: int


class MdfFile(msgspec.Struct, frozen=True):
    """One `.mdf` file that was read."""

    name: str
    """The file's name, for messages."""
    content: bytes
    settings: tuple[Setting, ...]
    """In the order of the file."""
    encoding: str
    """`utf-8`, `cp932` (Shift_JIS), or `latin-1` where it is neither (each byte a character)."""

    def find(self, key: str) -> Setting | None:
        """Return the last setting of a key in this file, which is the one that counts."""
        return next((found for found in reversed(self.settings) if found.key == key), None)


class MdfSettings(msgspec.Struct, frozen=True):
    """The settings of one run of the program: those of its own file, then the content's."""

    files: tuple[MdfFile, ...]
    """In the order in which they are read."""
    environ: Mapping[str, str]

    def find(self, key: str) -> tuple[MdfFile, Setting] | None:
        """Return the setting that counts, and its file."""
        for file in reversed(self.files):
            if (found := file.find(key)) is not None:
                return file, found
        return None

    def value(self, key: str, default: str) -> str:
        """Return what the program gets when it asks for a key."""
        found = self.find(key)
        text = default if found is None else found[1].value
        try:
            return replace_variables(text, self.environ)
        except BrokenVariable:
            return text


def parse_mdf(content: bytes, name: str) -> MdfFile:
    """Read the settings of a file's content. Never fails."""
    encoding = _encoding(content)
    settings = []
    for number, start, line in _lines(content):
        text = line.rstrip(b" \t\r\n")
        key, equals, value = text.partition(b"=")
        if text.startswith(b"#") or not equals:
            continue
        begin = start + len(key) + 1
        settings.append(
            Setting(
                key.decode(encoding, "replace"),
                value.decode(encoding, "replace"),
                number,
                begin,
                begin + len(value),
            )
        )
    return MdfFile(name, content, tuple(settings), encoding)


def broken_lines(file: MdfFile, environ: Mapping[str, str]) -> list[tuple[int, int, str]]:
    """Return the lines because of which the program skips the whole file.

    Of each: its number, its first byte in the file, and the reason.
    """
    found = []
    for number, start, line in _lines(file.content):
        if line.startswith(b"#"):
            continue
        try:
            replace_variables(line.decode(file.encoding, "replace"), environ)
        except BrokenVariable as error:
            found.append((number, start, str(error)))
    return found


def replace_variables(text: str, environ: Mapping[str, str]) -> str:
    """Replace each `%ENV{NAME}` of a text; an unknown NAME is empty.

    Raises:
        BrokenVariable: a `%ENV{` without an end, or one that grows without end.
    """
    for _ in range(_MAX_REPLACEMENTS):
        before, start, rest = text.partition(_ENV_START)
        if not start:
            return text
        name, end, after = rest.partition("}")
        if not end:
            raise BrokenVariable(N_("%ENV{ has no }"))
        text = before + environ.get(name, "") + after
        if len(text.encode("utf-8", "replace")) > LINE_MAX_BYTES:
            raise BrokenVariable(
                N_("%ENV{{{name}}} makes the line longer than {limit:,}").format(
                    name=name, limit=LINE_MAX_BYTES
                )
            )
    raise BrokenVariable(N_("%ENV{{{name}}} contains itself, without end").format(name=name))


def variable_names(text: str) -> list[str]:
    """Return the names in the `%ENV{NAME}` of a text."""
    return [part.partition("}")[0] for part in text.split(_ENV_START)[1:] if "}" in part]


def leading_number(text: str) -> int:
    """Return the number that C's `atoi` reads at the start of a text: 0 if there is none."""
    found = re.match(r"[ \t\v\f]*([+-]?[0-9]{1,9})", text)
    return int(found[1]) if found else 0


def _encoding(content: bytes) -> str:
    for encoding in ("utf-8", "cp932"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return "latin-1"


def _lines(content: bytes) -> list[tuple[int, int, bytes]]:
    """Split as the program does: each line's number in an editor, its first byte, its bytes."""
    found = []
    start = 0
    for number, line in enumerate(content.split(b"\n"), 1):
        for cut in range(0, max(1, len(line)), LINE_MAX_BYTES):
            found.append((number, start + cut, line[cut : cut + LINE_MAX_BYTES]))
        start += len(line) + 1
    return found
