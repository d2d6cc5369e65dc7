"""Finds the position of each key and each list element in a TOML text.

`tomllib` gives values without positions. This gives positions without values, so that an error can
be shown with its line, and a macro can be edited without touching its neighbours. The text must be
valid TOML: `tomllib` checks it first.
"""

import re
import tomllib
from typing import NoReturn

import msgspec

from mdxdash.language.translation import N_

KeyPath = tuple[str | int, ...]
"""Keys and indexes that lead to a value in the data of a file: `("macro", 1, "every")`; `()` is the
whole file."""


class Span(msgspec.Struct, frozen=True):
    """The position of one key, header or list element: `text[start:end]`."""

    key_path: KeyPath
    start: int
    """The first character of the key, of the header's bracket, or of an array's element."""
    end: int
    """After the last character of the value, or of the header's bracket."""
    header: bool = False
    """It is a `[table]` or `[[array of tables]]` header."""


def scan(text: str) -> tuple[Span, ...]:
    """Returns the spans of all headers, keys and array elements of a valid TOML text, in its order.

    Raises `ValueError` if the text is not valid TOML and the scan cannot continue.
    """
    scanner = _Scanner(text)
    scanner.document()
    return tuple(sorted(scanner.spans, key=lambda span: (span.start, -span.end)))


def find(spans: tuple[Span, ...], key_path: KeyPath) -> Span | None:
    """Returns the span of a key path, or None. If it has no span of its own, as the `a` of
    `a.b = 1`, the first one inside it is taken."""
    exact = next((span for span in spans if span.key_path == key_path), None)
    return exact or next(
        (span for span in spans if span.key_path[: len(key_path)] == key_path), None
    )


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Returns line and column of an offset, each counted from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


# A byte order mark can only come first; it is skipped like a space.
_BLANK = re.compile(r"(?:[ \t\r\n\ufeff]+|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BASIC_STRING = r'"(?:\\.|[^"\\\n])*"'
_LITERAL_STRING = r"'[^'\n]*'"
_KEY_PART = re.compile(f"{_BASIC_STRING}|{_LITERAL_STRING}|[A-Za-z0-9_-]+")
# A closing delimiter may follow one or two quotes of the text itself, so up to five in a row.
_MULTI_LINE_STRING = r'"""(?:\\.|[^\\])*?"{3,5}' + r"|'''.*?'{3,5}"
_STRING = re.compile(f"{_MULTI_LINE_STRING}|{_BASIC_STRING}|{_LITERAL_STRING}", re.DOTALL)
# A date may hold a space before its time.
_SCALAR = re.compile(r"[^\s,\]}#]+(?: [0-9][^\s,\]}#]*)?")


class _Scanner:
    """Scans a text once, by recursive descent."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.spans: list[Span] = []
        self.lengths: dict[KeyPath, int] = {}
        """How many `[[headers]]` each array of tables has had so far."""

    def document(self) -> None:
        table: KeyPath = ()
        while self._blank():
            if self.text.startswith("[", self.at):
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> KeyPath:
        start = self.at
        array = self.text.startswith("[[", start)
        self._take("[[" if array else "[")
        key_path: KeyPath = ()
        for part in self._key():
            if key_path in self.lengths:
                key_path = (*key_path, self.lengths[key_path] - 1)
            key_path = (*key_path, part)
        self._take("]]" if array else "]")
        if array:
            index = self.lengths.get(key_path, 0)
            self.lengths[key_path] = index + 1
            key_path = (*key_path, index)
        self.spans.append(Span(key_path, start, self.at, header=True))
        return key_path

    def _pair(self, table: KeyPath) -> None:
        start = self.at
        key_path = (*table, *self._key())
        self._take("=")
        self._value(key_path)
        self.spans.append(Span(key_path, start, self.at))

    def _key(self) -> list[str]:
        parts = []
        while True:
            self._match(_SPACE)
            part = self._match(_KEY_PART)
            parts.append(_unquoted(part) if part[0] in "\"'" else part)
            self._match(_SPACE)
            if not self.text.startswith(".", self.at):
                return parts
            self._take(".")

    def _value(self, key_path: KeyPath) -> None:
        self._match(_SPACE)
        first = self.text[self.at : self.at + 1]
        if first == "[":
            self._array(key_path)
        elif first == "{":
            self._inline_table(key_path)
        else:
            self._match(_STRING if first in ('"', "'") else _SCALAR)

    def _array(self, key_path: KeyPath) -> None:
        self._take("[")
        index = 0
        while self._blank() and not self.text.startswith("]", self.at):
            start = self.at
            self._value((*key_path, index))
            self.spans.append(Span((*key_path, index), start, self.at))
            index += 1
            self._comma_before("]")
        self._take("]")

    def _inline_table(self, key_path: KeyPath) -> None:
        self._take("{")
        while self._blank() and not self.text.startswith("}", self.at):
            self._pair(key_path)
            self._comma_before("}")
        self._take("}")

    def _comma_before(self, close: str) -> None:
        self._blank()
        if not self.text.startswith(close, self.at):
            self._take(",")

    def _blank(self) -> bool:
        """Skips white space, line ends and comments; returns whether any text is left."""
        self._match(_BLANK)
        return self.at < len(self.text)

    def _take(self, sign: str) -> None:
        if not self.text.startswith(sign, self.at):
            self._lost(sign)
        self.at += len(sign)

    def _match(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        if found is None:
            self._lost(pattern.pattern)
        self.at = found.end()
        return found.group()

    def _lost(self, expected: str) -> NoReturn:
        line, column = line_and_column(self.text, self.at)
        raise ValueError(
            N_("no valid TOML at line {line}, column {column}: expected {expected}").format(
                line=line, column=column, expected=expected
            )
        )


def _unquoted(part: str) -> str:
    return str(tomllib.loads(f"part = {part}")["part"])
