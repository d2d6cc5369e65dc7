"""Reports on stderr, in a command without a screen, when recording stops and resumes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from mdxdash.cli.output.diagnostics import report
from mdxdash.events.log import EventLog
from mdxdash.language.translation import _
from mdxdash.recordings.journal import Journal
from mdxdash.remote.session_journal import journal_for, recorded
from mdxdash.settings.model import RecordingSettings

_LOOK_INTERVAL = 0.5
"""Seconds between two checks whether the journal has a warning."""


@asynccontextmanager
async def headless_recording(
    settings: RecordingSettings, file: Path | None, log: EventLog, address: Callable[[], str]
) -> AsyncIterator[None]:
    """Records while its body runs, and reports as `warnings_reported` does."""
    journal = journal_for(settings, file, log, address)
    async with warnings_reported(journal), recorded(journal, settings):
        yield


@asynccontextmanager
async def warnings_reported(journal: Journal | None) -> AsyncIterator[None]:
    """Reports when recording stops and resumes while its body runs, and what is missing at the
    end. None: nothing is recorded."""
    if journal is None:
        yield
        return
    watcher = asyncio.create_task(_report_warnings(journal))
    try:
        yield
    finally:
        watcher.cancel()
        await asyncio.wait([watcher])
    if journal.warning:
        report(journal.warning)


async def _report_warnings(journal: Journal) -> None:
    warned = False
    while True:
        if bool(journal.warning) != warned:
            warned = not warned
            text = (
                journal.warning
                if warned
                else _("recording to {path} goes on").format(path=journal.path)
            )
            report(text)
        await asyncio.sleep(_LOOK_INTERVAL)
