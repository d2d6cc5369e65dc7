"""Events that have left memory, read back from the recording: the stream goes on upwards here."""

import asyncio
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static
from textual.worker import Worker

from mdxdash.events.event import Event
from mdxdash.events.links import REACH, command_among, replies_among
from mdxdash.events.log import EventLog, Older
from mdxdash.language.translation import Language, _
from mdxdash.tui.key_settings.keymap import shown_key
from mdxdash.tui.keys import LINK_KEYS
from mdxdash.tui.rows.row_columns import ALL_COLUMNS, RowColumns
from mdxdash.tui.screens.dialogs.dialog import Dialog
from mdxdash.tui.screens.event_screen import EventScreen, Links
from mdxdash.tui.widgets.error_text import error_text
from mdxdash.tui.widgets.events.event_description import describe
from mdxdash.tui.widgets.events.event_list import EventList, not_shown
from mdxdash.tui.widgets.events.event_row import RowSurroundings, event_parts
from mdxdash.tui.widgets.lists.row_list import RowList
from mdxdash.tui.widgets.lists.row_parts import RowPart

WINDOW: Final = 10_000
"""Events read in one go: some hundredths of a second."""

ENOUGH: Final = 200
"""Rows after which it is not read further back until somebody goes there."""

ROWS_MAX: Final = 50_000
"""Rows held; beyond that the newest of them go, since they are nearer to what is in memory."""


class OlderRows(EventList):
    """Events, oldest first. What comes is put before the first."""

    class AtTop(Message):
        """The reader is at the first row and wants to go on."""

    class PastEnd(Message):
        """The reader goes down from the last row: back to what is in memory."""

    def __init__(self, log: EventLog, columns: RowColumns) -> None:
        super().__init__(log, id="older")
        # Of the session's first event nothing is known here.
        self._columns = columns if columns.time == "previous" else columns._replace(time="clock")
        self.events: list[Event] = []

    @property
    def row_count(self) -> int:
        return len(self.events)

    def event_at(self, row: int) -> Event:
        return self.events[row]

    def row_of(self, seq: int) -> int:
        return bisect_left(self.events, seq, key=attrgetter("seq"))

    def shows(self, seq: int) -> bool:
        row = self.row_of(seq)
        return row < self.row_count and self.events[row].seq == seq

    def row_parts(self, row: int, line: int, width: int) -> Iterable[RowPart]:
        event = self.events[row]
        marked = event.seq in self._event_log.marked
        since = event.time - self.events[row - 1].time if row else None
        around = RowSurroundings(marked, agent_width=self._columns.agent_width, since=since)
        return event_parts(event, width, around, self._columns)

    def put_before(self, events: Sequence[Event]) -> None:
        """Takes older events; the reader stays where he is, at first on the last row."""
        cursor = self.cursor if self.events else -1
        self.events = [*events, *self.events][:ROWS_MAX]
        self.resize_rows()
        self._move(cursor + len(events))

    def put_after(self, events: Sequence[Event]) -> None:
        """Takes newer events; the reader goes on to the first of them."""
        gone = max(0, len(self.events) + len(events) - ROWS_MAX)
        cursor = len(self.events) - gone
        self.events = [*self.events, *events][gone:]
        self.resize_rows()
        self._move(cursor)

    def _move(self, row: int) -> None:
        past_end = row >= self.row_count and self.cursor == self.row_count - 1
        super()._move(row)
        if past_end and self.row_count:
            self.post_message(self.PastEnd())
        elif self.cursor == 0:
            self.post_message(self.AtTop())


