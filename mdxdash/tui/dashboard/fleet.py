"""The dashboard on all hubs of a broker: the same screens. Leaving it costs nobody anything."""

from typing import Any, Final

from textual.app import App

from mdxdash.events.printable import printable
from mdxdash.language.translation import _, ngettext
from mdxdash.remote.fleet.watching.fleet_watch import FleetWatch
from mdxdash.tui.app_context import AppContext
from mdxdash.tui.dashboard.parts import only_reads
from mdxdash.tui.dashboard.screen import DashboardScreen
from mdxdash.tui.panes.fleet_macros import FleetMacrosPane
from mdxdash.tui.screens.hubs import HubChoice, HubsScreen
from mdxdash.tui.widgets.lists.row_parts import RowPart

_NOT_HERE: Final = frozenset(
    {
        "macro",
        "record_macro",
        "make_macro",
        "replay",
        "copy_mdf",
        "speak",
        "say",
        "watches",
    }
)
"""Actions that need one hub: macros run, and watches count, where the agent is."""

_SENDING: Final = frozenset(
    {"composer", "compose_line", "reuse", "next_target", "stop_speech", "macros", "stop_macros"}
)
"""Panes and actions that send: a dashboard that only reads has none of them."""


class FleetScreen(DashboardScreen):
    """Shows what a `FleetWatch` sees, which is one of the services of its context."""

    def __init__(self, app: App[Any], context: AppContext, watch: FleetWatch) -> None:
        self.hidden = _NOT_HERE | (_SENDING if watch.read_only else frozenset())
        self._watch = watch
        super().__init__(app, context)  # which asks for what is hidden, and for the macros pane
        if watch.read_only:
            self.composer.display = self.macros_pane.display = False
        self.agents_pane.nobody = ([RowPart(_("no hub has an agent yet"), "dim")], [])

    def why_hidden(self, action: str) -> str:
        if action in _NOT_HERE:
            return _("{what} is for one hub: its own dashboard has it, this one shows several.")
        return only_reads()

    def _make_macros_pane(self) -> FleetMacrosPane:
        return FleetMacrosPane(self._watch.macros, self.context.log)

    def _draw_waiting(self) -> None:
        url = self._watch.hub.url
        text = ""
        if self._watch.connected and self._watch.only:
            text = _("{only} has said nothing at {url} yet (--only)")
            text = text.format(only=printable(self._watch.only), url=url)
        elif self._watch.connected:
            text = _("No hub has said anything at {url} yet.").format(url=url)
        self.waiting.show_text(text, layout=True)

    @property
    def _events_so_far(self) -> int:
        # History comes all at once.
        return super()._events_so_far - self._watch.reception.of_the_past

    def _show_status(self, url: str, connected: int) -> None:
        watch = self._watch
        hubs = watch.hub.hubs.values()
        there = sum(not hub.gone for hub in hubs)
        gone = len(hubs) - there
        hub_text = ngettext("{count:,} hub", "{count:,} hubs", there).format(count=there)
        read_only = _(", read-only") if watch.read_only else ""
        lost = _(", {gone} gone").format(gone=gone) if gone else ""
        self.status.show(
            url,
            connected,
            self._rates.per_second,
            "",
            self.context.alerts.unseen,
            name=f"{hub_text}{lost}{read_only}",
            lost="" if watch.connected else _("broker not reached"),
        )

    async def action_connections(self) -> None:
        """Shows the hubs, and the agents of each. Of one that is chosen, its events are shown, or
        it is the target of what is sent."""

        def show(choice: HubChoice | None) -> None:
            if choice is None:
                return
            if choice.filter:
                self.filter_bar.text = choice.filter
            if choice.target:
                self.composer.set_target(choice.target)
                self.call_after_refresh(self.composer.focus_text)

        await self.app.push_screen(HubsScreen(self._watch), show)

    def keep_what_agents_need(self) -> None:
        """Keeps nothing: the hubs have it."""

    async def action_quit(self) -> None:
        await self.quit_unasked()

    async def quit_unasked(self) -> None:
        await self.services.leave()
        self.app.exit()
