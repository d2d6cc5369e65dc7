"""Opens the screens that cover the dashboard.

Each is imported when it is first opened, because together they would take a tenth of a start
(the time to the first paint is measured in the benchmarks).
"""

# ruff: noqa: PLC0415

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from textual.app import App
from textual.binding import Binding

from mdxdash.catalog.lookup import find
from mdxdash.events.connection_history import ConnectionHistory
from mdxdash.events.event import Event
from mdxdash.events.links import command_of, replies_to
from mdxdash.events.statistics import LogStatistics
from mdxdash.filters.view import View
from mdxdash.language.translation import _
from mdxdash.macros.running.control import MacroControl
from mdxdash.macros.running.run_log import RunRecord
from mdxdash.tui.app_context import AppContext
from mdxdash.tui.key_actions import shown_beside, usable_keys
from mdxdash.tui.palette import KeySection
from mdxdash.tui.rows.row_columns import RowColumns
from mdxdash.tui.screens.dialogs.quit import Leaving, QuitDialog
from mdxdash.tui.widgets.error_text import error_text
from mdxdash.tui.widgets.events.event_list import EventList
from mdxdash.wire.message import Message


class ScreenOpener:
    """Gives each screen what it shows, and pushes it."""

    def __init__(
        self,
        app: App[Any],
        context: AppContext,
        *,
        runner: MacroControl,
        statistics: LogStatistics,
        connections: ConnectionHistory,
        view: View,
    ) -> None:
        self._app = app
        self._app_context = context
        self._runner = runner
        self._statistics = statistics
        self._connections = connections
        self._view = view

    async def open_connections(self) -> None:
        """Every agent's connection in full, and who was refused."""
        from mdxdash.tui.screens.connections import ConnectionsScreen

        context = self._app_context
        await self._app.push_screen(ConnectionsScreen(context.hub, self._connections, context.now))

    async def open_help(self, sections: Iterable[KeySection]) -> None:
        """The keys that work where the focus is, those of each section of the screen, the filter
        language and the signs."""
        from mdxdash.tui.screens.help import HelpScreen, HelpSection, action_rows, key_rows

        dashboard = self._app.screen_stack[0]
        sections = list(sections)
        everywhere = {
            each.action
            for section in sections
            if section.node is dashboard
            for each in section.bindings
            if isinstance(each, Binding)
        }
        here = [
            each
            for each in usable_keys(self._app.screen)
            if each.node is not self._app
            and not (each.node is dashboard and each.binding.action in everywhere)
        ]
        bindings = [each.binding for each in here]
        here = [each for each in here if each.binding.show or not shown_beside(each.keys, bindings)]
        own = [each for each in here if each.binding.show or each.binding.tooltip]
        others = [each for each in here if each not in own]
        nodes = [each.node for each in here if each.node is not dashboard]
        await self._app.push_screen(
            HelpScreen(
                [
                    HelpSection(_("Here"), action_rows(own)),
                    *(
                        HelpSection(_(each.title), key_rows(each.bindings))
                        for each in sections
                        if each.node not in nodes
                    ),
                    HelpSection(_("Here: moving and editing"), action_rows(others)),
                ],
                self._app_context.keys,
            )
        )

    async def open_statistics(self) -> None:
        """Rates, round trips and types, in bars."""
        from mdxdash.tui.screens.statistics_screen import StatisticsScreen

        context = self._app_context
        await self._app.push_screen(StatisticsScreen(self._statistics, context.hub, context.now))

    async def open_older(self, go_to: Callable[[Event | None], None], columns: RowColumns) -> None:
        """The events that have left memory, where there is a recording, in the stream's columns;
        `go_to` gets the event in memory that the reader wants to go to."""
        from mdxdash.tui.screens.older_events import OlderScreen

        context, view = self._app_context, self._view
        if context.older is None or len(self._app.screen_stack) > 1:
            return

        def come_back(seq: int | None) -> None:
            if seq is not None:
                go_to(next(iter(context.log.slice(seq, seq + 1)), None))

        screen = OlderScreen(
            context.older, context.log, view.passes, context.now, context.language, columns
        )
        await self._app.push_screen(screen, come_back)

    async def open_event(self, rows: EventList, then: Callable[[], None]) -> None:
        """The event under the cursor, in full; `then` is called when it is closed."""
        from mdxdash.tui.screens.event_screen import EventScreen, Links

        context = self._app_context

        async def links(event: Event) -> Links:
            log = context.log
            return Links(command_of(log, event), replies_to(log, event, context.now()))

        screen = EventScreen(rows, links, context.language)
        await self._app.push_screen(screen, lambda _: then())

    async def open_export(self) -> None:
        """Asks for the file that the stream's events are written to."""
        from mdxdash.tui.screens.dialogs.export_dialog import ExportDialog

        await self._app.push_screen(ExportDialog(self._view, self._app_context))

    async def open_runs(self, run: RunRecord | None = None) -> None:
        """The runs of macros, with one of them opened."""
        from mdxdash.tui.screens.runs import RunsScreen

        await self._app.push_screen(RunsScreen(self._runner, run))

    async def open_explanation(self, message: Message) -> None:
        """All that the catalog knows of a message's type."""
        from mdxdash.catalog.explanation import explain
        from mdxdash.tui.screens.explain_screen import ExplainScreen

        entry = find(message.type, message.args)
        try:
            text = explain(
                entry.name if entry else message.type or None, self._app_context.language
            )
        except LookupError as error:
            self._app.notify(error_text(error), timeout=5)
            return
        await self._app.push_screen(ExplainScreen(text))

    async def ask_to_quit(
        self,
        agents: list[str],
        then: Callable[[Leaving | None], Awaitable[None]],
        *,
        detachable: bool,
    ) -> None:
        """Asks how to leave while these agents are connected; `then` gets the answer. `detachable`:
        whether the hub can go on in the background. It asks once."""
        if not isinstance(self._app.screen, QuitDialog):
            await self._app.push_screen(QuitDialog(agents, detachable=detachable), then)
