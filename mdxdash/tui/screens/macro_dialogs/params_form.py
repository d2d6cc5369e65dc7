"""Asks for the parameters of a macro that is fired by hand."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Button, Input, Label, Static

from mdxdash.events.printable import printable
from mdxdash.language.translation import _
from mdxdash.macros.model import Macro
from mdxdash.tui.screens.dialogs.form import Form
from mdxdash.tui.widgets.text_fields import PrintableInput


class ParamsForm(Form[dict[str, str]]):
    """Gives the value of each parameter; None when it was left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "fire", "Fire", tooltip="Fire the macro with these values"),
    ]

    def __init__(self, macro: Macro) -> None:
        super().__init__()
        self._macro = macro
        self._inputs = {name: PrintableInput(value, compact=True) for name, value in macro.params}

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog", id="params"):
            yield Static(
                _("Fire {name}").format(name=printable(self._macro.name)),
                classes="dialog-title",
                markup=False,
            )
            with VerticalScroll(id="params-fields"):
                for name, input_ in self._inputs.items():
                    yield Label(printable(name), markup=False)
                    yield input_
            with Horizontal(classes="dialog-buttons"):
                yield Button(_("Fire (enter)"), variant="primary", id="fire")
                yield Button(_("Cancel (escape)"), id="leave")

    def on_mount(self) -> None:
        next(iter(self._inputs.values())).focus()

    def action_fire(self) -> None:
        self.dismiss({name: input_.value for name, input_ in self._inputs.items()})

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_fire()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "fire":
            self.action_fire()
        else:
            self.action_leave()
