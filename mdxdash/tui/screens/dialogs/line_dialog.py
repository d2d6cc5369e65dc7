"""Asks for one line of text."""

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from mdxdash.events.printable import printable
from mdxdash.language.translation import _
from mdxdash.tui.screens.dialogs.form import Form
from mdxdash.tui.widgets.text_fields import PrintableInput


class LineDialog(Form[str]):
    """Gives the line; None when it was left."""

    def __init__(self, title: str, hint: str, check: Callable[[str], str]) -> None:
        """
        * `check`: returns what is wrong with a line; empty if nothing is.
        """
        super().__init__()
        self._title = title
        self._hint = hint
        self._check = check
        self._input = PrintableInput(compact=True)
        self._error = Static("", id="error", markup=False)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(printable(self._title), classes="dialog-title", markup=False)
            yield self._input
            yield Static(_("{hint}. Escape cancels.").format(hint=self._hint), markup=False)
            yield self._error

    def on_mount(self) -> None:
        self._error.display = False
        self._input.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._error.display = False

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if wrong := self._check(event.value):
            self._error.update(printable(wrong))
            self._error.display = True
        else:
            self.dismiss(event.value.strip())
