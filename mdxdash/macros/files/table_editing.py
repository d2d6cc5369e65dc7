"""Adds, changes and deletes a macro in a TOML text that a person wrote.

A `[[macro]]` is cut out, changed and put back, so that no byte around it changes. The comments
right above its header and right below its last line belong to it. The result is read again and
compared with what was asked for; if they differ, it is an error and not returned.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

import msgspec
import tomlkit

from mdxdash.language.translation import N_
from mdxdash.macros.files.references import check_references
from mdxdash.macros.files.toml_form import (
    check_unique,
    macro_from_table,
    read_macros,
    table_from_macro,
)
from mdxdash.macros.model import DEFAULT_MACROS, Macro
from mdxdash.settings.toml_edit import edit_toml, line_end, with_line_ends
from mdxdash.settings.toml_positions import Span, find, scan
from mdxdash.settings.toml_source import SettingsError, TomlSource, parse_toml
from mdxdash.settings.validation import ValidationError

NO_MACROS = "macro = []  # none; without this line the Test message macro is there\n"
"""The line of a file without macros; without a `macro` key the file would have DEFAULT_MACROS."""

_WIDEST_ARRAY = 90
_BLANK_LINES = re.compile(r"(?:[ \t]*\r?\n)*")
_COMMENT_LINES = re.compile(r"(?:[ \t]*#[^\n]*(?:\n|\Z))*")


def add_macro(source: TomlSource, macro: Macro) -> str:
    """Returns the text with one macro more, after the others; before the first one DEFAULT_MACROS
    are written out.

    Raises ValidationError if its name or key is taken, SettingsError if the file itself is wrong.
    """
    macros = read_macros(source)
    check_unique(macro, list(macros))
    _check_together((*macros, macro))
    if "macro" not in source.data:
        text = _append(source.text, (*DEFAULT_MACROS, macro))
    elif not macros:
        text = _append(_without_empty_array(source.text), (macro,))
    elif is_inline(source):
        text = _edit_inline(source, lambda array: array.append(_inline_table(macro)))
    else:
        block = block_of(source, len(macros) - 1)
        head, tail = source.text[: block.end], source.text[block.end :]
        apart = line_end(head) if tail and not _match_end(_BLANK_LINES, tail) else ""
        text = _append(head, (macro,)) + apart + tail
    return _checked(source, text, (*macros, macro))


def change_macro(source: TomlSource, name: str, macro: Macro) -> str:
    """Returns the text with the macro of this name replaced; only keys that differ are written.

    Raises `ValidationError` if its new name or key is taken, `SettingsError` if there is no macro
    of this name.
    """
    source = _with_macros(source)
    macros = read_macros(source)
    index = _index(source, macros, name)
    check_unique(macro, [other for other in macros if other.name != name])
    _check_together((*macros[:index], macro, *macros[index + 1 :]))
    if is_inline(source):
        text = _edit_inline(source, lambda array: _change_table(array[index], macro))
    else:
        block = block_of(source, index)
        old = source.text[block.start : block.end]
        new = _edit(source, old, lambda document: _change_table(document["macro"][0], macro))
        text = source.text[: block.start] + new + source.text[block.end :]
    return _checked(source, text, (*macros[:index], macro, *macros[index + 1 :]))


def delete_macro(source: TomlSource, name: str) -> str:
    """Returns the text without the macro of this name and its comments. Raises `ValidationError` if
    another one runs it, `SettingsError` if there is no macro of this name."""
    source = _with_macros(source)
    macros = read_macros(source)
    index = _index(source, macros, name)
    _check_together((*macros[:index], *macros[index + 1 :]))
    if is_inline(source):
        text = _edit_inline(source, lambda array: array.pop(index))
    else:
        block = block_of(source, index)
        text = _cut(source.text, block.start, block.end)
        if len(macros) == 1:
            text = _insert_before_tables(text, NO_MACROS)
    return _checked(source, text, (*macros[:index], *macros[index + 1 :]))


def _with_macros(source: TomlSource) -> TomlSource:
    """Returns the source with DEFAULT_MACROS written out, if the file has no `macro` key."""
    if "macro" in source.data:
        return source
    return parse_toml(_append(source.text, DEFAULT_MACROS).encode("utf-8"), source.path)


def _index(source: TomlSource, macros: tuple[Macro, ...], name: str) -> int:
    for index, macro in enumerate(macros):
        if macro.name == name:
            return index
    raise SettingsError(
        N_('there is no macro "{name}": the file was changed meanwhile').format(name=name),
        source.path,
    )


def _check_together(macros: tuple[Macro, ...]) -> None:
    """Raises `ValidationError` for a reference that would be wrong; its message names the macro."""
    try:
        check_references(macros)
    except ValidationError as error:
        index, *key_path = error.key_path
        assert isinstance(index, int)
        raise ValidationError(
            tuple(key_path), f'macro "{macros[index].name}": {error.message}'
        ) from error


def _checked(source: TomlSource, text: str, wanted: Iterable[Macro]) -> str:
    """Returns the text if it has the wanted macros and all else is unchanged. Otherwise raises
    `SettingsError`."""
    try:
        result = parse_toml(text.encode("utf-8"), source.path)
        done = [table_from_macro(macro) for macro in read_macros(result)]
    except SettingsError as error:
        raise _by_hand(source, str(error)) from error
    rest_before = {key: value for key, value in source.data.items() if key != "macro"}
    rest_after = {key: value for key, value in result.data.items() if key != "macro"}
    if done != [table_from_macro(macro) for macro in wanted] or rest_before != rest_after:
        raise _by_hand(source, N_("the result would differ from what was asked for"))
    return text


def _by_hand(source: TomlSource, reason: str) -> SettingsError:
    message = N_(
        "the macros are written in a way that cannot be edited here ({reason}): edit the file"
    ).format(reason=reason)
    return SettingsError(message, source.path)


# --- [[macro]] blocks ---------------------------------------------------------------------------


class Block(msgspec.Struct, frozen=True):
    """The lines of a macro, `text[start:end]`: its comments, header, keys and subtables."""

    start: int
    end: int


def block_of(source: TomlSource, index: int) -> Block:
    """Returns the lines of the macro with this index. Raises `SettingsError` if another table is
    between them."""
    text, spans = source.text, scan(source.text)
    own = [span for span in spans if span.key_path[:2] == ("macro", index)]
    others = [span for span in spans if span.key_path[:2] != ("macro", index)]
    if any(own[0].start < other.start < own[-1].start for other in others):
        raise _by_hand(source, N_("another table stands in the middle of one"))
    following = [span for span in others if span.start > own[0].start]
    end = _line_after(text, max(span.end for span in own))
    limit = _with_comments_above(text, following[0].start, end) if following else len(text)
    end += _match_end(_COMMENT_LINES, text[end:limit])
    previous = max((span.end for span in others if span.end <= own[0].start), default=0)
    floor = _line_after(text, previous) if previous else 0
    return Block(_with_comments_above(text, own[0].start, floor), end)


def _with_comments_above(text: str, offset: int, floor: int) -> int:
    """Returns the start of the comment lines right above an offset's line, not before `floor`."""
    start = text.rfind("\n", 0, offset) + 1
    while start > floor:
        above = max(text.rfind("\n", 0, start - 1) + 1, floor)
        if not text[above:start].lstrip(" \t\ufeff").startswith("#"):
            break
        start = above
    return _after_mark(text, start)


