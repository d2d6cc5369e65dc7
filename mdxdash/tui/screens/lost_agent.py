"""The last events of an agent that was lost, and the report of it."""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from mdxdash.alerts.alert import Alert, loss_meaning, loss_text
from mdxdash.events.event import Event
from mdxdash.events.links import command_of, replies_to
from mdxdash.events.log import EventLog
from mdxdash.language.translation import _, current
from mdxdash.tui.key_actions import named
from mdxdash.tui.key_settings.keymap import shown_key
from mdxdash.tui.report_writing import ReportWriter
from mdxdash.tui.screens.dialogs.dialog import Dialog
from mdxdash.tui.screens.event_screen import EventScreen, Links
from mdxdash.tui.widgets.events.event_list import EventList
from mdxdash.tui.widgets.events.event_row import RowSurroundings, event_parts
from mdxdash.tui.widgets.lists.row_list import RowList
from mdxdash.tui.widgets.lists.row_parts import RowPart


class LostAgentScreen(Dialog[int | None]):
    """Shows a loss in words and its events; gives the `seq` of the event to go to, or None."""

    BINDINGS: ClassVar[list[BindingType]] = named(
        [
            Binding("s", "go", "Go to it", tooltip="Go to the event in the stream"),
            Binding("W", "write_report", "Write report"),
            Binding("escape,q,L", "dismiss(None)", "Close"),
        ]
    )

    def __init__(
        self,
        alert: Alert,
        writer: ReportWriter | None,
        *,
        log: EventLog,
        now: Callable[[], float],
    ) -> None:
        """Makes the screen of a loss.

        * `writer`: writes the report; None where there is none to write.
        * `log`: knows which events are marked, and what belongs to an event.
        * `now`: returns Unix time.
        """
        super().__init__()
        self._alert = alert
        self._writer = writer
        self._event_log = log
        self._now = now
        self.rows = _LastEvents(alert, log)

    def compose(self) -> ComposeResult:
        write, go = (
            shown_key(self.app, action, self.BINDINGS) for action in ("write_report", "go_to_it")
        )
        report = (
            _("{write} writes a report to send to somebody · ").format(write=write)
            if self._writer
            else ""
        )
        with Vertical(classes="dialog", id="lost-agent"):
            yield Static(loss_text(self._alert), classes="dialog-title", markup=False)
            if meaning := loss_meaning(self._alert):
                yield Static(meaning, id="loss-meaning", markup=False)
            yield self.rows
            yield Static(
                _(
                    "Enter opens the event · {go} goes to it in the stream · {report}escape closes"
                ).format(go=go, report=report),
                classes="dialog-hint",
                markup=False,
            )

    def on_mount(self) -> None:
        self.rows.focus()
        # Not before its height is known: the last row would be below it.
        self.call_after_refresh(self.rows.move_cursor, self.rows.row_count - 1)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "write_report" or self._writer is not None

    def action_go(self) -> None:
        """Goes to the event of the row in the stream."""
        if event := self.rows.current:
            self.dismiss(event.seq)

    async def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        await self.app.push_screen(EventScreen(self.rows, self._links, current()))

    async def _links(self, event: Event) -> Links:
        log = self._event_log
        return Links(command_of(log, event), replies_to(log, event, self._now()))

    @work
    async def action_write_report(self) -> None:
        if self._writer is not None:
            await self._writer(self._alert)


class _LastEvents(EventList):
    """A row an event, oldest first."""

    def __init__(self, alert: Alert, log: EventLog) -> None:
        super().__init__(log, id="last-events")
        self.events = alert.loss.recent if alert.loss else (alert.event,)
        self.styles.max_height = len(self.events)

    @property
    def row_count(self) -> int:
        return len(self.events)

    def event_at(self, row: int) -> Event:
        return self.events[row]

    def row_of(self, seq: int) -> int:
        return bisect_left(self.events, seq, key=attrgetter("seq"))

    def shows(self, seq: int) -> bool:
        return any(event.seq == seq for event in self.events)

    def row_parts(self, row: int, line: int, width: int) -> Iterable[RowPart]:
        event = self.events[row]
        marked = event.seq in self._event_log.marked
        return event_parts(event, width, RowSurroundings(marked=marked))
