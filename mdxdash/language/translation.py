"""Picks a text in the user's language. The texts in the source are English.

* `_("text")` translates at once: for texts that are made where they are shown.
* `N_("text")` only marks a text: for texts that exist before the language is known, that are
  recorded, or that other programs read. Where such a text is shown, `_` translates it, or
  `localized` if values were filled in meanwhile.

A text with values is a template with named fields: `_("{agent} is lost").format(agent=name)`.
"""

import gettext
import re
import string
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Final, Literal, NamedTuple, TypeVar

from mdxdash.language.po_file import read_po

Language = Literal["en", "ja"]

T = TypeVar("T", bound=str)

DOMAIN: Final = "mdxdash"
"""The name of the files with translations, as gettext calls it."""

_FOLDER: Final = Path(__file__).parent

_current: Language = "en"


def use(language: Language) -> None:
    """Sets the language of all texts from now on."""
    global _current  # noqa: PLW0603  a process shows one language
    _current = language
    _localized.cache_clear()


def current() -> Language:
    """Returns the language in use; `en` until `use` has set another."""
    return _current


def N_(text: T) -> T:
    """Marks a text that is translated where it is shown, and returns it as it is."""
    return text


def _(text: str) -> str:
    """Returns a text in the language in use; as it is if there is no translation."""
    if _current == "en" or not text:
        return text
    return _translations(_current).gettext(text)


def text_in(language: Language, text: str) -> str:
    """Returns a text in a language, whichever is in use."""
    return text if language == "en" or not text else _translations(language).gettext(text)


def ngettext(singular: str, plural: str, number: int) -> str:
    """Returns the form of a text that fits a number, in the language in use."""
    if _current == "en":
        return singular if number == 1 else plural
    return _translations(_current).ngettext(singular, plural, number)


def localized(text: str) -> str:
    """Returns a text that was made in English from marked templates, in the language in use.

    Recordings and other hubs give such texts with their values filled in. The template that has
    the most letters in common with the text is its origin. Values that are such texts themselves
    are translated too, and so are texts that stand one after the other. What has no known origin
    is returned as it is.
    """
    if _current == "en" or not text or len(text) > _LONGEST:
        return text
    return _localized(text, _DEEPEST)


_LONGEST: Final = 4_000
"""Characters of a text that is looked up; what mdxdash writes itself is shorter."""

_DEEPEST: Final = 5
"""Texts inside one another that are translated."""

Piece = tuple[str, str]
"""Letters of a template, and the name of the field after them; empty at the end."""

_LONG_PIECE: Final = 12
"""Letters in one piece of a template that no other text has by chance."""

_SEPARATORS: Final = (". ", "; ", ": ", "] ", ", ")
"""What stands between texts that were put together, or between a place and the text about it."""


_CODE: Final = re.compile(r"[A-Z]\d{3} ")
"""The code of a finding, which stands before its text."""


@lru_cache(maxsize=4096)
def _localized(text: str, depth: int) -> str:
    translated = _(text)
    if translated != text or not depth:
        return translated
    likely = ""
    for letters, template, pieces, numbers in _templates(_current):
        values = _values(text, pieces)
        if values is None or not all(_NUMBER.fullmatch(values[name]) for name in numbers):
            continue
        shown = {name: _part(value, depth) for name, value in values.items()}
        sentences = _letters_of_sentences(values, shown)
        # What has a place in its first field is rather a place and a text about it.
        placed = not pieces[0][0] and ": " in values[pieces[0][1]]
        if not placed and (not sentences or letters >= sentences):
            return _filled(_(template), shown)
        if not likely and (placed or _has_long_piece(pieces)):
            likely = _filled(_(template), shown)
    return _put_together(text, depth) or likely or text


def _put_together(text: str, depth: int) -> str | None:
    """Returns a text that is several, one after the other; None if none of them is known."""
    if code := _CODE.match(text):
        rest = text[code.end() :]
        shown = _part(rest, depth)
        return None if shown == rest else f"{code[0]}{shown}"
    for separator in _SEPARATORS:
        before, found, after = text.partition(separator)
        if found and before:
            end = separator.rstrip() if separator == ". " else ""
            first, rest = _part(before + end, depth), _part(after, depth)
            if (first, rest) != (before + end, after):
                return f"{first}{separator.removeprefix(end)}{rest}"
            appended = _localized(separator + after, depth - 1)
            if appended != separator + after:
                return _part(before, depth) + appended
    return None


