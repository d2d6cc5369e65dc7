"""Text that is safe to show, and how wide it is.

What the network sent may hold control characters, escape sequences and invisible characters that
reverse the direction of text. Everyone who shows such text makes it printable here first, so that
a terminal displays these characters and does not obey them.
"""

import re

_INVISIBLE = "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"
"""Letters and marks that take no room or are blank (Default_Ignorable_Code_Point of Unicode), for
which `str.isprintable` is true: the grapheme joiner, the fillers of Hangul, two vowels of Khmer."""

# Unicode's categories Cc, Cf, Cs, Zl and Zp: controls, surrogates, line and paragraph separators;
# soft hyphen, zero-width and bidi controls, invisible operators, byte order mark, interlinear
# marks, tag characters; signs that shape the text around them in Arabic, Kaithi, hieroglyphs,
# shorthand and music. `_INVISIBLE` too, and the 66 noncharacters (The Unicode Standard, section
# 23.7), on whose width terminals disagree.
_ACTIVE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u2028-\u202e"
    r"\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb"
    r"\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    r"\U000e0000-\U000e007f"
    r"\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(last - 1)}{chr(last)}" for last in range(0x1FFFF, 0x110000, 0x10000))
    + f"{_INVISIBLE}]"
)
_ANY_INVISIBLE = re.compile(f"[{_INVISIBLE}]")


def printable(text: str) -> str:
    """Replaces every character that a terminal or a text layout would obey by visible ones.

    C0 controls become their pictures (`␛`), others their number (`<U+202E>`). Printable text is
    returned as it is.
    """
    # Nearly all text is printable, and asking costs a tenth of searching.
    return text if _is_printable(text) else _ACTIVE.sub(_visible, text)


def printable_same_length(text: str) -> str:
    """Replaces the same characters as `printable`, each by a single one, for an input field whose
    cursor counts characters. A character without a picture becomes `�`."""
    return text if _is_printable(text) else _ACTIVE.sub(_visible_character, text)


def escape_json(text: bytes) -> bytes:
    """Escapes in JSON, in UTF-8, what a terminal or a text layout would obey (`\\u202e`).

    Its values stay the same, and so do its newlines, which stand only between values.
    """
    lines = text.decode("utf-8", "replace").split("\n")
    return "\n".join(_ACTIVE.sub(_json_escape, line) for line in lines).encode("utf-8")


def cell_width(text: str) -> int:
    """The number of terminal cells that a text takes: a Japanese character takes two, a combining
    mark none. Control characters, which have no width, count as none."""
    from wcwidth import (  # noqa: PLC0415  20 ms to load, for tables and errors only
        wcswidth,
        wcwidth,
    )

    width = wcswidth(text)
    return width if width >= 0 else sum(max(0, wcwidth(character)) for character in text)


def _is_printable(text: str) -> bool:
    return text.isprintable() and (text.isascii() or _ANY_INVISIBLE.search(text) is None)


def _visible_character(found: re.Match[str]) -> str:
    shown = _visible(found)
    return shown if len(shown) == 1 else "�"


def _visible(found: re.Match[str]) -> str:
    code = ord(found.group())
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"<U+{code:04X}>"


def _json_escape(found: re.Match[str]) -> str:
    units = found.group().encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
