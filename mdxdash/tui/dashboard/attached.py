"""The dashboard on a hub in another process: the same screens. Leaving it costs nobody anything.

The hub, its agents and its macros go on when the screen ends, so nothing is asked then.
"""

from collections.abc import Callable
from typing import Any, Final

from textual.app import App

from mdxdash.language.translation import _
from mdxdash.remote.attached.attachment import Attachment
from mdxdash.tui.app_context import AppContext
from mdxdash.tui.dashboard.parts import only_reads
from mdxdash.tui.dashboard.screen import DashboardScreen
from mdxdash.tui.panes.agents import speaking
from mdxdash.tui.panes.macros import EDITING

_SENDING: Final = frozenset(
    {
        "composer",
        "compose_line",
        "macro",
        "stop_macros",
        "reuse",
        "next_target",
        "replay",
        "record_macro",
        "copy_mdf",
        "speak",
        "say",
    }
)
"""Panes and actions that send, or need the secret: a dashboard that only reads has none of them."""


_OF_THIS_MACHINE: Final = frozenset({"export", "copy_mdf", "compare", "say"})
"""Actions that read or write files of this machine, or reveal the hub's secret."""


class AttachedScreen(DashboardScreen):
    """Shows the hub of an attachment, which is one of the services of its context."""

    def __init__(
        self,
        app: App[Any],
        context: AppContext,
        attachment: Attachment,
        *,
        place: str = "",
        filter_text: str = "",
        in_browser: bool = False,
        begin_again: Callable[[str], None] = lambda filter_text: None,
    ) -> None:
        """
        * `place`: the machine of the hub, if it is another one.
        * `filter_text`: the filter to begin with.
        * `in_browser`: whether whoever looks may be another person than the one whose files these
          are.
        * `begin_again`: called with the filter when the hub has begun a new session, before the app
          ends: another one shows that.
        """
        if attachment.read_only:
            self.hidden |= _SENDING
        if context.macro_file is None:
            self.hidden |= EDITING
        if in_browser:
            self.hidden |= _OF_THIS_MACHINE
        super().__init__(app, context)  # which asks for what is hidden
        self._begin_again = begin_again
        self._attachment = attachment
        self._filter_text = filter_text
        self._place = _(" at {place}").format(place=place) if place else ""
        if attachment.read_only:
            self.composer.display = False

    def why_hidden(self, action: str) -> str:
        if self._attachment.read_only and action in _SENDING:
            return only_reads()
        if action in EDITING:
            return _("{what} changes the file of the macros, which is where the hub runs.")
        return _("{what} uses files of the machine where the hub runs; a browser may not.")

    def on_mount(self) -> None:
        self.filter_bar.text = self._filter_text

    @property
    def _events_so_far(self) -> int:
        # What was there before the connection comes all at once.
        return max(super()._events_so_far, self._attachment.hub.welcome.next_seq - 1)

    def _draw_head(self) -> None:
        attachment = self._attachment
        if attachment.other_session:
            self._begin_again(self.filter_bar.text)
            self.app.exit()
        super()._draw_head()

    def _show_status(self, url: str, connected: int) -> None:
        welcome = self._attachment.hub.welcome
        read_only = _(", read-only") if self._attachment.read_only else ""
        own_name = _(" as {face}").format(face=welcome.face) if "-" in welcome.face else ""
        self.status.show(
            url,
            connected,
            self._rates.per_second,
            self.context.recording(),
            self.context.alerts.unseen,
            watches=self.context.watches(),
            name=f"{welcome.name}{self._place}{own_name}{read_only}",
            lost="" if self._attachment.link.attached else _("hub not reached"),
            speaking=speaking(self.context.hub),
        )

    def _memory_state(self) -> str:
        first = self.context.log.first_seq
        return (
            "" if first == 1 else _(" · here from #{first:,}, older at the hub").format(first=first)
        )

    def keep_what_agents_need(self) -> None:
        """Keeps nothing: the hub has it."""

    async def action_quit(self) -> None:
        await self.quit_unasked()

    async def quit_unasked(self) -> None:
        await self.services.leave()
        self.app.exit()
