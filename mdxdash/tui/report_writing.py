"""How the dashboard has the report of an alert written, without waiting for the disk."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from textual.app import App

from mdxdash.alerts.alert import Alert
from mdxdash.language.translation import _

ReportWriter = Callable[[Alert], Awaitable[None]]
"""Writes the report of an alert, and notifies the user of the file or the error."""


def report_writer(app: App[Any], write: Callable[[Alert], Path] | None) -> ReportWriter | None:
    """Makes the writer from a function that blocks; None where there is none."""
    if write is None:
        return None

    async def write_and_notify(alert: Alert) -> None:
        try:
            path = await asyncio.to_thread(write, alert)
        except OSError as error:
            app.notify(
                _("No report: {strerror}").format(strerror=error.strerror or error),
                severity="error",
                timeout=8,
            )
            return
        app.copy_to_clipboard(str(path))
        app.notify(
            _("Wrote {path} (copied). It holds what was said; read it first.").format(path=path),
            timeout=10,
        )

    return write_and_notify
