"""A list from which one entry is chosen."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from mdxdash.events.printable import printable
from mdxdash.language.translation import _
from mdxdash.tui.screens.dialogs.dialog import Dialog
from mdxdash.tui.widgets.lists.row_list import RowList
from mdxdash.tui.widgets.lists.row_parts import RowPart


class Choice(NamedTuple):
    """Something to choose, and a line about it."""

    title: str
    about: str


class ChoiceDialog(Dialog[int | None]):
    """Gives the index of what was chosen; None when it was left."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "dismiss(None)", "Cancel")]

    def __init__(self, title: str, choices: Sequence[Choice], hint: str) -> None:
        super().__init__()
        self._title = title
        self._hint = hint
        self.rows = _Choices(choices)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog", id="choice"):
            yield Static(self._title, classes="dialog-title", markup=False)
            yield self.rows
            yield Static(
                _("{hint}; escape cancels").format(hint=self._hint),
                classes="dialog-hint",
                markup=False,
            )

    def on_mount(self) -> None:
        self.rows.focus()

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        self.dismiss(event.row)


class _Choices(RowList):
    """Two lines a choice."""

    LINES_PER_ROW: ClassVar[int] = 2
    chooses_on_click: ClassVar[bool] = True

    def __init__(self, choices: Sequence[Choice]) -> None:
        super().__init__(id="choices")
        self._choices = choices
        self.styles.height = max(1, len(choices)) * self.LINES_PER_ROW

    @property
    def row_count(self) -> int:
        return len(self._choices)

    def row_parts(self, row: int, line: int, width: int) -> Iterable[RowPart]:
        choice = self._choices[row]
        return [
            RowPart(printable(choice.title), "strong")
            if line == 0
            else RowPart(f"  {printable(choice.about)}", "dim")
        ]
