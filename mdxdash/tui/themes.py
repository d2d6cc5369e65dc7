"""Themes: the check of a name, which the settings hold as text, and the correction of colours that
cannot be read. Many of Textual's themes have such colours for some text.
"""

import difflib
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from mdxdash.language.translation import _
from mdxdash.settings.validation import expected
from mdxdash.tui.contrast import readable

TEXT_CONTRAST: Final = 4.5
BORDER_CONTRAST: Final = 3.0
"""The least contrasts (WCAG 2.1, 1.4.3 and 1.4.11)."""

BORDERS: Final = frozenset("─│╭╮╰╯┌┐└┘")
BARS: Final = frozenset("▁▂▃▄▅▆▇█▏▎▍▌▋▊▉▐▔▕━")
"""Bars, of which only the length counts, and scroll bars."""

_MARGIN: Final = 1.02
"""Colours of a terminal are whole numbers: rounded, a contrast may be a little less."""


class ReadableColours(LineFilter):
    """Moves the colour of a text away from that of its background as far as it takes to be read;
    that of a border only if it is the colour of the focus, since others mean nothing."""

    def __init__(self, focus_colour: Callable[[], str]) -> None:
        """`focus_colour` returns the colour of the border of what has the focus."""
        super().__init__()
        self._focus_colour = focus_colour

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Returns the segments of a line with readable colours."""
        return [self._readable(segment, background) for segment in segments]

    def _readable(self, segment: Segment, background: Color) -> Segment:
        text, style, control = segment
        if style is None or style.color is None or not (shown := text.strip()):
            return segment
        characters = set(shown)
        if characters <= BARS:
            return segment
        least = TEXT_CONTRAST
        if characters <= BORDERS:
            if Color.from_rich_color(style.color) != Color.parse(self._focus_colour()):
                return segment
            least = BORDER_CONTRAST
        return Segment(text, readable_style(style, background, least), control)


@lru_cache(maxsize=4096)
def readable_style(style: Style, background: Color, least: float) -> Style:
    """Returns a style whose text has a contrast of at least `least`; `background` is what stands
    behind a style without a background of its own."""
    if style.color is None or style.color.triplet is None:
        return style
    behind = background
    if style.bgcolor is not None and style.bgcolor.triplet is not None:
        behind = Color.from_rich_color(style.bgcolor)
    colour = Color.from_rich_color(style.color)
    if style.reverse:
        # The text is drawn in the colour of the background.
        mended = readable(behind, [colour], least * _MARGIN)
        return style if mended == behind else style + Style(bgcolor=mended.rich_color)
    mended = readable(colour, [behind], least * _MARGIN)
    return style if mended == colour else style + Style(color=mended.rich_color)


def theme_error(name: str | None, available: Iterable[str]) -> str | None:
    """Returns what is wrong with a theme's name, in the form of every error of a setting.

    * `name`: None is the dashboard's own choice, which is right.
    * `available`: the names that exist (`App.available_themes`).
    """
    known = sorted(available)
    if name is None or name in known:
        return None
    nearest = difflib.get_close_matches(name, known, n=1)
    hint = (
        _('did you mean "{nearest}"?').format(nearest=nearest[0])
        if nearest
        else _("there are {known}").format(known=", ".join(known))
    )
    return f"{expected('theme', 'the name of a theme', name)}: {hint}"
