"""The recorded sessions: each at a glance, a search across all of them, and the choice of one to be
opened. It is an app of its own, since there is no hub and no log yet."""

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar, Final, NamedTuple, TypeVar

from textual import constants, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.filter import LineFilter
from textual.widgets import Input, Static

from mdxdash.alerts.session_index import scan
from mdxdash.events.printable import printable
from mdxdash.filters.filter import Filter, FilterError, parse
from mdxdash.filters.regex import PatternStopped
from mdxdash.language.translation import _, ngettext
from mdxdash.recordings.filtering import search
from mdxdash.recordings.sessions import session_files
from mdxdash.tui.key_actions import named
from mdxdash.tui.key_settings.keymap import NO_KEYS, GivenKeys, use_keys
from mdxdash.tui.panes.session_rows import FoundRows, SessionRows
from mdxdash.tui.screen_filters import NO_COLOR_THEME, screen_filters
from mdxdash.tui.terminal_driver import TerminalDriver
from mdxdash.tui.type_ahead import TypeAheadApp
from mdxdash.tui.widgets.error_text import error_text
from mdxdash.tui.widgets.key_footer import KeyFooter
from mdxdash.tui.widgets.lists.row_list import RowList
from mdxdash.tui.widgets.live_text import LiveText
from mdxdash.tui.widgets.text_fields import PrintableInput

FOUND_MOST: Final = 1000
"""Events that a search shows at most."""

T = TypeVar("T")


class Chosen(NamedTuple):
    """What is to be opened."""

    path: Path
    seq: int | None
    """The number of the event to go to; None for the beginning."""
    search: str
    """What was searched, for coming back."""


