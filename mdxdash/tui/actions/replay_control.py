"""The replay of selected rows: one key starts and stops it, notifications show its progress."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from textual.app import App
from textual.worker import Worker

from mdxdash.events.event import Event
from mdxdash.hub.interface import AgentHub
from mdxdash.hub.replay import Replay, plan
from mdxdash.language.translation import _
from mdxdash.tui.key_settings.keymap import shown_key
from mdxdash.tui.widgets.elapsed import elapsed

PROGRESS_INTERVAL: Final = 5.0
"""Seconds between two notifications of the progress."""


class ReplayControl:
    """At most one replay at a time."""

    def __init__(self, app: App[None], hub: AgentHub) -> None:
        self._app = app
        self._hub = hub
        self._worker: Worker[None] | None = None

    @property
    def running(self) -> bool:
        """Whether commands are still to be sent."""
        return self._worker is not None and self._worker.is_running

    def switch(self, events: Callable[[], Sequence[Event]], target: str | None) -> None:
        """Sends the commands among the events again, at their times; stops it while it runs."""
        if self._worker is not None and self.running:
            self._worker.cancel()
            return
        steps = plan(events())
        if not steps:
            self._app.notify(_("Nothing was sent among the selected rows."), timeout=3)
            return
        replay = Replay(steps, self._hub.send, target=target)
        self._worker = self._app.run_worker(self._run(replay), group="replay")

    async def _run(self, replay: Replay) -> None:
        progress = asyncio.create_task(self._notify_progress(replay))
        try:
            await replay.run()
        finally:
            progress.cancel()
            self._notify_outcome(replay)

    async def _notify_progress(self, replay: Replay) -> None:
        while True:
            done = _("{done:,} of {count:,}").format(done=replay.done, count=len(replay.steps))
            left = elapsed(replay.remaining)
            self._app.notify(
                _("Replaying {done} commands, {left} to go; {replay} stops.").format(
                    done=done, left=left, replay=shown_key(self._app, "replay")
                ),
                timeout=4,
            )
            await asyncio.sleep(PROGRESS_INTERVAL)

    def _notify_outcome(self, replay: Replay) -> None:
        lines = [
            _("Sent {sent:,} of {count:,} commands again.").format(
                sent=replay.sent, count=len(replay.steps)
            )
        ]
        if replay.missed:
            lines.append(
                _("{missed:,} were sent to no agent, since none was connected.").format(
                    missed=replay.missed
                )
            )
        if replay.refused:
            lines.append(
                _("{count:,} were not sent: {refused}").format(
                    count=len(replay.refused), refused=replay.refused[0]
                )
            )
        whole = replay.sent == len(replay.steps)
        self._app.notify("\n".join(lines), severity="information" if whole else "warning")
