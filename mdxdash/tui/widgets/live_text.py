"""A text that is given again and again, mostly the same as before: a clock, a count, a state."""

from textual.content import Content
from textual.widgets import Static


class LiveText(Static):
    """Draws a text only if it differs from the one before. `Static.update` draws each one, and by
    default lays out the whole screen for it."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(Content(""), id=id)

    def show_text(self, text: Content | str, *, layout: bool = False) -> None:
        """Shows a text; in a string nothing is markup. `layout`: it may need more room than the one
        before, or less."""
        given = text if isinstance(text, Content) else Content(text)
        shown = self.content
        if not (isinstance(shown, Content) and given.is_same(shown)):
            self.update(given, layout=layout)
