"""Breaks a text into lines of a width in terminal cells, Japanese by its own rules.

Japanese has no spaces: a line may end after any character, but none begins with a closing sign, a
small kana or a long-vowel mark, and none ends with an opening bracket (JIS X 4051, kinsoku).
"""

from typing import Final

from rich.cells import get_character_cell_size

_NOT_FIRST: Final = frozenset(
    "、。，．・：；？！゛゜ヽヾゝゞ々ー’”）〕］｝〉》」』】〙〗»ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ"
    "…‥,.:;?!)]}%°℃"
)
_NOT_LAST: Final = frozenset("‘“（〔［｛〈《「『【〘〖«([{$¥￥")

_WIDE: Final = 0x2E80
"""From here on characters may be followed by a break (Unicode: CJK and what comes after it)."""


def break_lines(text: str, width: int) -> list[str]:
    """Returns the lines of a text without newlines, at least one, each at most `width` cells wide.

    A word that is wider than a line is cut. `width` is at least 2.
    """
    width = max(2, width)
    lines: list[str] = []
    while (at := _break_at(text, width)) < len(text):
        lines.append(text[:at].rstrip(" "))
        text = text[at:].lstrip(" ")
    if text or not lines:
        lines.append(text)
    return lines


def _break_at(text: str, width: int) -> int:
    """Returns the index of the first character of the next line. Looks at the characters of one
    line only, so that the lines of a long text are broken in time that grows with its length."""
    cells, most = 0, 0
    for character in text:
        cells += get_character_cell_size(character)
        if cells > width:
            break
        most += 1
    else:
        return most  # all of it fits
    most = max(1, most)
    for at in range(most, 0, -1):
        if _may_break(text, at):
            return at
    return most


def _may_break(text: str, at: int) -> bool:
    """Returns whether a line may end before the character at an index."""
    before, after = text[at - 1], text[at : at + 1]
    if after in _NOT_FIRST or before in _NOT_LAST:
        return False
    if before == " " or after == " ":
        return True
    return ord(before) >= _WIDE or (bool(after) and ord(after) >= _WIDE)
