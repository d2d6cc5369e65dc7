"""Builds what a dashboard on a hub in another process works with."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from mdxdash.alerts.alert import Alert
from mdxdash.alerts.report import reports_directory, write_report
from mdxdash.alerts.watch_file import WatchFile
from mdxdash.events.log import EventLog
from mdxdash.language.translation import current
from mdxdash.macros.files.watched_file import MacroFile
from mdxdash.remote.attached.attachment import Attachment
from mdxdash.remote.attached.line_channel import Opener
from mdxdash.remote.protocol import Welcome
from mdxdash.settings.model import Settings
from mdxdash.settings.saving import save_filter, save_setting
from mdxdash.settings.sent_history import SentHistory, user_history_file
from mdxdash.tui.app_context import AppContext


def attached_session(
    settings: Settings,
    open_channel: Opener,
    welcome: Welcome,
    *,
    read_only: bool = False,
    in_browser: bool = False,
) -> tuple[AppContext, Attachment]:
    """Builds everything; nothing is connected yet.

    * `settings`: of this dashboard; those of the hub are the hub's.
    * `welcome`: what the hub said of itself a moment ago.
    * `in_browser`: whether whoever looks may be another person than the one whose files these are:
      none is read or written for him.
    """
    log = EventLog(settings.log.events, settings.log.bytes)
    face = "web" if in_browser else "attach"
    attachment = Attachment(open_channel, welcome, log, face=face, read_only=read_only)
    editable = welcome.settings_file and not (read_only or welcome.read_only or in_browser)
    macro_file = MacroFile(Path(welcome.settings_file)) if editable else None
    context = AppContext(
        log=log,
        hub=attachment.hub,
        macro_file=macro_file,
        runner=attachment.macros,
        services=[attachment, _macros_followed(attachment, macro_file)],
        history=SentHistory(None if in_browser else user_history_file()),
        language=current(),
        theme=settings.screen.theme,
        gap=settings.screen.gap,
        filters={} if in_browser else dict(settings.filters),
        highlights={} if in_browser else settings.highlights,
        keys={} if in_browser else settings.keys,
        screen=settings.screen,
        answer_within=settings.dialogue.answer_within,
        bell=settings.alerts.bell,
        now=attachment.now,
        recording=lambda: attachment.hub.state.recording,
        recording_file=Path(welcome.recording_file) if welcome.recording_file else None,
        older=attachment.older,
        warning=lambda: _warning(attachment, macro_file),
        untrusted=lambda: "" if in_browser else attachment.hub.state.untrusted,
        take_news=attachment.take_news,
        hub_alerts=attachment.alerts,
        watches=lambda: attachment.hub.state.watches,
        watch_file=WatchFile(Path(welcome.settings_file)) if editable else None,
    )
    if not in_browser:
        context.keep_theme = partial(save_setting, settings.file, "screen.theme")
        context.keep_filter = partial(save_filter, settings.file)
        context.keep_screen = lambda key, value: save_setting(settings.file, f"screen.{key}", value)
        context.write_report = partial(_write_report, attachment, settings)
        context.speak = attachment.speak
    return context, attachment


def _warning(attachment: Attachment, macro_file: MacroFile | None) -> str:
    wrong = attachment.macros.error if macro_file is None else ""
    return "\n".join(filter(None, (attachment.warning, wrong)))


def _write_report(attachment: Attachment, settings: Settings, alert: Alert) -> Path:
    """As `AppContext.write_report`; the settings in it are this dashboard's."""
    return write_report(reports_directory(), alert, attachment.hub, settings)


@asynccontextmanager
async def _macros_followed(attachment: Attachment, file: MacroFile | None) -> AsyncIterator[None]:
    """Reads the macros' file when the hub has noticed a change, as long as the session."""
    if file is None:
        yield
        return
    following = asyncio.create_task(_follow(attachment, file))
    try:
        yield
    finally:
        following.cancel()
        await asyncio.wait([following])


async def _follow(attachment: Attachment, file: MacroFile) -> None:
    while True:
        await asyncio.to_thread(file.refresh)
        await attachment.macros_changed.wait()
        attachment.macros_changed.clear()
