"""Lines that are probably not what was meant: typed with an input method left on, or running text.

Agents and programs may send such lines on purpose, so only what people type or paste is checked.
"""

import re
from typing import Final

from mdxdash.catalog.dissect import argument_at, best_forms
from mdxdash.catalog.entry import Argument, ArgumentType
from mdxdash.catalog.lookup import find, is_family
from mdxdash.language.translation import N_
from mdxdash.wire.framing import ESCAPE
from mdxdash.wire.full_width import half_width
from mdxdash.wire.message import SEPARATOR

_TYPE: Final = re.compile(r"[A-Za-z0-9_]+")
_ENDS_A_SENTENCE: Final = (".", "!", "?", ",", ":", ";")
_FREE_TEXT: Final[frozenset[ArgumentType]] = frozenset({"text", "rest", "list", "key", "file"})
"""Arguments that may hold full-width characters."""


def corrected(line: str) -> str | None:
    """Return a line whose head was typed with full-width characters as it was probably meant.

    The type, and each bar, becomes plain ASCII, and so does an argument that is a number or a
    choice, or a name that is a number. Other arguments stay as typed. None if the head is all
    right.
    """
    half = half_width(line)
    end = half.find(SEPARATOR)
    end = len(line) if end < 0 else end
    type_ = half[:end].strip()
    full_bar = line[end : end + 1] not in ("", SEPARATOR)
    full_type = type_ != line[:end] and (
        find(type_) is not None or (half[:end] != line[:end] and _TYPE.fullmatch(type_) is not None)
    )
    if not type_ or not (full_bar or full_type):
        return None
    if end == len(line):
        return type_
    values = _values(type_, line[end + 1 :])
    return SEPARATOR.join((type_, *values))


def _values(type_: str, args: str) -> list[str]:
    """Return the arguments as they were probably meant. `args` is what follows the first bar."""
    bars = half_width(args).replace("\n", " ")
    starts = [0, *(at + 1 for at, character in enumerate(bars) if character == SEPARATOR)]
    values = [args[a : b - 1] for a, b in zip(starts, [*starts[1:], len(args) + 1], strict=True)]
    is_subcommand = is_family(type_)
    head = f"{type_}{SEPARATOR}{half_width(values[0])}" if is_subcommand else type_
    entry = find(head)
    if entry is None:
        return values
    first = 1 if is_subcommand else 0
    form = entry.forms[best_forms(entry, [half_width(value) for value in values[first:]])[0]]
    for index, value in enumerate(values):
        argument = argument_at(form, index - first) if index >= first else None
        if index < first or (argument is not None and _is_ascii(argument, half_width(value))):
            values[index] = half_width(value)
    return values


def _is_ascii(argument: Argument, value: str) -> bool:
    """Whether an argument surely has only ASCII characters. A name may have any, but a number."""
    if argument.type.endswith("alias"):
        return value.isdecimal()
    return argument.type not in _FREE_TEXT


def is_running_text(line: str) -> bool:
    """Return whether a line without a bar reads as text: an unknown type that has a blank or a
    character that is not ASCII in it, or ends as a sentence does."""
    if SEPARATOR in line or not line.strip() or line.startswith(ESCAPE) or find(line) is not None:
        return False
    if line.startswith("__AV"):
        return False
    text = line.strip()
    return not text.isascii() or " " in text or "\t" in text or text.endswith(_ENDS_A_SENTENCE)


def mistyped(line: str) -> tuple[str, str] | None:
    """Return the code and the text of what is probably not meant in a line; None if nothing is."""
    if (meant := corrected(line)) is not None:
        return "A314", N_(
            "full-width characters or blanks in the head; probably meant: {meant}"
        ).format(meant=meant)
    if is_running_text(line):
        return "A315", N_("this reads as text, not as a message; all of it would be the type")
    return None
