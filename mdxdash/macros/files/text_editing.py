"""The text of one macro in the user's file: read to be edited by hand, checked, and written back.

Unlike `table_editing`, which writes the keys that changed, this keeps every character that was
typed: comments, order, line breaks.
"""

from collections.abc import Sequence
from pathlib import Path

from mdxdash.language.translation import N_
from mdxdash.macros.files.references import check_references
from mdxdash.macros.files.table_editing import add_macro, block_of, change_macro, is_inline
from mdxdash.macros.files.toml_form import check_unique, macro_from_table, read_macros
from mdxdash.macros.model import Macro
from mdxdash.settings.toml_edit import line_end, with_line_ends
from mdxdash.settings.toml_source import SettingsError, TomlSource, parse_toml
from mdxdash.settings.validation import ValidationError

_ALONE = Path("macro.toml")
"""Stands for the text of one macro where an error needs a file; its lines count in that text."""


def check_among(macro: Macro, macros: Sequence[Macro], name: str | None) -> None:
    """Raises `ValidationError` if a macro does not go with the others: its name or key is taken, or
    what it runs, or what runs it, does not exist. It replaces the one called `name`; None: it is
    new."""
    others = [other for other in macros if other.name != name]
    check_unique(macro, others)
    names = [other.name for other in macros]
    own = len(names) if name is None or name not in names else names.index(name)
    together = (*others[:own], macro, *others[own:])
    try:
        check_references(together)
    except ValidationError as error:
        index, *key_path = error.key_path
        assert isinstance(index, int)
        if index == own:
            raise ValidationError(tuple(key_path), error.message) from error
        raise ValidationError((), f'macro "{together[index].name}": {error.message}') from error


def read_macro_text(text: str, macros: Sequence[Macro], name: str | None) -> Macro:
    """Returns the macro of a text; `macros` and `name` are as for `check_among`.

    Raises SettingsError, with the line in the text if the error has one.
    """
    source = parse_toml(text.encode("utf-8"), _ALONE)
    tables = source.data.get("macro")
    for key in source.data:
        if key != "macro":
            raise source.error(
                (key,), N_("`{key}`: expected nothing but one [[macro]] here").format(key=key)
            )
    if not isinstance(tables, list) or len(tables) != 1 or not isinstance(tables[0], dict):
        count = len(tables) if isinstance(tables, list) else 0
        message = N_("expected one macro under the header [[macro]], got {count}").format(
            count=count
        )
        raise source.error(("macro", 1), message)
    try:
        macro = macro_from_table(tables[0])
        check_among(macro, macros, name)
    except ValidationError as error:
        raise source.error(("macro", 0, *error.key_path), error.message) from error
    return macro


def macro_text(source: TomlSource, name: str) -> str:
    """Returns the lines of a macro in a file, with its comments; `text_of` the macro if the file
    has no lines for it. Raises `SettingsError` if the file has no macro of this name."""
    for index, macro in enumerate(read_macros(source)):
        if macro.name == name:
            if "macro" not in source.data or is_inline(source):
                return text_of(macro)
            block = block_of(source, index)
            return with_line_ends(source.text[block.start : block.end], "\n")
    raise SettingsError(
        N_('there is no macro "{name}": the file was changed meanwhile').format(name=name),
        source.path,
    )


def line_of(source: TomlSource, name: str) -> int | None:
    """Returns the line in a file, from 1, where a macro begins; None if there is no such macro, or
    where that cannot be told."""
    try:
        names = [macro.name for macro in read_macros(source)]
        if name not in names or "macro" not in source.data:
            return None
        return source.error(("macro", names.index(name)), "").line
    except SettingsError:
        return None


def text_of(macro: Macro) -> str:
    """Returns the lines of a macro as they are written when it is added to a file."""
    nothing = TomlSource(_ALONE, "macro = []\n", {"macro": []})
    return add_macro(nothing, macro).strip("\n") + "\n"


def change_text(source: TomlSource, name: str, before: str, text: str) -> str:
    """Returns the file's text with the lines of a macro replaced by a text.

    Raises `SettingsError` if the lines are not `before` any more, and for an error in the text,
    with its line in that text.
    """
    macros = read_macros(source)
    macro = read_macro_text(text, macros, name)
    if macro_text(source, name) != before:
        message = N_(
            'the macro "{name}" was changed in the file meanwhile: leave, and edit it again'
        ).format(name=name)
        raise SettingsError(message, source.path)
    if "macro" not in source.data or is_inline(source):
        return change_macro(source, name, macro)
    index = [each.name for each in macros].index(name)
    return _put(source, index, text)


def add_text(source: TomlSource, text: str) -> str:
    """Returns the file's text with one macro more, written as in `text`. Raises `SettingsError`."""
    macros = read_macros(source)
    added = add_macro(source, read_macro_text(text, macros, None))
    result = parse_toml(added.encode("utf-8"), source.path)
    return added if is_inline(result) else _put(result, len(read_macros(result)) - 1, text)


def _put(source: TomlSource, index: int, text: str) -> str:
    """Returns the file's text with the lines of a macro replaced by a text that holds one macro."""
    block = block_of(source, index)
    tail = source.text[block.end :]
    own = with_line_ends(text.strip("\n") + "\n", line_end(source.text))
    result = source.text[: block.start] + own + tail
    found = parse_toml(result.encode("utf-8"), source.path)
    wanted = list(source.data["macro"])
    wanted[index] = parse_toml(text.encode("utf-8"), _ALONE).data["macro"][0]
    if found.data != source.data | {"macro": wanted}:
        message = N_("the file is written in a way that cannot be edited here: edit it by hand")
        raise SettingsError(message, source.path)
    return result
