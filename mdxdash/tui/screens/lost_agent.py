"""The last events of an agent that was lost, and the report of it."""

from collections.abc import Iterable
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from mdxdash.alerts.alert import Alert, loss_text
from mdxdash.language.translation import _
from mdxdash.tui.report_writing import ReportWriter
from mdxdash.tui.widgets.event_row import RowSurroundings, event_parts
from mdxdash.tui.widgets.row_list import RowList, RowPart


class LostAgentScreen(ModalScreen[int | None]):
    """Shows a loss in words and its events; gives the `seq` of the event to go to, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go", "Go to it"),
        Binding("W", "write_report", "Write report"),
        Binding("escape,q,L", "dismiss(None)", "Close", key_display="escape"),
    ]

    def __init__(self, alert: Alert, writer: ReportWriter | None) -> None:
        """`writer` writes the report; None where there is none to write."""
        super().__init__()
        self._alert = alert
        self._writer = writer
        self.rows = _LastEvents(alert)

    def compose(self) -> ComposeResult:
        report = _("W writes a report to send to somebody · ") if self._writer else ""
        with Vertical(classes="dialog", id="lost-agent"):
            yield Static(loss_text(self._alert), classes="dialog-title", markup=False)
            yield self.rows
            yield Static(
                _("Enter goes to the event in the stream · {report}escape closes").format(
                    report=report
                ),
                classes="dialog-hint",
                markup=False,
            )

    def on_mount(self) -> None:
        self.rows.focus()
        self.rows.move_cursor(self.rows.row_count - 1)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "write_report" or self._writer is not None

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        self.dismiss(self.rows.events[event.row].seq)

    @work
    async def action_write_report(self) -> None:
        if self._writer is not None:
            await self._writer(self._alert)


class _LastEvents(RowList):
    """A row an event, oldest first."""

    shows_cursor_always = True

    def __init__(self, alert: Alert) -> None:
        super().__init__(id="last-events")
        self.events = alert.loss.recent if alert.loss else (alert.event,)
        self.styles.max_height = len(self.events)

    @property
    def row_count(self) -> int:
        return len(self.events)

    def row_parts(self, row: int, line: int, width: int) -> Iterable[RowPart]:
        return event_parts(self.events[row], width, RowSurroundings())
