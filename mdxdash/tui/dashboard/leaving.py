"""How the dashboard ends: what is asked before it, and what goes on without it."""

import time
from typing import Any, Final

from textual.app import App

from mdxdash.tui.app_context import AppContext
from mdxdash.tui.dashboard.frames import DashboardFrames
from mdxdash.tui.screens.dialogs.confirm import ConfirmDialog
from mdxdash.tui.screens.dialogs.quit import Leaving, QuitDialog

INTERRUPTED_TWICE: Final = 2.0
"""Seconds within which a second ctrl-C from outside ends the dashboard."""


class DashboardEnd(DashboardFrames):
    """Ends the app, and before it the services in their order."""

    def __init__(self, app: App[Any], context: AppContext) -> None:
        super().__init__(app, context)
        self._interrupted_at = float("-inf")

    async def interrupt(self) -> None:
        """Takes a ctrl-C from outside: asks, as `q` does; a second one within two seconds ends."""
        now = time.monotonic()
        if now - self._interrupted_at < INTERRUPTED_TWICE:
            await self.quit_unasked()
        elif not isinstance(self.app.screen, ConfirmDialog | QuitDialog):
            await self.action_quit()
        self._interrupted_at = now

    def keep_what_agents_need(self) -> None:
        """Lets the hub go on when the screen ends, where agents are connected."""
        if self.context.agents_at_stake > 0:
            self.services.keep()

    async def action_quit(self) -> None:
        if self.context.agents_at_stake > 0:
            connected = [agent.name for agent in self.context.hub.connected]
            detachable = self.context.detach is not None
            await self._opener.ask_to_quit(connected, self._leave, detachable=detachable)
        else:
            await self.quit_unasked()

    async def _leave(self, how: Leaving | None) -> None:
        if how == "quit":
            await self.quit_unasked()
        elif how == "detach":
            self.leave_hub()

    def leave_hub(self) -> None:
        """Ends the screen alone: the hub goes on."""
        self.services.keep()
        self.app.exit()

    async def quit_unasked(self) -> None:
        """Ends what the screen brought with it, in its order, and then the screen."""
        await self.services.end()
        self.app.exit()

    def lose_terminal(self) -> None:
        """Ends the screen, whose terminal is gone. The hub goes on where agents are connected."""
        self.keep_what_agents_need()
        self.app.exit()
