"""Text fields that draw their text printable, so that escape sequences never reach the terminal.

A message of an agent can be put into one, to be sent again. The text itself stays as it is.
"""

from typing import Any, Final

from rich.highlighter import Highlighter
from rich.text import Text
from textual.widgets import Input, TextArea

from mdxdash.events.printable import printable_same_length


class _PrintableHighlighter(Highlighter):
    """Replaces what is drawn by `printable_same_length` of it; it highlights nothing."""

    def __call__(self, text: str | Text) -> Text:
        return Text(printable_same_length(str(text)), no_wrap=True, overflow="ignore", end="")

    def highlight(self, text: Text) -> None:
        """Colours nothing."""


_PRINTABLE: Final = _PrintableHighlighter()


class PrintableInput(Input):
    """One line."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.highlighter = _PRINTABLE


class PrintableArea(TextArea):
    """Several lines."""

    def get_line(self, line_index: int) -> Text:
        """The line as it may be shown."""
        return Text(printable_same_length(self.document.get_line(line_index)), end="", no_wrap=True)
