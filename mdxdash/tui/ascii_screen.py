"""The screen in ASCII, for terminals in which arrows, circles and lines are two cells wide, as they
can be where Japanese is set: `[screen] ascii`."""

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from mdxdash.tui.signs import ascii_table


def sign_filters(*, ascii_signs: bool) -> list[LineFilter]:
    """Returns what an app's lines pass last: nothing, or what `ascii_signs` asks for."""
    return [AsciiSigns()] if ascii_signs else []


class AsciiSigns(LineFilter):
    """Draws each sign as its equal of ASCII. Whatever draws a sign, a pane, Textual or an agent, it
    passes here, so that no line is wider in the terminal than it was laid out."""

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
