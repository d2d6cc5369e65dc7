"""Compares the session on the screen with an older one, side by side."""

import asyncio
from pathlib import Path
from typing import Any, Final

from textual.app import App

from mdxdash.dialogue.comparison import Comparison
from mdxdash.dialogue.turn import Turn
from mdxdash.language.translation import _
from mdxdash.recordings.importing.detection import RecordingError
from mdxdash.recordings.session_turns import read_turns
from mdxdash.recordings.sessions import session_files
from mdxdash.tui.app_context import AppContext
from mdxdash.tui.views.dialogue_views import DialogueViews
from mdxdash.tui.widgets.error_text import error_text

_OFFERED: Final = 50
"""Recordings to choose from, the newest ones."""


class ComparisonControl:
    """What the key for comparing does. Reading and aligning are done in threads."""

    def __init__(self, app: App[Any], context: AppContext, views: DialogueViews) -> None:
        self._app = app
        self._app_context = context
        self._views = views

    async def ask(self) -> None:
        """Asks for the older session, and shows both."""
        from mdxdash.tui.screens.comparing.session_choice import (  # noqa: PLC0415  not what a start needs
            SessionChoice,
        )

        def compare(path: Path | None) -> None:
            if path is not None:
                self.compare_with(path)

        recordings = await asyncio.to_thread(self._recordings)
        await self._app.push_screen(SessionChoice(recordings), compare)

    def compare_with(self, path: Path) -> None:
        """Reads a session, and shows it beside the one on the screen."""
        self._app.run_worker(self._compare(path), group="comparison", exclusive=True)

    def _recordings(self) -> list[Path]:
        """Returns the recordings beside that of this session, the newest first. Blocks."""
        own = self._app_context.recording_file
        if own is None:
            return []
        files = [path for path in session_files(own.parent) if path != own]
        return files[-_OFFERED:][::-1]

    async def _compare(self, path: Path) -> None:
        from mdxdash.tui.screens.comparing.two_sessions import (  # noqa: PLC0415  not what a start needs
            Compared,
            TwoSessionsScreen,
        )

        try:
            old = await asyncio.to_thread(read_turns, path)
        except (RecordingError, OSError) as error:
            self._app.notify(error_text(error), severity="error", timeout=8)
            return
        new = await self._views.complete_turns()
        if not old or not new:
            which = path.name if not old else _("this session")
            self._app.notify(
                _("There is no dialogue in {which}.").format(which=which),
                severity="warning",
                timeout=5,
            )
            return
        comparison = await asyncio.to_thread(Comparison, old, new)
        own = self._app_context.recording_file
        compared = Compared(comparison, path.name, own.name if own else _("this session"))
        screen = TwoSessionsScreen(compared, self._app_context.answer_within)
        await self._app.push_screen(screen, self._come_back)

    async def _come_back(self, turn: Turn | None) -> None:
        if turn is not None:
            await self._views.open_events(turn.events)
