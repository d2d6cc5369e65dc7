"""The screens that cover the dashboard. Each is loaded when it is first asked for: together they
would be a tenth of a start."""

# ruff: noqa: PLC0415

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from mdxdash.catalog.lookup import find
from mdxdash.events.event import Event
from mdxdash.macros.running.run_log import RunRecord
from mdxdash.wire.message import Message

if TYPE_CHECKING:
    from mdxdash.tui.app import MdxdashApp


async def show_connections(app: "MdxdashApp") -> None:
    """Every agent's connection in full, and who was refused."""
    from mdxdash.tui.screens.connections import ConnectionsScreen

    await app.push_screen(ConnectionsScreen(app.session.hub, app.comings))


async def show_help(app: "MdxdashApp") -> None:
    """Every key, and the filter language."""
    from mdxdash.tui.screens.help import HelpScreen, key_rows

    sections = [(title, key_rows(bindings)) for title, _, bindings in app.key_sections()]
    await app.push_screen(HelpScreen(sections))


async def show_statistics(app: "MdxdashApp") -> None:
    """Rates, round trips and types, in bars."""
    from mdxdash.tui.screens.statistics_screen import StatsScreen

    await app.push_screen(StatsScreen(app.numbers, app.session.hub, app.session.now))


async def show_older(app: "MdxdashApp", go_to: Callable[[Event | None], None]) -> None:
    """What has left memory, where there is a recording; `go_to` gets the event in memory that the
    reader wants to go to."""
    from mdxdash.tui.screens.older_events import OlderScreen

    session, view = app.session, app.stream.view
    if session.older is None or len(app.screen_stack) > 1:
        return

    def come_back(seq: int | None) -> None:
        if seq is not None:
            go_to(next(iter(session.log.slice(seq, seq + 1)), None))

    screen = OlderScreen(session.older, session.log, view.passes, session.now, session.language)
    await app.push_screen(screen, come_back)


async def show_export(app: "MdxdashApp") -> None:
    """Where to write what the stream shows, and as what."""
    from mdxdash.tui.screens.export_dialog import ExportDialog

    await app.push_screen(ExportDialog(app.stream.view, app.session))


async def show_runs(app: "MdxdashApp", run: RunRecord | None = None) -> None:
    """The runs of macros, with one of them opened."""
    from mdxdash.tui.screens.runs import RunsScreen

    await app.push_screen(RunsScreen(app.runner, run))


async def show_explained(app: "MdxdashApp", message: Message) -> None:
    """All there is to know about a message's type."""
    from mdxdash.catalog.explanation import explain
    from mdxdash.tui.screens.explanation import ExplainScreen

    entry = find(message.type, message.args)
    try:
        text = explain(entry.name if entry else message.type or None, app.session.language)
    except LookupError as error:
        app.notify(str(error), timeout=5)
        return
    await app.push_screen(ExplainScreen(text))


async def ask_to_quit(
    app: "MdxdashApp", agents: list[str], then: Callable[[bool | None], Awaitable[None]]
) -> None:
    """What quitting means for the agents that are connected; `then` gets the answer."""
    from mdxdash.tui.screens.quit import QuitDialog

    await app.push_screen(QuitDialog(agents), then)
