"""What every screen over the dashboard has: a footer of its own, and help."""

from typing import ClassVar, TypeVar

from textual import on
from textual.binding import Binding, BindingType
from textual.events import Mount
from textual.screen import ModalScreen

from mdxdash.tui.widgets.key_footer import KeyFooter

ResultT = TypeVar("ResultT")


class Dialog(ModalScreen[ResultT]):
    """A screen over the dashboard. When it is left, the focus is where it was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "app.help", "Help", tooltip="The keys that work here"),
    ]

    @on(Mount)
    def _add_footer(self) -> None:
        self.mount(KeyFooter())
