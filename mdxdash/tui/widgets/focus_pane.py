"""A pane whose border shows that the focus is within it."""

from typing import Final

from textual.containers import Vertical

FOCUS_WITHIN: Final = "-focus-within"


class FocusPane(Vertical):
    """Has the class `-focus-within` while something in it has the focus.

    Not the pseudo class of that name: for it Textual works out the styles of all that is in the
    pane, some 20 ms each time that the focus comes or goes. So rules with this class can only be
    about the pane itself.
    """

    def on_descendant_focus(self) -> None:
        self._show_focus()

    def on_descendant_blur(self) -> None:
        self._show_focus()

    def _show_focus(self) -> None:
        if self.has_focus_within != self.has_class(FOCUS_WITHIN):
            self.set_class(self.has_focus_within, FOCUS_WITHIN, update=False)
            self.app.stylesheet.update_nodes([self])
