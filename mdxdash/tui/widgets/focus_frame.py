"""A pane whose frame shows that the focus is somewhere within it."""

from typing import Final

from textual.containers import Vertical

FOCUSED: Final = "-focus-within"


class FocusFrame(Vertical):
    """Has the class `-focus-within` while it or what is in it has the focus.

    Not the pseudo class of that name: for it Textual works out the styles of all that is in the
    pane, some 20 ms each time that the focus comes or goes.
    """

    def on_descendant_focus(self) -> None:
        self._show_focus()

    def on_descendant_blur(self) -> None:
        self._show_focus()

    def _show_focus(self) -> None:
        if self.has_focus_within != self.has_class(FOCUSED):
            self.set_class(self.has_focus_within, FOCUSED, update=False)
            self.app.stylesheet.update_nodes([self])
