"""Asks into which file the shown events go, and writes them there."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from mdxdash.events.event import Event
from mdxdash.events.export import EXPORTS, FORMATS
from mdxdash.events.recording_lines import Header
from mdxdash.events.view import View
from mdxdash.tui.session import Session


class ExportDialog(ModalScreen[None]):
    """A file name; its ending says which format is meant."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "Cancel")]

    def __init__(self, view: View, session: Session) -> None:
        super().__init__()
        self._view = view
        self._session = session
        self._file = Input(f"events-{datetime.now():%Y%m%d-%H%M%S}.jsonl", compact=True)
        self._mistake = Static("", id="mistake", markup=False)
        self._asked: Path | None = None

    def compose(self) -> ComposeResult:
        shown = str(self._view.filter) or "all events"
        with Vertical(classes="dialog"):
            yield Static(f"Export {shown}", classes="dialog-title", markup=False)
            yield self._file
            yield Static(f"The ending says how: {', '.join(FORMATS)}. Enter writes.", markup=False)
            yield self._mistake

    def on_mount(self) -> None:
        self._file.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._asked = None
        self._mistake.update("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        path = Path(event.value.strip()).expanduser()
        if problem := self._problem(path):
            self._mistake.update(problem)
            return
        header = Header(address=self._session.hub.url, partial=True)
        self.app.run_worker(
            export_shown(self.app, self._view, header, path), group="export", exit_on_error=False
        )
        self.dismiss()

    def _problem(self, path: Path) -> str:
        """What stands against writing there, or has to be asked first; empty: nothing."""
        if path.suffix.lower() not in FORMATS:
            return f'"{path.name}": expected a name that ends in one of {", ".join(FORMATS)}'
        if path.is_dir() or not path.parent.is_dir():
            return f"{path.parent if not path.is_dir() else path}: expected a file in a folder"
        if not path.exists():
            return ""
        recording = self._session.recording_file
        if recording is not None and recording.exists() and path.samefile(recording):
            return f"{path}: this is the recording itself"
        if self._asked != path:
            self._asked = path
            return f"{path} exists; Enter again writes over it"
        return ""


async def export_shown(app: App[None], view: View, header: Header, path: Path) -> None:
    """Writes what passes the view's filter now, and tells how it went."""
    chunks = []
    for chunk in view.passing():
        chunks.append(chunk)
        await asyncio.sleep(0)
    try:
        await asyncio.to_thread(_write, chunks, header, path)
    except OSError as error:
        app.notify(f"{path}: {error.strerror or error}", severity="error")
        return
    app.notify(f"Exported {sum(map(len, chunks)):,} events to {path}.")


def _write(chunks: Sequence[list[Event]], header: Header, path: Path) -> None:
    with path.open("wb") as file:
        file.writelines(EXPORTS[FORMATS[path.suffix.lower()]](chunks, header))
