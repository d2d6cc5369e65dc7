"""The form in which a macro that only sends is added or edited."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Button, Input, Label, Static, TextArea

from mdxdash.events.printable import printable
from mdxdash.language.translation import _
from mdxdash.macros.files.text_editing import check_among
from mdxdash.macros.files.toml_form import macro_from_table
from mdxdash.macros.model import Macro
from mdxdash.settings.toml_source import SettingsError
from mdxdash.settings.validation import ValidationError
from mdxdash.tui.screens.dialogs.form import Form
from mdxdash.tui.widgets.error_text import error_text
from mdxdash.tui.widgets.text_fields import PrintableArea, PrintableInput

_LINES = ("name", "key", "every", "target")


class MacroForm(Form[bool]):
    """Gives True when the macro was saved. While it cannot be, the form stays, with the reason.

    It begins with `table`, a macro as its TOML table, and changes only what it has a field for.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save", tooltip="Save the macro in the file"),
    ]

    def __init__(
        self,
        title: str,
        table: Mapping[str, Any],
        macros: Sequence[Macro],
        name: str | None,
        save: Callable[[Macro], None],
        hint: str = "",
    ) -> None:
        """`name` is that of the one among `macros` that is edited; None: it will be a new one.
        `save` raises ValidationError or SettingsError for one that cannot be written; it may block.
        `hint` tells what the form cannot do, and where it can be done."""
        super().__init__()
        self._title = title
        self._table = dict(table)
        self._macros = macros
        self._edited = name
        self._save = save
        self._hint = hint

    def compose(self) -> ComposeResult:
        table = self._table
        send = table.get("send", [])
        with Vertical(classes="dialog", id="macro-form"):
            yield Static(printable(self._title), classes="dialog-title", markup=False)
            with VerticalScroll(id="macro-fields", can_focus=False):
                yield Label(_("Name"))
                yield PrintableInput(table.get("name", ""), id="name", compact=True)
                with Horizontal(classes="fields"):
                    with Vertical():
                        yield Label(_("Key (1-9)"))
                        yield PrintableInput(table.get("key", ""), id="key", compact=True)
                    with Vertical():
                        yield Label(_("Every"))
                        every = table.get("every", "")
                        yield PrintableInput(
                            every, placeholder=_("once; or 2s"), id="every", compact=True
                        )
                    with Vertical():
                        yield Label(_("Target"))
                        target = table.get("target", "")
                        yield PrintableInput(
                            target, placeholder=_("every agent"), id="target", compact=True
                        )
                yield Label(_("Send, a line a message"))
                lines = [send] if isinstance(send, str) else send
                yield PrintableArea("\n".join(lines), id="send", compact=True)
                yield Static(self._hint, classes="dialog-hint", markup=False)
            yield Static("", id="error", markup=False)
            with Horizontal(classes="dialog-buttons"):
                yield Button(_("Save (ctrl+s)"), variant="primary", id="save")
                yield Button(_("Cancel (escape)"), id="leave")

    def on_mount(self) -> None:
        self.query_one("#name", Input).focus()

    @work(exclusive=True)
    async def action_save(self) -> None:
        kept = {key: value for key, value in self._table.items() if key not in (*_LINES, "send")}
        filled = {
            field: text
            for field in _LINES
            if (text := self.query_one(f"#{field}", Input).value.strip())
        }
        lines = [line for line in self.query_one("#send", TextArea).text.split("\n") if line]
        send = lines[0] if len(lines) == 1 else lines
        try:
            macro = macro_from_table({**kept, **filled, "send": send})
            check_among(macro, self._macros, self._edited)
        except ValidationError as error:
            self.query_one("#error", Static).update(error_text(error))
            return
        try:
            await asyncio.to_thread(self._save, macro)
        except (ValidationError, SettingsError) as error:
            text = _("Not saved: {error}").format(error=error_text(error))
            self.query_one("#error", Static).update(text)
        else:
            self.dismiss(True)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "save":
            self.action_save()
        else:
            self.action_leave()
