"""Records a run in a command: opens and closes the journal, and reports its warnings."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from mdxdash.cli.output.diagnostics import report
from mdxdash.events.log import EventLog
from mdxdash.recordings.journal import Journal
from mdxdash.recordings.sessions import apply_retention, recording_file
from mdxdash.settings.model import RecordingSettings

_LOOK_INTERVAL = 0.5
"""Seconds between two checks whether the journal has a warning."""


def journal_for(
    settings: RecordingSettings, file: Path | None, log: EventLog, address: Callable[[], str]
) -> Journal | None:
    """Makes the journal of a run; None when nothing is to be recorded."""
    path = recording_file(settings, file)
    if path is None:
        return None
    return Journal(
        path, log, address=address, waiting_bytes=settings.waiting, reserved=file is None
    )


@asynccontextmanager
async def recorded(journal: Journal | None, settings: RecordingSettings) -> AsyncIterator[None]:
    """Records while its body runs, and removes old recordings before and after. All disk access is
    in threads, so that a slow disk does not block the event loop."""
    if journal is None:
        yield
        return
    await asyncio.to_thread(journal.__enter__)
    try:
        await asyncio.to_thread(apply_retention, settings)
        yield
    finally:
        await asyncio.to_thread(journal.__exit__, None, None, None)
        await asyncio.to_thread(apply_retention, settings)


@asynccontextmanager
async def headless_recording(
    settings: RecordingSettings, file: Path | None, log: EventLog, address: Callable[[], str]
) -> AsyncIterator[None]:
    """Records while its body runs, and reports on stderr when recording stops and resumes."""
    journal = journal_for(settings, file, log, address)
    async with recorded(journal, settings):
        watcher = asyncio.create_task(_report_warnings(journal))
        try:
            yield
        finally:
            watcher.cancel()
    if journal is not None and journal.warning:
        report(journal.warning)


async def _report_warnings(journal: Journal | None) -> None:
    warned = False
    while journal is not None:
        if bool(journal.warning) != warned:
            warned = not warned
            text = journal.warning if warned else f"recording to {journal.path} goes on"
            report(text)
        await asyncio.sleep(_LOOK_INTERVAL)
