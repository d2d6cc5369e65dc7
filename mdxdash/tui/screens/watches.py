"""The watches: the filter in force is pinned as a counter here, with an alarm if wanted, and
unpinned."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label, Static

from mdxdash.alerts.watch import ALARM_HELP, WatchState, watch_from_form
from mdxdash.alerts.watch_file import WatchFile
from mdxdash.events.printable import printable
from mdxdash.filters.filter import FilterError, parse
from mdxdash.language.translation import _
from mdxdash.settings.toml_source import SettingsError
from mdxdash.settings.validation import ValidationError
from mdxdash.tui.screens.dialogs.confirm import ConfirmDialog
from mdxdash.tui.screens.dialogs.form import Form
from mdxdash.tui.widgets.cells import pad
from mdxdash.tui.widgets.error_text import error_text
from mdxdash.tui.widgets.lists.row_list import RowList
from mdxdash.tui.widgets.lists.row_parts import RowPart
from mdxdash.tui.widgets.text_fields import PrintableInput

LOOKS_PER_SECOND: Final = 4

_NAME_CELLS: Final = 20
_TYPE: Final = "type:"


class WatchesScreen(Form[str]):
    """Gives the filter of the watch whose events are to be shown; None when it was left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,p", "leave", "Close", show=False, tooltip="Close the watches"),
        Binding("down", "list", "List", show=False, tooltip="Go to the watches"),
    ]

    def __init__(
        self, states: Callable[[], Sequence[WatchState]], file: WatchFile | None, filter_text: str
    ) -> None:
        """`file` is where watches are pinned; None where that is not possible from here.
        `filter_text` is the filter in force."""
        super().__init__()
        self._file = file
        self.filter = PrintableInput(filter_text, id="watch-filter", compact=True)
        self.watch_name = PrintableInput(suggested_name(filter_text), id="watch-name", compact=True)
        self.alarm = PrintableInput(placeholder=_("none"), id="watch-alarm", compact=True)
        self._error = Static("", id="error", markup=False)
        self.rows = WatchRows(states)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog", id="watches"):
            yield Static(_("Watches"), classes="dialog-title", markup=False)
            if self._file is not None:
                yield Label(_("Filter"), markup=False)
                yield self.filter
                with Horizontal(classes="fields"):
                    with Vertical():
                        yield Label(_("Name"), markup=False)
                        yield self.watch_name
                    with Vertical(id="watch-alarm-field"):
                        yield Label(_("Alarm"), markup=False)
                        yield self.alarm
                yield Static(
                    _("An alarm is empty, {help}.").format(help=_(ALARM_HELP)),
                    markup=False,
                    id="alarm-help",
                )
                yield self._error
            yield self.rows
            yield Static(self._hint(), classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        self.set_interval(1 / LOOKS_PER_SECOND, self.rows.advance)
        if self._file is None:
            self.rows.focus()
        else:
            (self.watch_name if self.filter.value else self.filter).focus()

    def _hint(self) -> str:
        if self._file is None:
            return _("they are pinned and unpinned where the hub runs · escape closes")
        return _(
            "in a field enter pins · ↓ goes to the list · there enter shows the events, "
            "delete unpins · escape closes"
        )

    def action_list(self) -> None:
        """Goes from a field to the list."""
        self.rows.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._error.update("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._pin()

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        if (state := self.rows.current) is not None:
            self.dismiss(state.filter)

    @work(exclusive=True, group="watch-file")
    async def _pin(self) -> None:
        if self._file is None:
            return
        try:
            name = self.watch_name.value or suggested_name(self.filter.value)
            watch = watch_from_form(name, self.filter.value, self.alarm.value)
            await asyncio.to_thread(self._file.add, watch)
        except (ValidationError, SettingsError) as error:
            self._error.update(error_text(error))
            return
        alarm = _(", alarm: {alarm}").format(alarm=watch.alarm) if watch.alarm else ""
        self.app.notify(_("Pinned {name}{alarm}.").format(name=watch.name, alarm=alarm), timeout=4)
        self.dismiss(None)

    @work(exclusive=True, group="watch-file")
    async def unpin(self, name: str) -> None:
        """Asks, and removes a watch from the file."""
        if self._file is None:
            self.app.notify(_("Watches are unpinned where the hub runs."), timeout=4)
            return
        dialog = ConfirmDialog(
            _('Unpin "{name}"?').format(name=name),
            _("It is removed from {path}.").format(path=self._file.path),
            yes=_("Unpin"),
            no=_("Keep"),
        )
        if not await self.app.push_screen_wait(dialog):
            return
        try:
            await asyncio.to_thread(self._file.delete, name)
        except SettingsError as error:
            self._error.update(error_text(error))
        self.rows.advance()


class WatchRows(RowList):
    """A row a watch: its name, its count, its alarm, its filter."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Events", tooltip="Show the events that the watch counts"),
        Binding("delete", "unpin", "Unpin", tooltip="Remove the watch from the settings file"),
    ]
    shows_cursor_always = True

    def __init__(self, states: Callable[[], Sequence[WatchState]]) -> None:
        super().__init__(id="watch-rows")
        self._states = states
        self._shown = tuple(states())

    @property
    def row_count(self) -> int:
        return len(self._shown)

    @property
    def current(self) -> WatchState | None:
        """The watch under the cursor; None if there is none."""
        return self._shown[self.cursor] if self.cursor < len(self._shown) else None

    def row_parts(self, row: int, line: int, width: int) -> Iterable[RowPart]:
        state = self._shown[row]
        parts = [
            RowPart(pad(printable(state.name), _NAME_CELLS), "strong"),
            RowPart(f"{state.count:>9,} "),
        ]
        if state.problem:
            return [*parts, RowPart(f" {error_text(state.problem)}", "bad")]
        if state.alarm:
            if state.alarms:
                parts.append(RowPart(f" ! {state.alarms:,} × ", "bad"))
            parts.append(RowPart(_(" alarm: {alarm} ").format(alarm=printable(state.alarm))))
        return [*parts, RowPart(f" {printable(state.filter)}", "dim")]

    def advance(self) -> None:
        """Takes over what was counted."""
        self._shown = tuple(self._states())
        self.cursor = min(self.cursor, max(0, len(self._shown) - 1))
        self.resize_rows()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("choose", "unpin"):
            return self.current is not None
        return super().check_action(action, parameters)

    def action_unpin(self) -> None:
        if (state := self.current) is not None and isinstance(self.screen, WatchesScreen):
            self.screen.unpin(state.name)


def suggested_name(filter_text: str) -> str:
    """Returns a name for a filter: its type if it is about one, else its text."""
    text = " ".join(filter_text.split())
    try:
        parse(text)
    except FilterError:
        return ""
    first = text.split(" ")[0]
    name = first.removeprefix(_TYPE) if first.startswith(_TYPE) else text
    return printable(name)[:_NAME_CELLS].strip()
