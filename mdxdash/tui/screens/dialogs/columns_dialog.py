"""The columns of the stream: which are shown, how wide they are, and how long rows are shown."""

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar, Final, get_args

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from mdxdash.language.translation import N_, _
from mdxdash.tui import signs
from mdxdash.tui.rows.row_columns import RowColumns, TimeFrom
from mdxdash.tui.screens.dialogs.dialog import Dialog
from mdxdash.tui.widgets.cells import pad
from mdxdash.tui.widgets.lists.row_list import RowList
from mdxdash.tui.widgets.lists.row_parts import RowPart

_TITLES: Final = {
    "time": N_("Time"),
    "agent": N_("Agent"),
    "type": N_("Type"),
    "arguments": N_("Arguments"),
    "echo": N_("Echo"),
    "wrap": N_("Long rows"),
}
_TIMES: Final[dict[TimeFrom, str]] = {
    "clock": N_("time of day"),
    "session": N_("since the session began"),
    "previous": N_("since the row before"),
}
_AGENT_WIDTHS: Final = range(41)
_TYPE_WIDTHS: Final = (0, *range(8, 81))
"""0: as wide as the names and the pane suggest."""


class ColumnsDialog(Dialog[None]):
    """A row a column. The stream shows each change at once."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,O", "dismiss(None)", "Close"),
    ]

    def __init__(self, columns: RowColumns, show: Callable[[RowColumns], None]) -> None:
        """`show` is called with the columns after each change."""
        super().__init__()
        self.rows = _ColumnRows(columns, show)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog", id="columns-dialog"):
            yield Static(_("Columns of the stream"), classes="dialog-title", markup=False)
            yield self.rows
            yield Static(
                _("enter shows or hides · ← → changes its width or what it shows · esc closes"),
                classes="dialog-hint",
                markup=False,
            )

    def on_mount(self) -> None:
        self.rows.focus()


class _ColumnRows(RowList):
    """The columns in their order, and at last whether long rows are wrapped."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Show or hide"),
        Binding("left", "change(-1)", "Narrower", key_display="←"),
        Binding("right", "change(1)", "Wider", key_display="→"),
    ]
    shows_cursor_always: ClassVar[bool] = True

    def __init__(self, columns: RowColumns, show: Callable[[RowColumns], None]) -> None:
        super().__init__(id="columns")
        self.columns = columns
        self._show = show

    @property
    def row_count(self) -> int:
        return len(_TITLES)

    def row_parts(self, row: int, line: int, width: int) -> Iterable[RowPart]:
        name, columns = list(_TITLES)[row], self.columns
        is_on = columns.wrap if name == "wrap" else name in columns.shown
        return [
            RowPart(f" {signs.TYPE_SHOWN if is_on else signs.TYPE_HIDDEN} ", "accent"),
            RowPart(pad(_(_TITLES[name]), 14)),
            RowPart(self._value(name), "dim"),
        ]

    def _value(self, name: str) -> str:
        columns = self.columns
        match name:
            case "time":
                return f"← {_(_TIMES[columns.time])} →"
            case "agent":
                width = (
                    _("{cells} cells at most").format(cells=columns.agent_width)
                    if columns.agent_width
                    else _("as the names need, a third of the pane at most")
                )
                return f"← {width} →"
            case "type":
                width = (
                    _("{cells} cells").format(cells=columns.type_width)
                    if columns.type_width
                    else _("26 cells, 20 in a narrow pane")
                )
                return f"← {width} →"
            case "echo":
                return _("the time until a sent message came back")
            case "wrap":
                return _("in several lines") if columns.wrap else _("cut at the right edge")
        return ""

    def action_choose(self) -> None:
        """Shows the column of the row, or hides it."""
        name = list(_TITLES)[self.cursor]
        if name == "wrap":
            self._change(self.columns._replace(wrap=not self.columns.wrap))
        elif self.columns.shown == {name}:
            self.notify(_("The last column stays: rows would show nothing."), timeout=3)
        else:
            self._change(self.columns._replace(shown=self.columns.shown ^ {name}))

    def action_change(self, by: int) -> None:
        """Makes the column of the row wider or narrower, or lets it show something else."""
        columns = self.columns
        match list(_TITLES)[self.cursor]:
            case "time":
                times: tuple[TimeFrom, ...] = get_args(TimeFrom)
                place = (times.index(columns.time) + by) % len(times)
                self._change(columns._replace(time=times[place]))
            case "agent":
                width = _next_width(columns.agent_width, by, 12, _AGENT_WIDTHS)
                self._change(columns._replace(agent_width=width))
            case "type":
                self._change(
                    columns._replace(
                        type_width=_next_width(columns.type_width, by, 26, _TYPE_WIDTHS)
                    )
                )
            case "wrap":
                self.action_choose()

    def _change(self, columns: RowColumns) -> None:
        self.columns = columns
        self._show(columns)
        self.refresh()


def _next_width(width: int, by: int, middle: int, widths: Sequence[int]) -> int:
    """Returns the next width of a column. From 0, the suggested width, it goes on from `middle`
    cells, in whose place 0 stands."""
    if width == 0:
        return middle + by
    wider = width + by
    return 0 if wider == middle else min(max(wider, widths[1]), widths[-1])
