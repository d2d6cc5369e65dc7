"""What the macros did: a row a macro, failures first, that opens to its runs; each run opens to its
steps, what satisfied them, and what came instead where it failed."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import ClassVar, Final, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from mdxdash.language.translation import _
from mdxdash.macros.running.control import MacroControl, Tally
from mdxdash.macros.running.run_log import RunRecord
from mdxdash.tui.key_actions import named
from mdxdash.tui.key_settings.keymap import shown_key
from mdxdash.tui.screens.dialogs.dialog import Dialog
from mdxdash.tui.widgets.lists.row_list import RowList
from mdxdash.tui.widgets.lists.row_parts import RowPart
from mdxdash.tui.widgets.run_rows import Draw, macro_row, rows_inside, run_row

LOOKS_PER_SECOND: Final = 4


class RunsScreen(Dialog[None]):
    """The newest runs. It begins at one of them, or at the newest."""

    BINDINGS: ClassVar[list[BindingType]] = named(
        [
            Binding("escape,q,u", "dismiss", "Close"),
            Binding("0", "stop_all", "Stop all"),
        ]
    )

    def __init__(self, runner: MacroControl, run: RunRecord | None = None) -> None:
        super().__init__()
        self._runner = runner
        self.runs = Runs(runner.runs.records, runner.cancel, self._total, run)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog", id="runs-screen"):
            yield Static(_("Runs of macros"), classes="dialog-title", markup=False)
            yield self.runs
            yield Static(
                _(
                    "enter opens and closes a macro or a run · {stop} stops it · "
                    "{stop_all} stops all · escape closes"
                ).format(
                    stop=shown_key(self.app, "stop", Runs.BINDINGS),
                    stop_all=shown_key(self.app, "stop_all"),
                ),
                classes="dialog-hint",
                markup=False,
            )

    def on_mount(self) -> None:
        self.runs.focus()
        self.set_interval(1 / LOOKS_PER_SECOND, self.runs.advance)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "stop_all":
            return self.runs.any_running
        return super().check_action(action, parameters)

    def action_stop_all(self) -> None:
        self._runner.stop_all()
        self.runs.advance()

    def _total(self, name: str) -> Tally | None:
        macro = next((each for each in self._runner.macros if each.name == name), None)
        return None if macro is None else self._runner.tally(macro)


class _Line(NamedTuple):
    """A row: of which run or, with several runs, of which macro; its position in the block of that
    run; its text."""

    of: RunRecord | str
    offset: int
    draw: Draw


class Runs(RowList):
    """The blocks. While runs go on, the cursor stays on its row, and visible rows stay."""

    chooses_on_click: ClassVar[bool] = True

    BINDINGS: ClassVar[list[BindingType]] = named(
        [
            Binding("enter,right,left", "choose", "Open or close", tooltip="Open or close the run"),
            Binding("x", "stop", "Stop", tooltip="Stop the run"),
        ]
    )
    shows_cursor_always = True

    def __init__(
        self,
        records: Sequence[RunRecord],
        cancel: Callable[[RunRecord], None],
        total: Callable[[str], Tally | None],
        run: RunRecord | None,
    ) -> None:
        """`total` returns the counts of the macro of a name, where they are known."""
        super().__init__(id="runs")
        self._records = records
        self._cancel = cancel
        self._total = total
        first = run or (records[-1] if records else None)
        self._opened: set[int | str] = set() if first is None else {id(first)}
        if run is not None:
            self._opened.add(run.macro)
        self._lines: list[_Line] = []
        self._first = first

    def on_mount(self) -> None:
        self.advance()
        if (first := self._first) is not None:
            rows = {_key(line.of): row for row, line in reversed(list(enumerate(self._lines)))}
            self.call_after_refresh(self.move_cursor, rows.get(id(first), rows.get(first.macro, 0)))

    @property
    def row_count(self) -> int:
        return len(self._lines) or 1

    def row_parts(self, row: int, line: int, width: int) -> Iterable[RowPart]:
        if not self._lines:
            return [RowPart(_("No macro has run yet."), "dim")]
        return self._lines[row].draw(width) if row < len(self._lines) else []

    def advance(self) -> None:
        """Takes over what happened."""
        before = self._lines[self.cursor] if self.cursor < len(self._lines) else None
        there = {id(record) for record in self._records}
        self._opened = {key for key in self._opened if isinstance(key, str) or key in there}
        self._lines = list(self._rows())
        if before is not None:
            row = _row_of(before, self._lines)
            by = row - self.cursor
            self.cursor = row
            if by:
                self.scroll_to(y=self.scroll_offset.y + by, animate=False, force=True)
        self.resize_rows()

    def _rows(self) -> Iterator[_Line]:
        by_macro: dict[str, list[RunRecord]] = {}
        for record in self._records:
            by_macro.setdefault(record.macro, []).append(record)
        # Stable, so that macros stay in their order but for those that failed.
        for name in sorted(by_macro, key=lambda each: not _has_failed(by_macro[each])):
            runs = by_macro[name]
            if len(runs) == 1:
                yield from self._block(runs[0], "")
                continue
            opened = name in self._opened
            yield _Line(name, 0, partial(macro_row, tuple(runs), self._total(name), opened))
            if opened:
                newest_first = list(reversed(runs))
                for record in sorted(newest_first, key=lambda run: run.state != "failed"):
                    yield from self._block(record, "  ")

    def _block(self, record: RunRecord, indent: str) -> Iterator[_Line]:
        opened = id(record) in self._opened
        yield _Line(record, 0, partial(run_row, record, opened, indent))
        if opened:
            for offset, draw in enumerate(rows_inside(record), 1):
                yield _Line(record, offset, draw)

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        if self._lines:
            line = self._lines[event.row]
            self._opened ^= {_key(line.of)}
            row = event.row - line.offset
            self.move_cursor(row)
            before = self.row_count
            self.advance()
            if (more := self.row_count - before) > 0:
                self.call_after_refresh(self._show_block, row, more)

    def _show_block(self, row: int, more: int) -> None:
        """Scrolls what was opened into view, as far as there is room."""
        self.show_row(row + min(more, self.scrollable_content_region.height - 1))

    @property
    def any_running(self) -> bool:
        """Whether a run is not over."""
        return any(record.state == "running" for record in self._records)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("choose", "stop") and self.cursor >= len(self._lines):
            return False
        if action == "stop":
            return bool(self._running_of(self._lines[self.cursor].of))
        return super().check_action(action, parameters)

    def action_stop(self) -> None:
        of = self._lines[self.cursor].of
        for record in self._running_of(of):
            self._cancel(record)
        self.advance()

    def _running_of(self, of: RunRecord | str) -> list[RunRecord]:
        """The runs that are not over: the run of a row, or all of its macro."""
        return [
            record
            for record in self._records
            if record.state == "running" and (record is of or record.macro == of)
        ]


def _has_failed(runs: Sequence[RunRecord]) -> bool:
    return any(run.state == "failed" for run in runs)


def _key(of: RunRecord | str) -> int | str:
    return of if isinstance(of, str) else id(of)


def _row_of(line: _Line, lines: Sequence[_Line]) -> int:
    """Where a row is now: the last of its run if that has fewer, that of its macro if the run is
    among others now, or the first of all if it is gone."""
    own = [row for row, each in enumerate(lines) if _key(each.of) == _key(line.of)]
    if own:
        return own[min(line.offset, len(own) - 1)]
    macro = line.of if isinstance(line.of, str) else line.of.macro
    return next(
        (
            row
            for row, each in enumerate(lines)
            if macro == (each.of if isinstance(each.of, str) else each.of.macro)
        ),
        0,
    )