def _after_mark(text: str, start: int) -> int:
    """Returns the start of a line without the byte order mark, which belongs to the file and not to
    its first line."""
    return start + text.startswith("\ufeff", start)


def _line_after(text: str, offset: int) -> int:
    newline = text.find("\n", offset)
    return len(text) if newline < 0 else newline + 1


def _cut(text: str, start: int, end: int) -> str:
    """Returns the text without a part, and without the blank lines that separated it."""
    end += _match_end(_BLANK_LINES, text[end:])
    if end < len(text):
        return text[:start] + text[end:]
    head = text[:start]
    return re.sub(r"(\n)(?:[ \t]*\r?\n)+\Z", r"\1", head)


def _append(text: str, macros: Iterable[Macro]) -> str:
    """Returns the text with macros after its end, a blank line before each."""
    end = line_end(text)
    for macro in macros:
        table = table_from_macro(macro)
        lines = [f"{key} = {_item(value).as_string()}" for key, value in table.items()]
        block = "\n".join(["[[macro]]", *lines, ""])
        if text.removeprefix("\ufeff").strip():
            ended = len(text) - len(text.rstrip("\r\n"))
            text += end * max(0, 2 - text.count("\n", len(text) - ended))
        text += with_line_ends(block, end)
    return text


def _insert_before_tables(text: str, line: str) -> str:
    """Returns the text with a line among its top-level keys, which must come before all headers."""
    end = line_end(text)
    line = with_line_ends(line, end)
    spans = scan(text)
    first = next((index for index, span in enumerate(spans) if span.header), None)
    if first is None:
        # What is left can be a comment without a line end, which must not take the line in.
        return text + (end if text.rstrip("\ufeff") and not text.endswith("\n") else "") + line
    floor = _line_after(text, spans[first - 1].end) if first else 0
    at = _with_comments_above(text, spans[first].start, floor)
    return text[:at] + line + end + text[at:]