class OlderScreen(Dialog[int | None]):
    """Rows from the recording that pass the stream's filter. It may give the `seq` of an event in
    memory that the reader wants to go to."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "dismiss", "Close"), *LINK_KEYS]

    DEFAULT_CSS: ClassVar[str] = """
    OlderScreen Vertical {
        width: 100%; height: 100%; border: round $accent; background: $background;
    }
    OlderScreen #older { height: 1fr; background: $background; scrollbar-size-vertical: 1; }
    OlderScreen #older-detail { height: 7; padding: 0 1; background: $surface; }
    """

    def __init__(
        self,
        older: Older,
        log: EventLog,
        passes: Callable[[Event], bool],
        now: Callable[[], float],
        language: Language,
        columns: RowColumns = ALL_COLUMNS,
    ) -> None:
        """`columns` are those of the stream, but that rows are not wrapped here."""
        super().__init__()
        self._older = older
        self._session_log = log
        self._before = self._read_from = self._in_memory_from = log.first_seq
        """Read is `_read_from <= seq < _before`; more may follow up to `_in_memory_from`."""
        self._passes = passes
        self._now = now
        self._language: Language = language
        self._reading: Worker[None] | None = None
        self._rows = OlderRows(log, columns)
        self._detail = Static("", id="older-detail")
        self._box = Vertical()

    def compose(self) -> ComposeResult:
        with self._box:
            yield self._rows
            yield self._detail

    def on_mount(self) -> None:
        self._rows.focus()
        self._box.border_subtitle = Content(self._hint())
        self.watch(self._rows, "cursor", self._show_current, init=False)
        self._read_back()

    def _hint(self) -> str:
        """What can be done with a row, with the keys for it."""
        actions = ("mark", "next_mark", "previous_mark", "copy")
        keys = {each: shown_key(self.app, each, EventList.BINDINGS) for each in actions}
        keys |= {each: shown_key(self.app, each) for each in ("reply", "command")}
        return _(
            "Enter opens · {mark} marks · {next_mark} {previous_mark} marked ones · "
            "{copy} copies · {reply} {command} reply, command"
        ).format(**keys)

    async def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        await self.app.push_screen(EventScreen(self._rows, self._links, self._language))

    async def _links(self, event: Event) -> Links:
        before = await self._events(max(1, event.seq - REACH), event.seq)
        after = await self._events(event.seq + 1, event.seq + 1 + REACH)
        return Links(command_among(before, event), replies_among(after, event, self._now()))

    def on_older_rows_at_top(self) -> None:
        self._read_back()

    def on_older_rows_past_end(self) -> None:
        if self._before >= self._in_memory_from:
            self.dismiss()
        elif not self._is_reading:
            self._reading = self._read_on()

    def _show_current(self) -> None:
        event = self._rows.current
        lines = describe(event, None, self._language) if event else []
        self._detail.update(Content("\n").join(lines))

    @work(group="links", exclusive=True)
    async def action_reply(self) -> None:
        """Goes to the reply to the row's command."""
        if (command := self._rows.current) is None:
            return
        after = await self._events(command.seq + 1, command.seq + 1 + REACH)
        answers = replies_among(after, command, self._now())
        self._go_to(next((each.event for each in answers if each.event), None))

    @work(group="links", exclusive=True)
    async def action_command(self) -> None:
        """Goes to the command that the row replies to."""
        if (reply := self._rows.current) is not None:
            before = await self._events(max(1, reply.seq - REACH), reply.seq)
            self._go_to(command_among(before, reply))

    async def _events(self, start: int, stop: int) -> list[Event]:
        """Events whether they pass or not, from the recording and from memory."""
        log = self._session_log
        held, first = log.slice(start, stop), log.first_seq
        try:
            return [*await asyncio.to_thread(self._older, start, min(stop, first)), *held]
        except OSError as error:
            self._show_unreadable(error)
            return held

    def _go_to(self, event: Event | None) -> None:
        if event is None:
            self.notify(_("There is no such event."), timeout=2)
        elif self._rows.shows(event.seq):
            self._rows.select_event(event.seq)
        elif event.seq >= self._in_memory_from:
            self.dismiss(event.seq)
        elif event.seq < self._read_from and self._passes(event):
            self.notify(
                _("#{seq} {type} is further up; {first} goes there.").format(
                    seq=event.seq,
                    type=event.type,
                    first=shown_key(self.app, "first", RowList.BINDINGS),
                ),
                timeout=3,
            )
        elif event.seq >= self._before and self._passes(event):
            self.notify(
                _("#{seq} {type} is further down; {last} goes there.").format(
                    seq=event.seq,
                    type=event.type,
                    last=shown_key(self.app, "last", RowList.BINDINGS),
                ),
                timeout=3,
            )
        else:
            self.notify(not_shown(event), timeout=3)

    def _read_back(self) -> None:
        # Not anew while it is being read: a key that is held down would never see the end.
        if not self._is_reading:
            self._reading = self._read()

    @property
    def _is_reading(self) -> bool:
        return self._reading is not None and not self._reading.is_finished

    @work(group="older")
    async def _read(self) -> None:
        found: list[Event] = []
        read_from = self._read_from
        try:
            while len(found) < ENOUGH and read_from > 1:
                start = max(1, read_from - WINDOW)
                found[:0] = await asyncio.to_thread(self._passing, start, read_from)
                read_from = start
                self._show_state(_("reading #{start:,}").format(start=start))
        except OSError as error:
            self._show_unreadable(error)
            return
        self._read_from = read_from
        if found:
            self._rows.put_before(found)
            if self._rows.row_count == ROWS_MAX:
                self._before = self._rows.events[-1].seq + 1
            self._show_current()
        self._show_range()

    @work(group="older")
    async def _read_on(self) -> None:
        """Downwards again, to what had to go for older rows."""
        found: list[Event] = []
        before = self._before
        try:
            while len(found) < ENOUGH and before < self._in_memory_from:
                stop = min(before + WINDOW, self._in_memory_from)
                found += await asyncio.to_thread(self._passing, before, stop)
                before = stop
        except OSError as error:
            self._show_unreadable(error)
            return
        self._before = before
        if found:
            self._rows.put_after(found)
            if self._rows.row_count == ROWS_MAX:
                self._read_from = self._rows.events[0].seq
            self._show_current()
        self._show_range()

    def _passing(self, start: int, stop: int) -> list[Event]:
        """Those of the recording that pass; in a thread, for a filter may take its time."""
        return [event for event in self._older(start, stop) if self._passes(event)]

    def _show_range(self) -> None:
        self._show_state(
            _("from #{first:,} to #{before:,}; escape goes back").format(
                first=self._read_from, before=self._before - 1
            )
        )

    def _show_unreadable(self, error: OSError) -> None:
        self._show_state(
            _("the recording cannot be read: {strerror}").format(
                strerror=error_text(error.strerror or str(error))
            )
        )

    def _show_state(self, state: str) -> None:
        self._box.border_title = Content(_("Older, in the recording · {state}").format(state=state))
