"""The editor in which a macro is written as TOML, checked while it is typed."""

import asyncio
from collections.abc import Callable
from importlib.util import find_spec
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static, TextArea

from mdxdash.events.printable import printable
from mdxdash.language.translation import _
from mdxdash.settings.toml_source import SettingsError
from mdxdash.settings.validation import ValidationError
from mdxdash.tui.key_actions import named
from mdxdash.tui.leaving_screen import EDITOR_KEY, can_leave_screen, leave_screen
from mdxdash.tui.outside_programs import OutsidePrograms
from mdxdash.tui.screens.dialogs.form import Form
from mdxdash.tui.widgets.error_text import error_text
from mdxdash.tui.widgets.text_fields import PrintableArea


class MacroEditor(Form[bool]):
    """Gives True when it was saved."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save", priority=True, tooltip="Save the macro in the file"),
        *named(
            [Binding(EDITOR_KEY, "editor", "Editor", tooltip="Write it in your own editor")],
        ),
    ]

    def __init__(
        self,
        title: str,
        text: str,
        check: Callable[[str], object],
        save: Callable[[str], None],
    ) -> None:
        """`check` raises SettingsError for a text that is wrong, `save` for one that cannot be
        written; `save` may block."""
        super().__init__()
        self._title = title
        self._check = check
        self._save = save
        # Coloured where the parser for it is installed, plain elsewhere.
        language = "toml" if find_spec("tree_sitter_toml") else None
        self.area = PrintableArea(text, id="macro-text", language=language, show_line_numbers=True)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog", id="macro-editor"):
            yield Static(printable(self._title), classes="dialog-title", markup=False)
            yield self.area
            yield Static("", id="error", markup=False)
            with Horizontal(classes="dialog-buttons"):
                yield Button(_("Save (ctrl+s)"), variant="primary", id="save")
                yield Button(_("Cancel (escape)"), id="leave")

    def on_mount(self) -> None:
        self.area.focus()
        self._look()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self._look()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "editor":
            return can_leave_screen(self.app)
        return super().check_action(action, parameters)

    def action_editor(self) -> None:
        """Lets the text be changed in the user's editor. It is not saved by that."""
        leave_screen(self.app, self._edit_outside())

    async def _edit_outside(self) -> None:
        text = await OutsidePrograms(self.app).edit_text(self.area.text, ".toml")
        if text is not None:
            self.area.text = f"{text}\n"

    def _look(self) -> bool:
        """Shows the error of the text below it; returns whether there is none."""
        try:
            self._check(self.area.text)
        except SettingsError as error:
            where = "" if error.line is None else _("line {line}: ").format(line=error.line)
            self._show_error(f"{where}{error.message}")
            return False
        self._show_error("")
        return True

    def _show_error(self, error: str) -> None:
        self.query_one("#error", Static).update(error_text(error))
        self.query_one("#save", Button).disabled = bool(error)

    @work(exclusive=True)
    async def action_save(self) -> None:
        if not self._look():
            return
        try:
            await asyncio.to_thread(self._save, self.area.text)
        except (ValidationError, SettingsError) as error:
            self.query_one("#error", Static).update(
                printable(_("Not saved: {error}").format(error=error_text(error)))
            )
        else:
            self.dismiss(True)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "save":
            self.action_save()
        else:
            self.action_leave()
