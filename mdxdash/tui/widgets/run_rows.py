"""The rows of runs of macros: a macro with several of them, a run, and what stands in a run."""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final

from mdxdash.events.event import Event
from mdxdash.events.printable import printable
from mdxdash.events.text import clock
from mdxdash.language.translation import N_, _, localized
from mdxdash.macros.running.control import Tally
from mdxdash.macros.running.run_log import RunRecord, RunState, StepRecord
from mdxdash.tui import signs
from mdxdash.tui.widgets.events.event_row import RowSurroundings, event_parts
from mdxdash.tui.widgets.lists.row_parts import RowPart

Draw = Callable[[int], list[RowPart]]
"""Makes the parts of a row for a width in cells."""

_SIGNS: dict[RunState, tuple[str, str]] = {
    N_("running"): (signs.RUNNING, "good"),
    N_("passed"): (signs.PASSED, "good"),
    N_("failed"): (signs.FAILED, "bad"),
    N_("stopped"): (signs.STOPPED, "warning"),
}

_INDENT = " " * 35
"""Puts what belongs to a step under its text."""

_NARROWEST_EVENT: Final = 20


def macro_row(
    runs: Sequence[RunRecord], total: Tally | None, opened: bool, width: int
) -> list[RowPart]:
    """Draws the row of a macro with several runs: how many of them failed, passed and so on.

    * `runs`: those that are kept, oldest first.
    * `total`: the counts of the whole session, where they are known.
    * `opened`: whether the runs stand below.
    """
    last = runs[-1]
    parts = [
        RowPart("▾ " if opened else "▸ ", "accent"),
        RowPart(f"{clock(last.began_at)[:8]}  ", "dim"),
    ]
    counts = {state: sum(run.state == state for run in runs) for state in _SIGNS}
    if total is not None:
        counts["failed"] = max(counts["failed"], total.failed)
        counts["passed"] = max(counts["passed"], total.passed)
    order: tuple[RunState, ...] = ("failed", "running", "stopped", "passed")
    for state in order:
        if counts[state]:
            sign, style = _SIGNS[state]
            parts.append(RowPart(f"{sign} {counts[state]:,} {_(state)} ", style))
    parts.append(RowPart(f" {printable(last.macro)} ", "strong"))
    failure = next((run.failure for run in reversed(runs) if run.failure), "")
    return [*parts, RowPart(f" {printable(localized(failure))}", "bad")] if failure else parts


def run_row(record: RunRecord, opened: bool, indent: str, width: int) -> list[RowPart]:
    """Draws the row of a run.

    * `opened`: whether its steps stand below.
    * `indent`: what stands before it.
    """
    sign, style = _SIGNS[record.state]
    took = time.monotonic() - record.began if record.took is None else record.took
    parts = [
        RowPart(f"{indent}{'▾' if opened else '▸'} ", "accent"),
        RowPart(f"{clock(record.began_at)[:8]}  ", "dim"),
        RowPart(f"{sign} {_(record.state)} ", style),
        RowPart(f" {printable(record.macro)} ", "strong"),
        RowPart(f" {printable(record.agent)} "),
        RowPart(f" {_seconds(took)} ", "dim"),
    ]
    if (step := record.current) is not None and not opened:
        parts.append(RowPart(f" {printable(step.number)} {printable(localized(step.text))}"))
    if record.failure:
        parts.append(RowPart(f" {printable(localized(record.failure))}", "bad"))
    return parts


def rows_inside(record: RunRecord) -> Iterator[Draw]:
    """Yields the rows of what a run did, from the top: its steps, and why it failed."""
    if record.trigger is not None:
        yield partial(_event, f"    {_('triggered by')}  ", record.trigger)
    for step in tuple(record.steps):
        yield partial(_step, record, step)
        if step.event is not None:
            yield partial(_event, _INDENT, step.event)
        if step.note:
            style = "bad" if record.failure.endswith(step.note) else "warning"
            yield partial(_text, f"{_INDENT}{printable(localized(step.note))}", style)
    if record.state == "failed":
        came = _("the last events, oldest first:") if record.recent else _("no event had come")
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
        RowPart(printable(localized(step.text)), "strong" if goes_on else ""),
    ]


def _event(before: str, event: Event, width: int) -> list[RowPart]:
    room = max(_NARROWEST_EVENT, width - len(before))
    return [RowPart(before, "dim"), *event_parts(event, room, RowSurroundings())]


def _text(text: str, style: str, width: int) -> list[RowPart]:
    return [RowPart(text, style)]


def _seconds(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:,.1f} s"
