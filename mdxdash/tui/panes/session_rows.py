"""The rows of recorded sessions, and of the events that a search across them has found."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import ClassVar

from textual.binding import Binding, BindingType

from mdxdash.alerts.session_entry import SessionEntry
from mdxdash.events.printable import printable
from mdxdash.events.text import local_time, sign
from mdxdash.language.translation import _
from mdxdash.recordings.filtering import Found
from mdxdash.tui.panes.status_bar import alert_counts
from mdxdash.tui.widgets.bars import sparkline
from mdxdash.tui.widgets.cells import pad
from mdxdash.tui.widgets.elapsed import elapsed
from mdxdash.tui.widgets.error_text import error_text
from mdxdash.tui.widgets.events.event_text import event_marks, event_payload
from mdxdash.tui.widgets.lists.row_list import RowList
from mdxdash.tui.widgets.lists.row_parts import RowPart

_WIDE = 110
"""Cells of a row from which on all bars of the rate are drawn."""


class SessionRows(RowList):
    """A row a session, the newest first: when, how long, how much, what went wrong, who."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter", "choose", "Open", tooltip="Open the session; of a broken one all of the reason"
        )
    ]
    shows_cursor_always = True

    def __init__(self) -> None:
        super().__init__(id="sessions")
        self.total = 0
        """How many there are, read or not."""
        self._entries: list[SessionEntry] = []

    @property
    def known(self) -> int:
        """How many have been read."""
        return len(self._entries)

    @property
    def row_count(self) -> int:
        return len(self._entries) or 1

    @property
    def current(self) -> SessionEntry | None:
        """The session under the cursor; None without one."""
        return self._entries[self.cursor] if self.cursor < len(self._entries) else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "choose":
            return self.current is not None
        return super().check_action(action, parameters)

    def add(self, entry: SessionEntry) -> None:
        """Adds a session, which is older than those before."""
        self._entries.append(entry)
        self.resize_rows()

    def row_parts(self, row: int, line: int, width: int) -> Iterable[RowPart]:
        if not self._entries:
            return [RowPart(_("reading") if self.total else _("Nothing is recorded yet."), "dim")]
        entry = self._entries[row]
        parts = [RowPart(f" {_local_start(entry.started)}  ", "strong")]
        if entry.problem:
            return [*parts, RowPart(error_text(entry.problem), "bad")]
        rate = list(entry.rate)
        if width < _WIDE:
            rate = [sum(rate[n : n + 2]) for n in range(0, len(rate), 2)]
        parts += [
            RowPart(f"{elapsed(entry.seconds):>9} "),
            RowPart(f"{entry.events:>9,}  "),
            RowPart(f"{sparkline(rate)}  ", "accent"),
        ]
        if entry.alerts:
            parts.append(RowPart(f"! {alert_counts(entry.alerts)}  ", "bad"))
        agents = ", ".join(map(printable, entry.agents))
        return [*parts, RowPart(agents or _("no agent"), "" if agents else "dim")]


class FoundRows(RowList):
    """A row an event that was found, with its session."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Open", tooltip="Open the session at the event")
    ]
    shows_cursor_always = True

    def __init__(self) -> None:
        super().__init__(id="found")
        self.complete = False
        """Whether all sessions were searched, or enough was found."""
        self.state = ""
        """How far the search is, in words."""
        self._found: list[Found] = []

    @property
    def count(self) -> int:
        """How many events were found."""
        return len(self._found)

    @property
    def row_count(self) -> int:
        return len(self._found) or 1

    @property
    def current(self) -> Found | None:
        """What is under the cursor; None without anything."""
        return self._found[self.cursor] if self.cursor < len(self._found) else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "choose":
            return self.current is not None
        return super().check_action(action, parameters)

    def clear(self) -> None:
        """Begins anew."""
        self._found.clear()
        self.complete = False
        self.cursor = 0
        self.resize_rows()

    def add(self, found: Sequence[Found]) -> None:
        """Adds what was found next."""
        if found:
            self._found += found
            self.resize_rows()

    def row_parts(self, row: int, line: int, width: int) -> Iterable[RowPart]:
        if not self._found:
            text = _("Nothing passes the filter.") if self.complete else _("searching")
            return [RowPart(f" {text}", "dim")]
        event = self._found[row].event
        when = local_time(event.time).strftime("%Y-%m-%d %H:%M:%S")
        text = printable(event_payload(event)[:width])
        noted = event_marks(event)
        return [
            RowPart(f" {when}  ", "dim"),
            RowPart(f"{sign(event)} "),
            RowPart(f"{pad(printable(event.agent) or '-', 10)} ", "dim"),
            RowPart(text, "strong"),
            RowPart(f"  {noted}", "bad" if event.lost else "dim"),
        ]


def _local_start(started: str) -> str:
    """Returns when a session began, in local time: `2026-11-25 21:02`."""
    try:
        return datetime.fromisoformat(started).astimezone().strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return f"{'?':<16}"
