"""How the stream's rows are laid out: changes it by keys, and saves it for later runs."""

import asyncio
from typing import Any

from textual.app import App

from mdxdash.settings.toml_source import SettingsError
from mdxdash.tui.app_context import AppContext
from mdxdash.tui.rows.row_columns import settings_of
from mdxdash.tui.views.stream import Stream
from mdxdash.tui.widgets.error_text import error_text


class RowControl:
    """What the keys for rows do."""

    def __init__(self, app: App[Any], context: AppContext, stream: Stream) -> None:
        self._app = app
        self._app_context = context
        self._stream = stream
        self._saved = settings_of(stream.columns)
        self._writing = asyncio.Lock()

    def switch_wrap(self) -> None:
        """Shows long rows in several lines, or cut at the right edge again."""
        columns = self._stream.columns
        self._stream.show_columns(columns._replace(wrap=not columns.wrap))
        self._save()

    async def open_columns(self) -> None:
        """Lets the user choose the columns; saves them when the dialog is closed."""
        from mdxdash.tui.screens.dialogs.columns_dialog import (  # noqa: PLC0415  not what a start needs
            ColumnsDialog,
        )

        dialog = ColumnsDialog(self._stream.columns, self._stream.show_columns)
        await self._app.push_screen(dialog, lambda _: self._save())

    def _save(self) -> None:
        wanted = settings_of(self._stream.columns)
        changed = {key: value for key, value in wanted.items() if value != self._saved[key]}
        self._saved = wanted
        if changed:
            # One after the other: each reads the file again.
            self._app.run_worker(self._write(changed), group="columns")

    async def _write(self, changed: dict[str, Any]) -> None:
        async with self._writing:
            for key, value in changed.items():
                try:
                    await asyncio.to_thread(self._app_context.keep_screen, key, value)
                except SettingsError as error:
                    self._app.notify(error_text(error), severity="warning")
                    return
