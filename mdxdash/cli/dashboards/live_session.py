"""Builds what the dashboard works with: the session of a hub, and what is remembered."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from functools import partial
from pathlib import Path

from mdxdash.alerts.report import reports_directory, write_report
from mdxdash.cli.hosting.hand_over import allow_restart, can_hand_over, detach, kept
from mdxdash.cli.hosting.session_start import new_session
from mdxdash.hub.listening import Listeners
from mdxdash.hub.server import HubServer
from mdxdash.language.translation import N_, _, current
from mdxdash.remote.hub_session import HubSession
from mdxdash.remote.speaking import speak_checked
from mdxdash.settings.model import Settings
from mdxdash.settings.saving import save_filter, save_setting
from mdxdash.settings.sent_history import SentHistory, user_history_file
from mdxdash.tui.app_context import AppContext


def live_session(
    settings: Settings,
    *,
    demo: bool,
    record_file: Path | None,
    listeners: Listeners | None = None,
) -> AppContext:
    """Builds everything that the dashboard works with; nothing is started yet.

    * `demo`: with the stand-in agent, and recorded into a temporary folder.
    * `record_file`: the file to record into, instead of a new one in the recordings directory.
    * `listeners`: what listens already for these settings; else the hub listens when it is entered.
    """
    news: list[str] = []
    services: list[AbstractAsyncContextManager[object]] = []
    if demo and record_file is None and settings.recording.enabled:
        # A demonstration is no session of the user's, and must not push one of them out.
        folder = Path(tempfile.mkdtemp(prefix="mdxdash-demo-"))
        record_file = folder / "demo.jsonl"
        told = _(
            "The demonstration is recorded into {file}, not among your sessions, and removed at "
            "its end."
        )
        news.append(told.format(file=folder))
        services.append(_removed_at_the_end(folder))
    session = new_session(settings, record_file=record_file, listeners=listeners)
    hub, journal = session.hub, session.journal
    services.append(session)
    stand_ins: set[asyncio.Task[None]] = set()
    if demo:
        services.append(_stand_in(hub, stand_ins))
    context = AppContext(
        log=session.log,
        hub=hub,
        macro_file=session.macro_file,
        runner=session.runner,
        services=services,
        history=SentHistory(user_history_file()),
        language=current(),
        theme=settings.screen.theme,
        gap=settings.screen.gap,
        filters=dict(settings.filters),
        highlights=settings.highlights,
        keys=settings.keys,
        speak=partial(speak_checked, hub, session.speech),
        answer_within=settings.dialogue.answer_within,
        bell=settings.alerts.bell,
        keep_theme=partial(save_setting, settings.file, "screen.theme"),
        keep_filter=partial(save_filter, settings.file),
        screen=settings.screen,
        keep_screen=lambda key, value: save_setting(settings.file, f"screen.{key}", value),
        recording=lambda: session.recording,
        recording_file=journal.path if journal else None,
        older=session.older,
        warning=lambda: session.warning,
        take_news=partial(_take_news, session, news),
        untrusted=lambda: session.untrusted,
        stop_wanted=session.stop_wanted,
        # The stand-in agent is in this process, so its hub cannot leave it.
        detach=partial(detach, session) if can_hand_over(session) and not demo else None,
        stand_ins=lambda: len(stand_ins),
        hub_name=lambda: session.name,
        hub_alerts=session.alerts,
        watches=lambda: session.watches.states,
        watch_file=session.watches.file,
        write_report=lambda alert: write_report(reports_directory(), alert, hub, settings),
    )
    if not demo:
        context.services = [*context.services, kept(session, released=True)]
    if context.detach is not None:
        allow_restart(session, context.handed_over.set)
    return context


def _take_news(session: HubSession, news: list[str]) -> Sequence[str]:
    """Returns the sentences of `news`, and those of the session, each once."""
    found = [*news, *session.take_news()]
    news.clear()
    return found


@asynccontextmanager
async def _removed_at_the_end(folder: Path) -> AsyncIterator[None]:
    """Removes the folder of a demonstration after its session, unless something else is in it."""
    try:
        yield
    finally:
        await asyncio.to_thread(_remove_demo, folder)


def _remove_demo(folder: Path) -> None:
    with suppress(OSError):  # the user has put something into it, or looks at it
        for file in folder.glob("demo.jsonl*"):
            file.unlink()
        folder.rmdir()


@asynccontextmanager
async def _stand_in(hub: HubServer, running: set[asyncio.Task[None]]) -> AsyncIterator[None]:
    """Runs the stand-in agent as long as the session; it is in `running` while it runs."""
    from mdxdash.simulator import (  # noqa: PLC0415  not for a start without it
        AgentStopped,
        Content,
        Simulator,
    )

    async def live() -> None:
        try:
            await Simulator(hub.dial_url, behavior=Content()).run()
        except AgentStopped as stopped:
            text = N_("the stand-in agent ended: {stopped}").format(stopped=stopped)
            hub.log.append("fault", text=text)

    agent = asyncio.create_task(live())
    running.add(agent)
    agent.add_done_callback(running.discard)
    try:
        yield
    finally:
        agent.cancel()
        await asyncio.wait([agent])
