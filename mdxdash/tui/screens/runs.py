"""What the macros did: each run as a block that folds, with its steps, what satisfied them, and
what came instead where it failed."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import ClassVar, Final, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from mdxdash.events.event import Event
from mdxdash.events.printable import printable
from mdxdash.events.text import clock
from mdxdash.macros.running.control import MacroControl
from mdxdash.macros.running.run_log import RunRecord, RunState, StepRecord
from mdxdash.tui import signs
from mdxdash.tui.widgets.event_row import event_parts
from mdxdash.tui.widgets.row_list import RowList, RowPart

LOOKS_PER_SECOND: Final = 4

_SIGNS: dict[RunState, tuple[str, str]] = {
    "running": (signs.RUNNING, "good"),
    "passed": (signs.PASSED, "good"),
    "failed": (signs.FAILED, "bad"),
    "stopped": (signs.STOPPED, "warning"),
}


class RunsScreen(ModalScreen[None]):
    """The newest runs, oldest first. It begins at one of them, or at the last."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,u", "dismiss", "Close"),
        Binding("0", "stop_all", "Stop all"),
    ]

    def __init__(self, runner: MacroControl, run: RunRecord | None = None) -> None:
        super().__init__()
        self._runner = runner
        self.runs = Runs(runner.runs.records, runner.cancel, run)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog", id="runs-screen"):
            yield Static("Runs of macros", classes="dialog-title", markup=False)
            yield self.runs
            yield Static(
                "enter opens and closes a run · x stops the run · 0 stops all · escape closes",
                classes="dialog-hint",
                markup=False,
            )

    def on_mount(self) -> None:
        self.runs.focus()
        self.set_interval(1 / LOOKS_PER_SECOND, self.runs.advance)

    def action_stop_all(self) -> None:
        self._runner.stop_all()
        self.runs.advance()


_Draw = Callable[[int], list[RowPart]]
"""Makes the parts of a row for a width in cells."""

_INDENT = " " * 35
"""Puts what belongs to a step under its text."""

_NARROWEST_EVENT = 20


class _Line(NamedTuple):
    """A row: of which run, its position in the block of that run, and its text."""

    run: RunRecord
    offset: int
    draw: _Draw


class Runs(RowList):
    """The blocks. While runs go on, the cursor stays on its row, and visible rows stay."""

    chooses_on_click: ClassVar[bool] = True

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,right,left", "choose", "Open or close", show=False),
        Binding("x", "stop", "Stop"),
    ]
    shows_cursor_always = True

    def __init__(
        self,
        records: Sequence[RunRecord],
        cancel: Callable[[RunRecord], None],
        run: RunRecord | None,
    ) -> None:
        super().__init__(id="runs")
        self._records = records
        self._cancel = cancel
        first = run or (records[-1] if records else None)
        self._opened: set[int] = set() if first is None else {id(first)}
        self._lines: list[_Line] = []
        self._first = first

    def on_mount(self) -> None:
        self.advance()
        for index, line in enumerate(self._lines):
            if line.run is self._first and line.offset == 0:
                self.call_after_refresh(self.move_cursor, index)

    @property
    def row_count(self) -> int:
        return len(self._lines) or 1

    def row_parts(self, row: int, line: int, width: int) -> Iterable[RowPart]:
        if not self._lines:
            return [RowPart("No macro has run yet.", "dim")]
        return self._lines[row].draw(width) if row < len(self._lines) else []

    def advance(self) -> None:
        """Takes over what happened."""
        before = self._lines[self.cursor] if self.cursor < len(self._lines) else None
        there = {id(record) for record in self._records}
        self._opened &= there
        self._lines = [line for record in self._records for line in self._block(record)]
        if before is not None:
            row = _row_of(before, self._lines)
            by = row - self.cursor
            self.cursor = row
            if by:
                self.scroll_to(y=self.scroll_offset.y + by, animate=False, force=True)
        self.resize_rows()

    def _block(self, record: RunRecord) -> Iterator[_Line]:
        opened = id(record) in self._opened
        yield _Line(record, 0, partial(_header, record, opened))
        if opened:
            for offset, draw in enumerate(_inside(record), 1):
                yield _Line(record, offset, draw)

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        if self._lines:
            line = self._lines[event.row]
            self._opened ^= {id(line.run)}
            self.move_cursor(event.row - line.offset)
            self.advance()

    def action_stop(self) -> None:
        if self._lines:
            self._cancel(self._lines[self.cursor].run)
            self.advance()


def _row_of(line: _Line, lines: Sequence[_Line]) -> int:
    """Where a row is now: the last of its run if that has fewer, the first of all if it is gone."""
    of_run = [index for index, each in enumerate(lines) if each.run is line.run]
    return of_run[min(line.offset, len(of_run) - 1)] if of_run else 0


def _header(record: RunRecord, opened: bool, width: int) -> list[RowPart]:
    sign, style = _SIGNS[record.state]
    took = time.monotonic() - record.began if record.took is None else record.took
    parts = [
        RowPart("▾ " if opened else "▸ ", "accent"),
        RowPart(f"{clock(record.began_at)[:8]}  ", "dim"),
        RowPart(f"{sign} {record.state} ", style),
        RowPart(f" {printable(record.macro)} ", "strong"),
        RowPart(f" {printable(record.agent)} "),
        RowPart(f" {_seconds(took)} ", "dim"),
    ]
    if (step := record.current) is not None and not opened:
        parts.append(RowPart(f" {printable(step.number)} {printable(step.text)}"))
    if record.failure:
        parts.append(RowPart(f" {printable(record.failure)}", "bad"))
    return parts


def _inside(record: RunRecord) -> Iterator[_Draw]:
    """What stands in a block, from the top."""
    if record.trigger is not None:
        yield partial(_event, "    triggered by  ", record.trigger)
    for step in tuple(record.steps):
        yield partial(_step, record, step)
        if step.event is not None:
            yield partial(_event, _INDENT, step.event)
        if step.note:
            style = "bad" if record.failure.endswith(step.note) else "warning"
            yield partial(_text, f"{_INDENT}{printable(step.note)}", style)
    if record.state == "failed":
        came = "the last events, oldest first:" if record.recent else "no event had come"
        yield partial(_text, f"    {signs.FAILED} {came}", "bad")
        for event in record.recent:
            yield partial(_event, "      ", event)


def _step(record: RunRecord, step: StepRecord, width: int) -> list[RowPart]:
    """When it began, how long it took, its number, what it does."""
    goes_on = step.ended is None
    until = time.monotonic() - record.began if step.ended is None else step.ended
    return [
        RowPart(f"  {signs.RUNNING} " if goes_on else "    ", "good"),
        RowPart(f"{'+' + _seconds(step.started):>10} ", "dim"),
        RowPart(f"{_seconds(max(0.0, until - step.started)):>10}  ", "good" if goes_on else "dim"),
        RowPart(f"{printable(step.number):<7} ", "accent"),
        RowPart(printable(step.text), "strong" if goes_on else ""),
    ]


def _event(before: str, event: Event, width: int) -> list[RowPart]:
    room = max(_NARROWEST_EVENT, width - len(before))
    return [RowPart(before, "dim"), *event_parts(event, room, marked=False, agent_width=0)]


def _text(text: str, style: str, width: int) -> list[RowPart]:
    return [RowPart(text, style)]


def _seconds(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:,.1f} s"
