"""The macros pane: what can be fired, what runs and where it is, how often it fired, and when it
fires next."""

import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from rich.cells import cell_len
from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message

from mdxdash.dialogue.turn import Turn
from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.events.printable import printable
from mdxdash.language.translation import N_, _, localized
from mdxdash.macros.files.watched_file import MacroFile
from mdxdash.macros.model import Macro
from mdxdash.macros.recorder import MacroRecorder
from mdxdash.macros.running.control import MacroControl, NotFired
from mdxdash.macros.running.run_log import RunRecord
from mdxdash.settings.quantities import format_duration
from mdxdash.tui import signs
from mdxdash.tui.key_actions import named
from mdxdash.tui.key_settings.keymap import shown_key
from mdxdash.tui.leaving_screen import EDITOR_KEY, can_leave_screen, leave_screen
from mdxdash.tui.screens.macro_dialogs.params_form import ParamsForm
from mdxdash.tui.type_ahead import OPENING
from mdxdash.tui.widgets.cells import pad
from mdxdash.tui.widgets.lists.row_list import RowList
from mdxdash.tui.widgets.lists.row_parts import RowPart

if TYPE_CHECKING:
    from mdxdash.tui.screens.macro_dialogs.macro_editing import MacroEditing

RUNS_SHOWN: Final = 3
"""Runs of a macro that have lines of their own here; the runs screen has them all."""


_NO_FILE: Final = N_("Macros can be edited only where the hub runs.")

EDITING: Final = frozenset({"add", "edit", "edit_text", "delete", "ready_made", "open_file"})
"""Actions that change the file of the macros."""


class _Line(NamedTuple):
    """A row: a macro, or under it one of its runs."""

    macro: Macro
    run: RunRecord | None = None


