"""The values in a filter's text: their wildcards, and when they need quotes."""

import enum
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from mdxdash.wire.full_width import fold, half_width


class Wildcard(enum.Enum):
    """A wildcard in a value."""

    ANY = "*"
    ONE = "?"


Fragment = str | Wildcard

ENDS_A_WORD = frozenset('()"')
"""These and white space end a word without quotes. A quote inside a word opens a quoted piece."""
ESCAPED = frozenset('"\\*?')
"""Characters that a backslash makes plain inside quotes. Before any other character a backslash
stands for itself."""


@dataclass(frozen=True, slots=True)
class Value:
    """One of the values of a term, between two commas. `start` and `end` are its positions in the
    filter's text."""

    parts: tuple[Fragment, ...]
    """Plain text and wildcards in turn; empty for `""`."""
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)

    @property
    def text(self) -> str:
        """The value with its wildcards as plain characters, for terms that know none."""
        return "".join(part if isinstance(part, str) else part.value for part in self.parts)

    @property
    def plain(self) -> str | None:
        """The text of a value without wildcards, in folded case and width; None if it has any."""
        if any(isinstance(part, Wildcard) for part in self.parts):
            return None
        return fold(self.text)

    def __str__(self) -> str:
        return quoted(self.parts)


def quoted(parts: tuple[Fragment, ...], *, specials: str = ",") -> str:
    """Writes parts as they stand in a filter's text, in quotes where they need them; `specials` are
    further characters that need them."""
    plain = "".join(part for part in parts if isinstance(part, str))
    text = "".join(part if isinstance(part, str) else part.value for part in parts)
    needs_quotes = any(c.isspace() or c in ENDS_A_WORD or c in f"*?{specials}" for c in plain)
    # Without quotes full-width characters would be read as half-width ones.
    if text and not needs_quotes and half_width(plain) == plain:
        return text
    inside = (
        re.sub(r'["\\*?]', r"\\\g<0>", part) if isinstance(part, str) else part.value
        for part in parts
    )
    return '"' + "".join(inside) + '"'


def glob(parts: tuple[Fragment, ...]) -> Callable[[str], bool]:
    """Makes a function that returns whether a whole text, folded by `fold`, matches the parts.

    The common forms cost one string operation. The rest becomes a regular expression in which each
    part is found once, where it first occurs (atomic groups), so that no pattern takes more than
    the product of its length and the text's.
    """
    folded = tuple(fold(part) if isinstance(part, str) else part for part in parts)
    match folded:
        case ():
            return lambda text: not text
        case (str(whole),):
            return lambda text: text == whole
        case (Wildcard.ANY,):
            return lambda text: True
        case (str(start), Wildcard.ANY):
            return lambda text: text.startswith(start)
        case (Wildcard.ANY, str(end)):
            return lambda text: text.endswith(end)
        case (Wildcard.ANY, str(middle), Wildcard.ANY):
            return lambda text: middle in text
    fullmatch = re.compile(_expression(folded), re.DOTALL).fullmatch
    return lambda text: fullmatch(text) is not None


def _expression(parts: tuple[Fragment, ...]) -> str:
    """The regular expression of a glob."""
    between = [""]
    for part in parts:
        if part is Wildcard.ANY:
            between.append("")
        else:
            between[-1] += "." if isinstance(part, Wildcard) else re.escape(part)
    if len(between) == 1:
        return between[0]
    first, *middle, last = between
    return first + "".join(f"(?>.*?{each})" for each in middle if each) + f".*{last}"