def _match_end(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.match(text)
    return found.end() if found else 0


# --- values -------------------------------------------------------------------------------------


def _item(value: Any) -> Any:
    """Returns a value for tomlkit: a table in braces; a list on several lines if it holds steps or
    is too long for one."""
    if isinstance(value, dict):
        table = tomlkit.inline_table()
        for key, part in value.items():
            table[key] = _inline(part)
        return table
    item = _inline(value)
    if isinstance(value, list):
        item.multiline(isinstance(value[0], dict) or len(item.as_string()) > _WIDEST_ARRAY)
    return item


def _inline(value: Any) -> Any:
    """Returns a value for tomlkit, on one line."""
    if isinstance(value, dict):
        return _item(value)
    if not isinstance(value, list):
        return tomlkit.item(value)
    array = tomlkit.array()
    for part in value:
        array.append(_inline(part))
    return array


def _change_table(table: Any, macro: Macro) -> None:
    """Changes the keys of a macro's tomlkit table whose values differ from those of the macro."""
    old = table_from_macro(macro_from_table(table.unwrap()))
    new = table_from_macro(macro)
    for key in old.keys() - new.keys():
        del table[key]
    for key, value in new.items():
        before = old.get(key)
        if value == before:
            continue
        if isinstance(value, list) and isinstance(before, list) and len(value) == len(before):
            # Line by line, so that the comments between the lines stay.
            for index, line in enumerate(value):
                if line != before[index]:
                    table[key][index] = _inline(line)
        else:
            table[key] = _item(value)


# --- macro = [ { … }, { … } ] -------------------------------------------------------------------


def is_inline(source: TomlSource) -> bool:
    """Returns whether the macros are written as one array, `macro = [{ … }]`."""
    return _array_span(source.text) is not None


def _array_span(text: str) -> Span | None:
    span = find(scan(text), ("macro",))
    return span if span is not None and span.key_path == ("macro",) else None


def _without_empty_array(text: str) -> str:
    span = _array_span(text)
    if span is None:
        return text
    start = _after_mark(text, text.rfind("\n", 0, span.start) + 1)
    return _cut(text, start, _line_after(text, span.end))


def _inline_table(macro: Macro) -> Any:
    return _inline(table_from_macro(macro))


def _edit_inline(source: TomlSource, change: Callable[[Any], object]) -> str:
    return _edit(source, source.text, lambda document: change(document["macro"]))


def _edit(source: TomlSource, text: str, change: Callable[[Any], object]) -> str:
    try:
        return edit_toml(text, change)
    except ValueError as error:
        raise _by_hand(source, str(error)) from error
