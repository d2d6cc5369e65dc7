"""Text fields that show what is written in them and obey none of it.

What an agent said can be put into one, to be sent again; a terminal must not see its escape
sequences there either. The text itself stays as it is.
"""

from typing import Any, Final

from rich.highlighter import Highlighter
from rich.text import Text
from textual.widgets import Input, TextArea

from mdxdash.events.printable import printable_same_length


class _Inert(Highlighter):
    """The text as it may be shown, a character for each."""

    def __call__(self, text: str | Text) -> Text:
        return Text(printable_same_length(str(text)), no_wrap=True, overflow="ignore", end="")

    def highlight(self, text: Text) -> None:
        """Colours nothing."""


_INERT: Final = _Inert()


class InertInput(Input):
    """One line."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.highlighter = _INERT


class InertArea(TextArea):
    """Several lines."""

    def get_line(self, line_index: int) -> Text:
        """The line as it may be shown."""
        return Text(printable_same_length(self.document.get_line(line_index)), end="", no_wrap=True)
