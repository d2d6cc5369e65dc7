"""All that the catalog knows of a message, or of a code, as a page over the dashboard."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from mdxdash.tui.screens.dialogs.dialog import Dialog


class ExplainScreen(Dialog[None]):
    """Shows a text."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,e", "dismiss", "Close")]

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog", id="explain"):
            yield Static(self._text, markup=False)

    def on_mount(self) -> None:
        self.query_one("#explain").focus()
