"""Asks into which file the shown events go, and writes them there."""

import asyncio
from datetime import datetime
from pathlib import Path

from textual import work
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from mdxdash.events.printable import printable
from mdxdash.filters.regex import PatternStopped
from mdxdash.filters.view import View
from mdxdash.language.translation import _, ngettext
from mdxdash.recordings.exporting.formats import FORMATS
from mdxdash.recordings.exporting.view_export import (
    EventRange,
    ViewExport,
    check_target,
    event_range,
)
from mdxdash.recordings.file_format import Header
from mdxdash.settings.user_path import user_path
from mdxdash.tui.app_context import AppContext
from mdxdash.tui.screens.dialogs.form import Form
from mdxdash.tui.widgets.error_text import error_text


class ExportDialog(Form[None]):
    """Asks for a file name; its ending selects the format."""

    def __init__(self, view: View, context: AppContext) -> None:
        super().__init__()
        self._view = view
        self._app_context = context
        self._file = Input(f"events-{datetime.now():%Y%m%d-%H%M%S}.jsonl", compact=True)
        self._error = Static("", id="error", markup=False)
        self._asked: Path | None = None

    def compose(self) -> ComposeResult:
        shown = str(self._view.filter) or _("all events")
        with Vertical(classes="dialog"):
            yield Static(
                _("Export {shown}").format(shown=shown), classes="dialog-title", markup=False
            )
            yield self._file
            recorded = self._app_context.older is not None
            yield Static(_sources(event_range(self._view), recorded=recorded), markup=False)
            yield Static(
                _("Format by the ending: {formats}. Enter exports.").format(
                    formats=", ".join(FORMATS)
                ),
                markup=False,
            )
            yield self._error

    def on_mount(self) -> None:
        self._file.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._asked = None
        self._error.update("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        try:
            path = user_path(event.value.strip())
        except OSError as error:
            self._error.update(error_text(error))
        else:
            self._export(path)

    @work(exclusive=True)
    async def _export(self, path: Path) -> None:
        target = await asyncio.to_thread(check_target, path, self._app_context.recording_file)
        problem = target.problem
        if not problem and target.exists and self._asked != path:
            self._asked = path
            problem = _("{path} exists; Enter again overwrites it").format(path=path)
        if problem:
            self._error.update(error_text(problem))
            return
        header = Header(address=self._app_context.hub.url, partial=True)
        export = ViewExport(self._view, self._app_context.older, self._app_context.now())
        self.app.run_worker(
            export_shown(self.app, export, header, path), group="export", exit_on_error=False
        )
        self.dismiss()


async def export_shown(app: App[None], export: ViewExport, header: Header, path: Path) -> None:
    """Writes the file, and notifies the user of the outcome."""
    try:
        await asyncio.to_thread(export.write, path, header)
    except PatternStopped as error:
        app.notify(f"{printable(str(path))}: {error_text(error)}", severity="error")
        return
    except OSError as error:
        where = printable(str(error.filename or path))
        app.notify(f"{where}: {error_text(error.strerror or str(error))}", severity="error")
        return
    count = export.from_recording + export.from_memory
    text = ngettext(
        "Exported {count:,} event to {path}", "Exported {count:,} events to {path}", count
    ).format(count=count, path=path)
    if export.from_recording:
        text += _(": {from_recording:,} from the recording, {from_memory:,} from memory").format(
            from_recording=export.from_recording, from_memory=export.from_memory
        )
    if export.missing:
        text += ngettext(
            ". {missing:,} older one is in no recording",
            ". {missing:,} older ones are in no recording",
            export.missing,
        ).format(missing=export.missing)
    app.notify(f"{text}.", severity="warning" if export.missing else "information")


def _sources(event_range: EventRange, *, recorded: bool) -> str:
    """Where the events are looked for, and how many are lost."""
    held, older = f"{event_range.held:,}", f"{event_range.older:,}"
    if not event_range.older:
        return ngettext(
            "Looks through {held} event in memory.",
            "Looks through {held} events in memory.",
            event_range.held,
        ).format(held=held)
    if recorded:
        return _("Looks through {older} events in the recording, {held} in memory.").format(
            older=older, held=held
        )
    return _("{held} events in memory; {older} older ones are lost: nothing is recorded.").format(
        held=held, older=older
    )
