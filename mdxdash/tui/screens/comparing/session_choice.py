"""Asks for the session with which the one on the screen is compared."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from mdxdash.events.printable import printable
from mdxdash.language.translation import _
from mdxdash.settings.user_path import user_path
from mdxdash.tui.screens.dialogs.dialog import Dialog
from mdxdash.tui.widgets.error_text import error_text
from mdxdash.tui.widgets.lists.row_list import RowList
from mdxdash.tui.widgets.lists.row_parts import RowPart


class SessionChoice(Dialog[Path | None]):
    """Gives the file of a session; None when it was left."""

    DEFAULT_CSS: ClassVar[str] = """
    SessionChoice #recordings {
        height: auto; max-height: 12; background: $surface; scrollbar-size-vertical: 1;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Cancel"),
        Binding("down", "app.focus_next", show=False),
    ]

    def __init__(self, recordings: Sequence[Path]) -> None:
        """`recordings` are the sessions to choose from, the newest first."""
        super().__init__()
        self.file = Input(placeholder=_("a recording, or another file with events"), compact=True)
        self.rows = _Recordings(recordings)
        self._error = Static("", id="error", markup=False)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(_("Compare with an older session"), classes="dialog-title", markup=False)
            yield self.file
            yield self._error
            if self.rows.recordings:
                yield self.rows
            yield Static(
                _("↓ goes to the recordings; Enter compares; escape cancels"),
                classes="dialog-hint",
                markup=False,
            )

    def on_mount(self) -> None:
        self._error.display = False
        (self.rows if self.rows.recordings else self.file).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if not (text := event.value.strip()):
            return
        try:
            path = user_path(text)
        except OSError as error:
            self._error.update(error_text(error))
            self._error.display = True
        else:
            self.dismiss(path)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._error.display = False

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        self.dismiss(self.rows.recordings[event.row])


class _Recordings(RowList):
    """A row a recording."""

    def __init__(self, recordings: Sequence[Path]) -> None:
        super().__init__(id="recordings")
        self.recordings = recordings
        self.styles.height = max(1, len(recordings))

    @property
    def row_count(self) -> int:
        return len(self.recordings)

    def row_parts(self, row: int, line: int, width: int) -> Iterable[RowPart]:
        return [RowPart(f" {printable(self.recordings[row].name)}", "strong")]
