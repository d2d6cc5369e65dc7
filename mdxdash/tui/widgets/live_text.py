"""A text that is given again and again, mostly the same as before: a clock, a count, a state."""

from typing import Any

from textual.content import Content
from textual.widgets import Static


class LiveText(Static):
    """Draws what it is given only where that is something new. `Static` draws it each time, and
    what surrounds it too."""

    def __init__(self, *, id: str | None = None, **options: Any) -> None:
        super().__init__(id=id, markup=False, **options)
        self._given = Content("")

    def show_text(self, text: Content | str, *, layout: bool = False) -> None:
        """Shows a text. `layout`: it may need more room than the one before, or less."""
        given = text if isinstance(text, Content) else Content(text)
        if not given.is_same(self._given):
            self._given = given
            self.update(given, layout=layout)
