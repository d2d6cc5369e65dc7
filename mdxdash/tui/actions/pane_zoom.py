"""Zooming: one pane fills the screen between status bar and footer, until it gives it back."""

from typing import Final

from textual.containers import Vertical
from textual.screen import Screen
from textual.widget import Widget

_ZOOMED: Final = "-zoomed"
_PANES: Final = frozenset({"agents", "types", "macros", "stream-pane", "detail"})
"""The panes that can fill the screen, by their ids."""


class PaneZoom:
    """Knows which pane fills the screen. How the others give way stands in the style sheet."""

    def __init__(self, side: Vertical) -> None:
        """`side` is the side column: the panes outside it are in the main column."""
        self._side = side
        self._pane: Widget | None = None

    @property
    def pane(self) -> Widget | None:
        """The pane that fills the screen."""
        return self._pane

    def switch(self, focused: Widget | None) -> bool:
        """Lets the pane with the focus fill the screen, or gives the screen back to all panes.
        Returns whether there was anything to do."""
        if self.end():
            return True
        pane = pane_of(focused)
        if pane is None:
            return False
        self._pane = pane
        pane.add_class(_ZOOMED)
        pane.screen.add_class(self._screen_class(pane))
        return True

    def end(self) -> bool:
        """Gives the screen back; returns whether a pane filled it."""
        pane, self._pane = self._pane, None
        if pane is None:
            return False
        pane.remove_class(_ZOOMED)
        pane.screen.remove_class(self._screen_class(pane))
        return True

    def focus_moved(self, focused: Widget | None) -> None:
        """Gives the screen back when another pane is gone to; a dialog over it changes nothing."""
        pane = self._pane
        if pane is None or focused is None or focused.screen is not pane.screen:
            return
        if pane not in focused.ancestors_with_self:
            self.end()

    def _screen_class(self, pane: Widget) -> str:
        return "-zoomed-side" if self._side in pane.ancestors else "-zoomed-main"


def pane_of(widget: Widget | None) -> Widget | None:
    """Returns the pane that a widget belongs to; None outside the panes that can be zoomed."""
    if widget is None:
        return None
    return next(
        (
            each
            for each in widget.ancestors_with_self
            if isinstance(each, Widget) and not isinstance(each, Screen) and each.id in _PANES
        ),
        None,
    )
