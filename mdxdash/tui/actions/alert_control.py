"""Goes from alert to alert in the stream, through the filter if need be, and shows lost agents."""

from time import perf_counter
from typing import Any, Final

from textual.app import App

from mdxdash.alerts.alert import Alert
from mdxdash.alerts.alert_log import AlertLog
from mdxdash.events.event import Event
from mdxdash.language.translation import _
from mdxdash.macros.running.run_log import RunRecord
from mdxdash.tui.app_context import AppContext
from mdxdash.tui.key_settings.keymap import shown_key
from mdxdash.tui.panes.filter_bar import FilterBar
from mdxdash.tui.report_writing import report_writer
from mdxdash.tui.views.dialogue_views import DialogueViews
from mdxdash.tui.views.stream import Stream

_SEARCH_SECONDS: Final = 0.03
"""Time in which the row of an event that was hidden is looked for before it is gone to."""

_BELL_INTERVAL: Final = 1.0
"""Seconds between two rings of the bell, at least."""

_NEW: Final = 5.0
"""Seconds in which an alert is new."""


class AlertControl:
    """What the keys for alerts do. Where an alert is shown, it is seen."""

    def __init__(
        self,
        app: App[Any],
        context: AppContext,
        views: DialogueViews,
        stream: Stream,
        filter_bar: FilterBar,
    ) -> None:
        self._app = app
        self._app_context = context
        self._views = views
        self._stream = stream
        self._filter_bar = filter_bar
        self._latest: int | None = None
        """The `seq` of the alert that was gone to last."""
        self._rung_at = float("-inf")

    @property
    def _alerts(self) -> AlertLog:
        return self._app_context.alerts

    def start(self) -> None:
        """Rings the terminal's bell at new alerts, if the user wants it."""
        if self._app_context.bell:
            self._alerts.subscribe(self._ring)

    def _ring(self, alert: Alert) -> None:
        now = self._app_context.now()
        # Not for what an attached dashboard is told of the past, and once for many.
        if now - alert.event.time < _NEW and now - self._rung_at >= _BELL_INTERVAL:
            self._rung_at = now
            self._app.bell()

    def go_to_next(self) -> None:
        """Goes to the newest alert that was not seen; if all were, to the one before the last."""
        alert = self._alerts.next_after(self._latest)
        if alert is None:
            self._app.notify(_("There is no alert."), timeout=2)
            return
        self._latest = alert.seq
        self._alerts.see(alert.seq)
        self.go_to(alert.event)
        if self.failed_run(alert.event) is not None:
            text = _("{runs} shows the run: its steps, and the last events.")
            self._app.notify(text.format(runs=shown_key(self._app, "runs")), timeout=4)

    def go_to(self, event: Event) -> None:
        """Puts the cursor on an event among the events, and takes away the filter if it hides the
        event."""
        stream, view = self._stream, self._stream.view
        if event.seq not in view.log:
            self._app.notify(
                _("#{seq:,} has left memory; the recording has it.").format(seq=event.seq),
                timeout=4,
            )
            return
        self._views.show_events()
        if view.begins_at > event.seq:
            view.uncover()
        if not (view.passes(view.log[event.seq]) or view.shows(event.seq)):
            self._filter_bar.take_away()
            stream.view.set_filter(self._filter_bar.filter)
            text = _("The filter is off, since it hid this; {filter} and ↑ bring it back.")
            self._app.notify(text.format(filter=shown_key(self._app, "filter")))
        deadline = perf_counter() + _SEARCH_SECONDS
        while not view.shows(event.seq) and not view.complete and perf_counter() < deadline:
            view.advance(_SEARCH_SECONDS / 4)
        stream.go_to(event.seq)
        self._app.set_focus(stream)

    def failed_run(self, event: Event | None) -> RunRecord | None:
        """Returns the run of a macro whose failure an event tells; None if it tells none."""
        if event is None or event.kind != "fault" or event.by != "macro":
            return None
        for run in reversed(self._app_context.runner.runs.records):
            told = run.state == "failed" and run.agent == event.agent and run.failure
            if told and event.text.endswith(run.failure) and run.macro in event.text:
                return run
        return None

    async def show_lost_agent(self) -> None:
        """Shows the last events of the agent that was lost last."""
        alert = self._alerts.latest_loss()
        if alert is None:
            self._app.notify(_("No agent was lost."), timeout=2)
            return
        await self.show_loss(alert)

    async def show_loss(self, alert: Alert) -> None:
        """Shows the last events of an agent before it was lost."""
        from mdxdash.tui.screens.lost_agent import (  # noqa: PLC0415  not what a start needs
            LostAgentScreen,
        )

        self._alerts.see(alert.seq)

        def come_back(seq: int | None) -> None:
            if seq is not None and seq in self._stream.view.log:
                self.go_to(self._stream.view.log[seq])

        writer = report_writer(self._app, self._app_context.write_report)
        screen = LostAgentScreen(
            alert, writer, log=self._stream.view.log, now=self._app_context.now
        )
        await self._app.push_screen(screen, come_back)
