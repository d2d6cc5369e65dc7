"""What every screen over the dashboard has: a footer of its own, and help."""

from typing import ClassVar, TypeVar

from textual import on
from textual.await_complete import AwaitComplete
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

    _is_left = False

    @on(Mount)
    def _add_footer(self) -> None:
        self.mount(KeyFooter())

    def dismiss(self, result: ResultT | None = None) -> AwaitComplete:
        """Leaves the dialog with a result: when it is mounted, if a key came faster. Textual (8.2)
        would take its parts away while `on_mount` looks for them, which ends the app.

        A dialog is left once. Left again, Textual would give a second result and take away the
        screen below.
        """
        if self._is_left:
            return AwaitComplete()
        self._is_left = True
        if self.is_mounted:
            return super().dismiss(result)
        self.call_after_refresh(self._dismiss, result)
        return AwaitComplete()

    def _dismiss(self, result: ResultT | None) -> None:
        # Without returning what can be awaited: the screen cannot wait for its own end.
        super().dismiss(result)
