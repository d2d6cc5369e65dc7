"""The journal of one session: made from the settings, and open as long as the session."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from mdxdash.events.log import EventLog
from mdxdash.recordings.journal import Journal
from mdxdash.recordings.sessions import apply_retention, recording_file
from mdxdash.settings.model import RecordingSettings


def journal_for(
    settings: RecordingSettings, file: Path | None, log: EventLog, address: Callable[[], str]
) -> Journal | None:
    """Makes the journal of a run; None when nothing is to be recorded.

    * `file`: the file to record into, instead of a new one in the recordings directory.
    * `address`: returns the hub's address, which is known when the hub listens.
    """
    path = recording_file(settings, file)
    if path is None:
        return None
    return Journal(
        path, log, address=address, waiting_bytes=settings.waiting, reserved=file is None
    )


@asynccontextmanager
async def recorded(
    journal: Journal | None, settings: RecordingSettings, *, continued: bool = False
) -> AsyncIterator[None]:
    """Records while its body runs, and removes old recordings before and after; before not where
    the journal is `continued` from another process, since agents wait for that. All disk access is
    in threads, so that a slow disk does not block the event loop."""
    if journal is None:
        yield
        return
    await asyncio.to_thread(journal.__enter__)
    try:
        if not continued:
            await asyncio.to_thread(apply_retention, settings)
        yield
    finally:
        await asyncio.to_thread(journal.__exit__, None, None, None)
        await asyncio.to_thread(apply_retention, settings)