def _has_long_piece(pieces: list[Piece]) -> bool:
    return max(sum(map(str.isalpha, before)) for before, _name in pieces) >= _LONG_PIECE


def _letters_of_sentences(values: dict[str, str], shown: dict[str, str]) -> int:
    """Returns the letters of values that have several words and no known origin. Where they have
    more than the template, it is hardly the origin of the text: "{count} events" is not that of
    each sentence that ends so."""
    unknown = (value for name, value in values.items() if " " in value and shown[name] == value)
    return sum(map(str.isalpha, "".join(unknown)))


def _part(text: str, depth: int) -> str:
    """As `localized`; a single word is more likely a name, which stays as it is."""
    return _localized(text, depth - 1) if " " in text else text


@cache
def _translations(language: Language) -> gettext.NullTranslations:
    """Returns the translations into a language: compiled where the package was built, else from
    the source that stands in a checkout."""
    folder = _FOLDER / language / "LC_MESSAGES"
    compiled = folder / f"{DOMAIN}.mo"
    if compiled.is_file():
        with compiled.open("rb") as file:
            return gettext.GNUTranslations(file)
    return _Uncompiled(read_po(folder / f"{DOMAIN}.po"))


class _Uncompiled(gettext.NullTranslations):
    """Translations that were read from their source. Japanese has one form for all numbers."""

    def __init__(self, texts: dict[str, str]) -> None:
        super().__init__()
        self.texts = texts

    def gettext(self, message: str) -> str:
        return self.texts.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.texts.get(msgid1, msgid1 if n == 1 else msgid2)


class _Template(NamedTuple):
    """A text with fields, by which filled ones are found again."""

    letters: int
    text: str
    pieces: list[Piece]
    numbers: frozenset[str]
    """Fields that are written as numbers."""


@cache
def _templates(language: Language) -> list[_Template]:
    """Returns the templates with fields and letters, those with the most letters first."""
    texts = read_po(_FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po")
    found = []
    for text in texts:
        if "{" in text:
            pieces = _pieces(text)
            letters = sum(character.isalpha() for before, _name in pieces for character in before)
            least = 3 if pieces[0][0] else 6  # `{host} port {port}` is in too many texts
            if any(name for _before, name in pieces) and letters >= least:
                found.append(_Template(letters, text, pieces, _numbers(text)))
    # Of as many letters, the one that says more of what stands around the fields.
    found.sort(key=lambda each: (-each.letters, -sum(len(before) for before, _ in each.pieces)))
    return found


def _pieces(template: str) -> list[Piece]:
    try:
        parsed = list(string.Formatter().parse(template))
    except ValueError:  # braces that are no fields
        return [(template, "")]
    pieces = [(before, name or "") for before, name, _spec, _conversion in parsed]
    return pieces if not pieces or not pieces[-1][1] else [*pieces, ("", "")]


def _numbers(template: str) -> frozenset[str]:
    try:
        parsed = list(string.Formatter().parse(template))
    except ValueError:
        return frozenset()
    return frozenset(name for _before, name, spec, _conversion in parsed if name and spec)


_NUMBER: Final = re.compile(r"[-+\dA-Fa-f,.]+%?|inf|nan")
_WORD: Final = re.compile(r"[^\s:;,()]*")


def _values(text: str, pieces: list[Piece]) -> dict[str, str] | None:
    """Returns the values that make a text of a template; None if none do."""
    first, last = pieces[0][0], pieces[-1][0]
    if not (text.startswith(first) and text.endswith(last)) or len(text) < len(first) + len(last):
        return None
    values: dict[str, str] = {}
    position, end = len(first), len(text) - len(last)
    for (_before, name), (after, next_name) in pairwise(pieces):
        if not next_name:
            found = end
        elif after:
            found = text.find(after, position, end)
        else:  # two fields side by side: the first one is a word
            word = _WORD.match(text, position, end)
            found = word.end() if word else position
        if found < 0:
            return None
        value = text[position:found]
        if values.setdefault(name, value) != value:
            return None
        position = found + len(after)
    return values


def _filled(template: str, values: dict[str, str]) -> str:
    return "".join(before + values.get(name, "") for before, name in _pieces(template))
