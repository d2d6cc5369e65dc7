"""Asks before something that cannot be undone, and explains what it means."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static

from mdxdash.events.printable import printable
from mdxdash.tui.screens.dialogs.dialog import Dialog


class ConfirmDialog(Dialog[bool]):
    """Asks a question; its result is whether the answer was yes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,enter", "confirm(True)", "Yes"),
        Binding("n,escape,q", "confirm(False)", "No"),
    ]

    def __init__(self, title: str, text: str, *, yes: str, no: str) -> None:
        """`yes` and `no` are the texts of the buttons: `Quit`, `Stay`."""
        super().__init__()
        self._title = title
        self._text = text
        self._yes = yes
        self._no = no

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(printable(self._title), classes="dialog-title", markup=False)
            yield Static(printable(self._text), markup=False)
            with Horizontal(classes="dialog-buttons"):
                yield Button(f"{self._yes} (y)", variant="error", id="yes")
                yield Button(f"{self._no} (n)", id="no")

    def on_mount(self) -> None:
        # The Enter key confirms, wherever it is pressed.
        self.set_focus(None)

    def action_confirm(self, yes: bool) -> None:
        self.dismiss(yes)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "yes")
