"""A pane whose title changes often, while what is in it may stay."""

from typing import Self

from textual.content import Content
from textual.geometry import Region
from textual.widget import Widget

from mdxdash.tui.widgets.focus_pane import FocusPane


class TitledPane(FocusPane):
    """Draws only its upper border for a new title. Textual would draw everything in the pane."""

    def __init__(self, *children: Widget, id: str | None = None) -> None:
        super().__init__(*children, id=id)
        self._title = Content("")
        self._titling = False

    def show_title(self, title: Content) -> None:
        """Shows a title in the border, if it is another one than before."""
        if title.is_same(self._title):
            return
        self._title = title
        self._titling = True
        self.border_title = title
        self._titling = False

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        """Draws the pane again, or only its upper border while a title is set."""
        if self._titling:
            # Regions are counted from the content, which begins under the border.
            border = Region(0, 0, self.outer_size.width, 1).translate(-self.content_offset)
            regions = (border,)
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
