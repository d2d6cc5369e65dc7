"""The recording of a run: where it goes, which older ones stay, and the time that it is written."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import click
import platformdirs

from mdxdash.events.log import EventLog
from mdxdash.recordings.journal import Journal
from mdxdash.recordings.sessions import new_file, remove_old
from mdxdash.settings.resolution import RecordingSettings

_LOOK_INTERVAL = 0.5
"""Seconds between two looks at whether recording goes on."""


def recordings_directory(settings: RecordingSettings) -> Path:
    """Where sessions are recorded, whether it exists or not."""
    if settings.directory is not None:
        return Path(settings.directory).expanduser()
    return platformdirs.user_data_path("mdxdash", appauthor=False) / "recordings"


def journal_for(
    settings: RecordingSettings, file: Path | None, log: EventLog, address: Callable[[], str]
) -> Journal | None:
    """The journal of a run: into `file` if one is named, else into a new file of the folder;
    None when nothing is to be recorded. A named file wins over settings that record nothing."""
    if file is None and not settings.enabled:
        return None
    path = file or new_file(recordings_directory(settings), datetime.now())
    return Journal(path, log, address=address, waiting_bytes=settings.waiting)


@asynccontextmanager
async def recorded(journal: Journal | None, settings: RecordingSettings) -> AsyncIterator[None]:
    """Records meanwhile, and removes what is too old. The disk never holds up the event loop."""
    if journal is None:
        yield
        return
    await asyncio.to_thread(journal.__enter__)
    try:
        await asyncio.to_thread(_remove_old, settings)
        yield
    finally:
        await asyncio.to_thread(journal.__exit__, None, None, None)
        await asyncio.to_thread(_remove_old, settings)


@asynccontextmanager
async def headless_recording(
    settings: RecordingSettings, file: Path | None, log: EventLog, address: Callable[[], str]
) -> AsyncIterator[None]:
    """Records meanwhile, and says on stderr when that stops and when it goes on."""
    journal = journal_for(settings, file, log, address)
    async with recorded(journal, settings):
        watcher = asyncio.create_task(_tell_warnings(journal))
        try:
            yield
        finally:
            watcher.cancel()
    if journal is not None and journal.warning:
        click.echo(journal.warning, err=True)


async def _tell_warnings(journal: Journal | None) -> None:
    troubled = False
    while journal is not None:
        if bool(journal.warning) != troubled:
            troubled = not troubled
            told = journal.warning if troubled else f"recording to {journal.path} goes on"
            click.echo(told, err=True)
        await asyncio.sleep(_LOOK_INTERVAL)


def _remove_old(settings: RecordingSettings) -> None:
    remove_old(recordings_directory(settings), settings.sessions, settings.bytes)