class SearchLine(PrintableInput):
    """The line in which is written what is searched."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Search", tooltip="Search in all sessions"),
    ]


class SessionsApp(TypeAheadApp[Chosen | None]):
    """Gives the chosen session; None when it was left."""

    TITLE = "mdxdash"
    CSS_PATH = ["app.tcss", "dashboard/dashboard.tcss"]  # noqa: RUF012  Textual declares it so
    CSS: ClassVar[str] = """
    #sessions-title { height: 1; background: $panel; }
    #sessions-search { background: $boost; border: none; padding: 0 1; }
    #sessions, #found { height: 1fr; background: $background; scrollbar-size-vertical: 1;
        overflow-x: hidden; }
    #found { display: none; }
    #sessions-error { height: auto; color: $text-error; padding: 0 1; display: none; }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = named(
        [
            Binding("slash,f3", "search", "Search all", tooltip="Search in all sessions"),
            Binding("escape", "back", "Back", tooltip="Back to the rows, or to the sessions"),
            Binding("q,f10", "quit", "Quit", tooltip="Quit"),
        ]
    )

    def __init__(
        self,
        directory: Path,
        *,
        theme: str | None = None,
        searched: str = "",
        keys: GivenKeys = NO_KEYS,
        ascii_signs: bool = False,
    ) -> None:
        """`directory` holds the recordings. `searched` is a filter to begin with; `keys` are other
        keys of its actions, `ascii_signs` is `[screen] ascii`."""
        super().__init__()
        use_keys(self, keys)
        self._directory = directory
        self._ascii_signs = ascii_signs
        self._wanted_theme = theme
        self._searched = searched
        self.input = SearchLine(
            placeholder=_("search in all sessions: a filter such as type:RECOG_* hello"),
            id="sessions-search",
            compact=True,
        )
        self.rows = SessionRows()
        self.found = FoundRows()
        self._title = LiveText(id="sessions-title")
        self._error = Static(id="sessions-error", markup=False)
        self._state = ""

    def compose(self) -> ComposeResult:
        yield self._title
        yield self.input
        yield self._error
        yield self.rows
        yield self.found
        yield KeyFooter()

    def get_line_filters(self) -> Sequence[LineFilter]:
        return screen_filters(self, super().get_line_filters(), ascii_signs=self._ascii_signs)

    def get_driver_class(self) -> type[Driver]:
        """Returns the driver of the dashboard, that bad input does not end."""
        return TerminalDriver if constants.DRIVER is None else super().get_driver_class()

    def on_mount(self) -> None:
        if self.no_color:
            self.theme = NO_COLOR_THEME
        elif self._wanted_theme in self.available_themes:
            self.theme = self._wanted_theme or self.theme
        self.input.value = self._searched
        self.set_focus(self.rows)
        self._scan()
        if self._searched:
            self._start_search()
        else:
            self._draw_title()

    # What is read

    @work(exclusive=True, group="scan")
    async def _scan(self) -> None:
        total = len(await asyncio.to_thread(session_files, self._directory))
        self.rows.total = total
        self._draw_title()
        entries = scan(self._directory)
        while (slice_ := await asyncio.to_thread(_next, entries)) is not None:
            for entry in slice_:
                if entry is not None:
                    self.rows.add(entry)
                    self._draw_title()

    def _start_search(self) -> None:
        try:
            filter_ = parse(self.input.value)
        except FilterError as error:
            self._show_error(error_text(error))
            return
        self._show_error("")
        if filter_.is_empty:
            self._show(self.rows)
            return
        self.found.clear()
        self._show(self.found)
        self._search(filter_)

    @work(exclusive=True, group="search")
    async def _search(self, filter_: Filter) -> None:
        paths = list(reversed(await asyncio.to_thread(session_files, self._directory)))
        self.found.state = _("searching")
        slices = search(paths, filter_)
        try:
            while (slice_ := await asyncio.to_thread(_next, slices)) is not None:
                for part in slice_:
                    self.found.add(part[: FOUND_MOST - self.found.count])
                self._draw_title()
                if self.found.count >= FOUND_MOST:
                    break
        except PatternStopped as error:
            stopped = _("{reason}: it matches nothing more").format(reason=error_text(error))
            self._show_error(stopped)
        self.found.state = _("the first") if self.found.count >= FOUND_MOST else ""
        self.found.complete = True
        self.found.refresh()
        self._draw_title()

    # What is shown

    def _show(self, rows: RowList) -> None:
        self.rows.display = rows is self.rows
        self.found.display = rows is self.found
        self.set_focus(rows)
        self._draw_title()

    def _show_error(self, text: str) -> None:
        self._error.update(text)
        self._error.display = bool(text)

    def _draw_title(self) -> None:
        if self.found.display:
            state = f"{self.found.state} " if self.found.state else ""
            count = ngettext("{count:,} event found", "{count:,} events found", self.found.count)
            text = state + count.format(count=self.found.count)
        else:
            rows = self.rows
            count = f"{rows.known:,}"
            if rows.known < rows.total:
                count = _("{known} of {total} read").format(known=count, total=f"{rows.total:,}")
            text = _("Sessions: {count} in {folder}").format(
                count=count, folder=printable(str(self._directory))
            )
        self._title.show_text(f" mdxdash   {text}")

    # What the user does

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The footer shows only what works where the cursor is."""
        if action == "search":
            return not self.input.has_focus
        if action == "back":
            return self.input.has_focus or self.found.has_focus
        return super().check_action(action, parameters)

    def action_search(self) -> None:
        self.set_focus(self.input)

    async def action_back(self) -> None:
        """From the line to the rows; from what was found to the sessions."""
        if self.found.has_focus:
            self._show(self.rows)
        else:
            self.set_focus(self.found if self.found.display else self.rows)

    async def action_quit(self) -> None:
        self.exit(None)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._start_search()

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        searched = self.input.value if self.found.display else ""
        if event.rows is self.rows:
            entry = self.rows.current
            self._show_error(error_text(entry.problem) if entry is not None else "")
            if entry is not None and not entry.problem:
                self.exit(Chosen(self._directory / entry.file, None, searched))
        elif (found := self.found.current) is not None:
            self.exit(Chosen(found.path, found.event.seq, searched))


def _next(iterator: Iterator[T]) -> Sequence[T] | None:
    """Returns the next of an iterator as a sequence of one; None at its end."""
    for each in iterator:
        return (each,)
    return None
