"""Full-width forms of ASCII, as an input method that was left on types them: `｜`, `Ａ`, `１`."""

import unicodedata
from typing import Final

IDEOGRAPHIC_SPACE: Final = 0x3000
_FIRST: Final = 0xFF01
_LAST: Final = 0xFF5E
_DISTANCE: Final = _FIRST - ord("!")

_HALF_WIDTH: Final = {
    IDEOGRAPHIC_SPACE: " ",
    **{code: chr(code - _DISTANCE) for code in range(_FIRST, _LAST + 1)},
}


def half_width(text: str) -> str:
    """Return the text with each full-width form of an ASCII character replaced by this character.

    The result has the same length, so positions in it are positions in `text`. For these
    characters it is what NFKC gives.
    """
    return text if text.isascii() else text.translate(_HALF_WIDTH)


def fold(text: str) -> str:
    """Return the text for comparisons in which neither letter case nor width counts (NFKC)."""
    if text.isascii():
        return text.casefold()
    return unicodedata.normalize("NFKC", text).casefold()
