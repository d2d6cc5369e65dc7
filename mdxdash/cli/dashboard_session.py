"""Builds the dashboard's session: hub, log, recording, macros, and what is remembered."""

import asyncio
import locale
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path

from mdxdash.catalog.entry import Language
from mdxdash.cli.output.diagnostics import report
from mdxdash.cli.session_recording import journal_for, recorded
from mdxdash.cli.trust_notice import banner, waiting_macros
from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.hub.server import HubServer
from mdxdash.macros.files.watched_file import MacroFile
from mdxdash.recordings.journal import Journal
from mdxdash.remote.tap import add_tap
from mdxdash.settings.model import Settings
from mdxdash.settings.saving import save_setting
from mdxdash.settings.sent_history import SentHistory, user_history_file
from mdxdash.settings.trust import TrustedFiles
from mdxdash.tui.app_context import AppContext


def live_session(settings: Settings, *, demo: bool, record_file: Path | None) -> AppContext:
    """Builds everything that the dashboard works with; nothing is started yet.

    * `demo`: with the stand-in agent.
    * `record_file`: the file to record into, instead of a new one in the recordings directory.
    """
    log = EventLog(settings.log.events, settings.log.bytes)
    hub = HubServer(settings.hub, log, settings.groups)
    add_tap(hub)
    trusts = TrustedFiles().trusts if settings.found_here else lambda source: True
    macro_file = MacroFile(settings.file, trusts)
    macro_file.refresh()
    for line in waiting_macros(macro_file):
        report(f"mdxdash: {line}")
    journal = journal_for(settings.recording, record_file, log, lambda: hub.url)
    # The recording ends after the hub, whose end is in it.
    services: list[AbstractAsyncContextManager[object]] = [
        recorded(journal, settings.recording),
        hub,
    ]
    if demo:
        services.append(_stand_in(hub))
    return AppContext(
        log=log,
        hub=hub,
        macro_file=macro_file,
        services=services,
        history=SentHistory(user_history_file()),
        language=language(),
        theme=settings.screen.theme,
        keep_theme=partial(save_setting, settings.file, "screen.theme"),
        recording=lambda: journal.status if journal else "not recording",
        recording_file=journal.path if journal else None,
        older=partial(_read_older, journal) if journal else None,
        warning=lambda: journal.warning if journal else "",
        untrusted=lambda: banner(settings, macro_file),
    )


def _read_older(journal: Journal, start: int, stop: int) -> Sequence[Event]:
    """Reads events that are no longer in memory from the session's recording."""
    from mdxdash.recordings.reader import read_window  # noqa: PLC0415  not what a start needs

    return read_window(journal.path, journal.index, start, stop)


@asynccontextmanager
async def _stand_in(hub: HubServer) -> AsyncIterator[None]:
    """Runs the stand-in agent as long as the session."""
    from mdxdash.simulator import (  # noqa: PLC0415  not for a start without it
        AgentStopped,
        Content,
        Simulator,
    )

    async def live() -> None:
        try:
            await Simulator(hub.dial_url, behavior=Content()).run()
        except AgentStopped as stopped:
            text = f"the stand-in agent ended: {stopped}"
            hub.log.append("fault", text=text)

    agent = asyncio.create_task(live())
    try:
        yield
    finally:
        agent.cancel()
        await asyncio.wait([agent])


def language() -> Language:
    """Returns `ja` where the system is set to Japanese (`ja_JP`, on Windows `Japanese_Japan`), else
    `en`."""
    name = os.environ.get("LC_ALL") or os.environ.get("LANG") or locale.getlocale()[0] or ""
    return "ja" if name.lower().startswith("ja") else "en"
