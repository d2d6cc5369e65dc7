"""The real app under Pilot, attached to a hub that runs outside of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from mdxdash.cli.dashboards.attached_session import attached_session
from mdxdash.remote.attached.attachment import Attachment
from mdxdash.remote.attached.control_channel import control_opener
from mdxdash.remote.attached.hub_link import ask_welcome
from mdxdash.remote.hub_session import HubSession
from mdxdash.remote.protocol import PROTOCOL, Attach
from mdxdash.settings.resolution import resolve
from mdxdash.settings.sent_history import SentHistory
from mdxdash.tui.dashboard.attached import AttachedScreen
from tests.support.apps import dashboard_app
from tests.support.dashboards import Dashboard


class AttachedDashboard(Dashboard):
    """A dashboard whose agents connect to the hub outside of it."""

    attachment: Attachment


@asynccontextmanager
async def attached_dashboard(
    session: HubSession,
    folder: Path,
    *,
    read_only: bool = False,
    in_browser: bool = False,
    filter_text: str = "",
    size: tuple[int, int] = (160, 45),
) -> AsyncIterator[AttachedDashboard]:
    """A dashboard on the hub of a session that is entered; `folder` holds what it remembers."""
    opener = control_opener(session.name)
    welcome = await ask_welcome(opener, Attach(PROTOCOL, "attach", events=False))
    settings = resolve({}, {}, None, folder)
    context, attachment = attached_session(
        settings, opener, welcome, read_only=read_only, in_browser=in_browser
    )
    context.history = SentHistory(folder / "history.txt")
    app = dashboard_app(
        context,
        AttachedScreen,
        attachment=attachment,
        filter_text=filter_text,
        in_browser=in_browser,
    )
    async with app.run_test(size=size) as pilot:
        dashboard = AttachedDashboard(app, pilot, session.hub, context.log)
        dashboard.attachment = attachment
        await dashboard.mounted()
        await dashboard.until(lambda: attachment.link.attached)
        try:
            yield dashboard
        finally:
            await dashboard.end_agents()
