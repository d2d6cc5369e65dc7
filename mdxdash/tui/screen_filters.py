"""What every line of the screen passes last: signs become ASCII where the settings want it, and
colours go where the terminal's own are to be used."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.color import Color
from textual.filter import LineFilter

from mdxdash.tui.signs import ascii_table

NO_COLOR_THEME: Final = "ansi-dark"
"""The theme where the variable NO_COLOR is set: without colours both of the ANSI ones look the
same."""

_ALARMING: Final = frozenset([1, 3, 9, 11])
"""Red and yellow, also bright: the colours of errors and warnings in the ANSI themes, which become
bold."""


def screen_filters(
    app: App[Any], filters: Sequence[LineFilter], *, ascii_signs: bool
) -> Sequence[LineFilter]:
    """Returns the filters of an app's lines.

    * `filters`: those where colours are fixed: Textual's, and the app's own.
    * `ascii_signs`: `[screen] ascii`.
    """
    if app.no_color or app.native_ansi_color:
        filters = [TwoColours()]
    return [*filters, AsciiSigns()] if ascii_signs else filters


class TwoColours(LineFilter):
    """Draws with the terminal's own pair of colours alone: which others it has, and whether they
    can be read on one another, nobody knows. What has another background is reversed, what is the
    colour of an error or a warning bold."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Returns the segments of a line without colours."""
        return [
            segment
            if segment.style is None
            else Segment(segment.text, _plain(segment.style), segment.control)
            for segment in segments
        ]


@lru_cache(maxsize=4096)
def _plain(style: Style) -> Style:
    behind, colour = style.bgcolor, style.color
    reverse = style.reverse or (behind is not None and not behind.is_default)
    bold = style.bold or (colour is not None and colour.number in _ALARMING)
    return style.without_color + Style(bold=bool(bold), reverse=bool(reverse), dim=False)


class AsciiSigns(LineFilter):
    """Draws each sign as its equal of ASCII, for terminals in which arrows, circles and lines are
    two cells wide, as they can be where Japanese is set. Whatever draws a sign, a pane, Textual or
    an agent, it passes here, so that no line is wider in the terminal than it was laid out."""

    def __init__(self) -> None:
        super().__init__()
        self._table = ascii_table()

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Returns the segments of a line without such signs."""
        return [
            segment
            if segment.text.isascii()
            else Segment(segment.text.translate(self._table), segment.style, segment.control)
            for segment in segments
        ]