class MacrosPane(RowList):
    """A row a macro, in the file's order, and under it a row for each run with its step. Enter or a
    double click fires a macro, and shows a run."""

    BORDER_TITLE = N_("Macros")

    BINDINGS: ClassVar[list[BindingType]] = named(
        [
            Binding("enter", "choose", "Fire", tooltip="Fire the macro, or show the run"),
            Binding("x", "stop", "Stop", tooltip="Stop the macro, or the run"),
            Binding("plus,insert", "add", "Add", tooltip="Add a macro"),
            Binding("E", "edit", "Edit", tooltip="Edit the macro"),
            Binding("delete", "delete", "Delete", tooltip="Delete the macro from the file"),
            Binding(
                "ctrl+e", "edit_text", "Edit as TOML", show=False, tooltip="Edit the macro as TOML"
            ),
            Binding(
                EDITOR_KEY,
                "open_file",
                "Editor",
                show=False,
                tooltip="Open the macro's file in your own editor",
            ),
            Binding(
                "l",
                "ready_made",
                "Ready-made",
                show=False,
                tooltip="Copy a ready-made macro into the file",
            ),
        ]
    )

    class RunWanted(Message):
        """The user wants to see a run."""

        def __init__(self, run: RunRecord) -> None:
            super().__init__()
            self.run = run

    def __init__(self, runner: MacroControl, file: MacroFile | None, log: EventLog) -> None:
        """`file` is where they are edited; None where that is not possible."""
        super().__init__(id="macros")
        self.runner = runner
        self.recorder = MacroRecorder(log)
        self._file = file
        self._lines: list[_Line] = [_Line(macro) for macro in runner.macros]
        self._by_hand: list[RunRecord] = []
        """Runs that were started here and go on: the user is notified if one fails."""

    @cached_property
    def _editing(self) -> "MacroEditing":
        assert self._file is not None  # `check_action` hides what edits
        # Its dialogs are not what a start should wait for.
        from mdxdash.tui.screens.macro_dialogs.macro_editing import MacroEditing  # noqa: PLC0415

        return MacroEditing(self, self.runner, self._file)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if self._file is None and action in EDITING:
            return False
        if action == "open_file":
            return can_leave_screen(self.app)
        if action in ("choose", "edit", "edit_text", "delete"):
            return self.selected_macro is not None
        if action == "stop":
            macro = self.selected_macro
            return macro is not None and self.runner.is_running(macro)
        return super().check_action(action, parameters)

    @property
    def row_count(self) -> int:
        return len(self._lines)

    @property
    def selected_macro(self) -> Macro | None:
        """The macro under the cursor, or the one whose run is there."""
        return self._lines[self.cursor].macro if self.cursor < self.row_count else None

    def resize_rows(self) -> None:
        """Takes over what runs now. The cursor stays with its macro or run."""
        current = self._lines[self.cursor] if self.cursor < self.row_count else None
        self._lines = []
        for macro in self.runner.macros:
            self._lines.append(_Line(macro))
            active = self.runner.active(macro)
            self._lines += [_Line(macro, run) for run in active[-RUNS_SHOWN:]]
        if current is not None and self._lines:
            self.cursor = _row_of(current, self._lines, self.cursor)
        self._show_title()
        self._notify_failures()
        super().resize_rows()

    def _notify_failures(self) -> None:
        over = [run for run in self._by_hand if run.state != "running"]
        if over:
            self._by_hand = [run for run in self._by_hand if run.state == "running"]
        for run in over:
            if run.state == "failed":
                self.notify(
                    _("{macro}: {failure} ({runs} shows the run)").format(
                        macro=run.macro, failure=run.failure, runs=shown_key(self.app, "runs")
                    ),
                    severity="error",
                )

    def _show_title(self) -> None:
        title = _("Macros")
        if self.recorder.recording:
            title = _("Macros · ● recording {commands:,} ({record} ends)").format(
                commands=self.recorder.commands, record=shown_key(self.app, "record")
            )
        if str(self.border_title) != title:
            self.border_title = Content(title)

    def row_parts(self, row: int, line: int, width: int) -> Iterable[RowPart]:
        if row >= self.row_count:
            return []
        macro, run = self._lines[row]
        return self._macro_parts(macro, width) if run is None else _run_parts(run, width)

    def _macro_parts(self, macro: Macro, width: int) -> list[RowPart]:
        tally = self.runner.tally(macro)
        running = self.runner.is_running(macro)
        numbers = f" {tally.fired:,} " if tally.fired or running else " "
        period = "" if macro.every is None else format_duration(macro.every)
        if running and (left := self.runner.next_in(macro)) is not None:
            period = _("in {left:.1f} s / {period}").format(left=left, period=period)
        failed = f"{signs.FAILED} {tally.failed:,} " if tally.failed else ""
        notes = f"  {period}{numbers}"
        unarmed = macro.name in self.runner.waiting_for_trust and not running
        if unarmed:
            notes, failed = _("  not trusted "), ""
        if tally.refused:
            notes, failed = _("  refused "), ""
        room = max(4, width - cell_len(notes) - cell_len(failed) - 4)
        style = "bad" if tally.refused or unarmed else "good" if running else "dim"
        return [
            RowPart(f"{macro.key or ' '} ", "accent"),
            RowPart(f"{signs.RUNNING} " if running else "  ", "good"),
            RowPart(pad(printable(macro.name), room), "strong" if running else ""),
            RowPart(notes, style),
            *([RowPart(failed, "bad")] if failed else []),
        ]

    def trigger(self, macro: Macro) -> None:
        """Fires a macro, first asking for its parameters, or switches one with `every` or `on`;
        notifies the user if it could not be fired."""
        if macro.is_switched:
            self.runner.trigger(macro)
            if refused := self.runner.tally(macro).refused:
                self.notify(f"{macro.name}: {refused}", severity="error")
            self.resize_rows()
        elif macro.params:
            self._ask_and_fire(macro)
        else:
            self._fire(macro, None)

    @work
    async def _ask_and_fire(self, macro: Macro) -> None:
        params = await self.app.push_screen_wait(ParamsForm(macro))
        if params is not None:
            self._fire(macro, params)

    @work
    async def _fire(self, macro: Macro, params: dict[str, str] | None) -> None:
        try:
            firing = await self.runner.request_fire(macro, params)
        except NotFired as reason:
            self.notify(f"{macro.name}: {reason}", severity="error")
            return
        self._by_hand += firing.runs
        if firing.outcome == "no agent":
            self.notify(
                _("{name}: no agent is connected").format(name=macro.name), severity="warning"
            )
        elif firing.outcome != "started":
            then = _("; it is queued") if firing.outcome == "queued" else ""
            self.notify(
                _("{name} still runs{then} ({stop} in the macros pane stops it).").format(
                    name=macro.name, then=then, stop=shown_key(self.app, "stop", self.BINDINGS)
                )
            )
        self.resize_rows()

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        macro, run = self._lines[event.row]
        if run is None:
            self.trigger(macro)
        else:
            self.post_message(self.RunWanted(run))

    def action_stop(self) -> None:
        if self.cursor < self.row_count:
            macro, run = self._lines[self.cursor]
            if run is None:
                self.runner.stop(macro)
            else:
                self.runner.cancel(run)
            self.resize_rows()

    @work(group=OPENING)
    async def add(self, lines: Sequence[str], target: str | None) -> None:
        """Asks for a macro that sends these lines to a target, and writes it into the file."""
        if self._file is None:
            self.notify(_(_NO_FILE), severity="warning")
            return
        await self._edited(self._editing.add(lines, target))

    def action_add(self) -> None:
        self.add([], None)

    @work(group=OPENING)
    async def action_edit(self) -> None:
        if macro := self.selected_macro:
            await self._edited(self._editing.edit(macro))

    @work(group=OPENING)
    async def action_edit_text(self) -> None:
        if macro := self.selected_macro:
            await self._edited(self._editing.edit_text(macro))

    @work(group=OPENING)
    async def action_delete(self) -> None:
        if macro := self.selected_macro:
            await self._edited(self._editing.delete(macro))

    def action_open_file(self) -> None:
        """Opens the file in the user's editor, at the macro's place."""
        leave_screen(self.app, self._open_file())

    async def _open_file(self) -> None:
        await self._edited(self._editing.open_file(self.selected_macro))

    @work(group=OPENING)
    async def action_ready_made(self) -> None:
        await self._edited(self._editing.copy_ready_made())

    def switch_recording(self) -> None:
        """Starts recording what is sent by hand, or stops and makes a macro of it."""
        if self._file is None:
            self.notify(_(_NO_FILE), severity="warning")
            return
        if self.recorder.recording:
            self._make_macro(self.recorder.stop())
        else:
            self.recorder.start()
            text = _("Recording what you send; {record} ends it and makes a macro of it.")
            self.notify(text.format(record=shown_key(self.app, "record")), timeout=4)
        self.resize_rows()

    @work(group=OPENING)
    async def _make_macro(self, events: Sequence[Event]) -> None:
        await self._edited(self._editing.add_recorded(events))

    @work(group=OPENING)
    async def add_dialogue(
        self, turns: Sequence[Turn], event_of: Callable[[int], Event | None]
    ) -> None:
        """Makes a macro of turns: it says the same to the agent, and expects the same answers."""
        await self._edited(self._editing.add_dialogue(turns, event_of))

    async def _edited(self, editing: Awaitable[None]) -> None:
        """Takes over what an edit has done: the cursor goes to the macro that is new, or has a new
        name."""
        before = {macro.name for macro in self.runner.macros}
        await editing
        self.resize_rows()
        new = [row for row, each in enumerate(self._lines) if each.macro.name not in before]
        if new:
            self.move_cursor(new[-1])


def _row_of(line: _Line, lines: Sequence[_Line], before: int) -> int:
    """Where a row is now; that of its macro when its run is over, else the nearest."""
    rows = {
        (each.macro.name, None if each.run is None else id(each.run)): index
        for index, each in enumerate(lines)
    }
    own = (line.macro.name, None if line.run is None else id(line.run))
    return rows.get(own, rows.get((line.macro.name, None), min(before, len(lines) - 1)))


def _run_parts(run: RunRecord, width: int) -> list[RowPart]:
    """The step that a run is at, and since when."""
    step = run.current
    if step is None:
        return [RowPart(f"    {printable(run.agent)}", "dim")]
    since = max(0.0, time.monotonic() - run.began - step.started)
    notes = f" {since:.0f} s "
    text = f"{printable(step.number)} {printable(localized(step.text))}  {printable(run.agent)}"
    return [
        RowPart("    "),
        RowPart(pad(text, max(4, width - cell_len(notes) - 4)), ""),
        RowPart(notes, "good"),
    ]
