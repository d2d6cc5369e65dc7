"""The clock of the dashboard: lets the panes show what happened, the stream at each frame, the rest
now and then."""

import gc
import time
from typing import Any, Final

from rich.cells import cell_len
from textual.app import App

from mdxdash.events.printable import printable
from mdxdash.events.rates import RateMeter
from mdxdash.language.translation import _, localized
from mdxdash.tui.app_context import AppContext
from mdxdash.tui.dashboard.parts import DashboardParts
from mdxdash.tui.key_settings.keymap import shown_key
from mdxdash.tui.panes.agents import speaking, wrong_path
from mdxdash.tui.widgets.lists.row_list import RowList

FRAMES_PER_SECOND: Final = 30
SLOW_FRAME: Final = 8
"""Counts, clocks and details are drawn at every eighth frame only: faster, they would flicker."""

SLOW_FRAME_AT: Final = 2
"""Which of the eight: not one in which a flood is drawn, so that it takes no longer still."""

FLOOD: Final = 200
"""Events since the last frame from which on nobody can read them one by one."""

FLOOD_FRAME: Final = 4
"""In a flood only every fourth frame is drawn: the time is better spent on taking it in."""

NUMBERS_BUDGET: Final = 0.004
"""Seconds of counting for the statistics at a time: in a flood, while a frame is not drawn."""

_ROWS_WHILE_WAITING: Final = 20
"""Rows of the stream from which on there is no notice on how to make an agent connect."""


class DashboardFrames(DashboardParts):
    """Draws the panes."""

    def __init__(self, app: App[Any], context: AppContext) -> None:
        super().__init__(app, context)
        self._rates = RateMeter()
        self._frame = 0
        self._drawn_up_to = 0
        self._warning = ""
        self._had_alerts = False
        self._longest_name = 4
        """The cells of the longest name of an agent so far."""

    def on_mount(self) -> None:
        self.services.start()
        self.services.start_advice()
        self.alert_control.start()
        self.watch(self.stream, "cursor", self._cursor_moved, init=False)
        self.set_interval(1 / FRAMES_PER_SECOND, self._draw)
        self._draw_slow_panes()
        self.set_timer(1.0, _settle_garbage_collector)

    def _draw(self) -> None:
        """One frame: the stream each time, the rest now and then."""
        if not self.stream.is_attached:
            return  # the screen is being taken down
        self._frame += 1
        self._rates.observe(time.monotonic(), self._events_so_far)
        arrived = self.context.log.next_seq - self._drawn_up_to
        if arrived > FLOOD and self._frame % FLOOD_FRAME:
            self.statistics.advance(NUMBERS_BUDGET)
            if self._frame % SLOW_FRAME == SLOW_FRAME_AT:
                self._draw_slow_panes()
            return
        self._drawn_up_to = self.context.log.next_seq
        agents = self.context.hub.agents
        several = len(agents) > 1 or self.app.size.width >= 100
        # It only grows, so that the columns do not move with each agent that comes and goes.
        names = [cell_len(printable(agent.name)) for agent in agents]
        self._longest_name = max([self._longest_name, *names])
        changed = self.stream.advance(self._longest_name if several else 0)
        if changed and arrived <= FLOOD:  # in a flood with the slow panes
            self._show_detail()
        self.find_line.advance()
        self.views.advance()
        if self._frame % SLOW_FRAME == SLOW_FRAME_AT or (changed and self._frame < SLOW_FRAME):
            self._draw_slow_panes()

    @property
    def _events_so_far(self) -> int:
        """How many events there were, for the number of those that come in a second."""
        return self.context.log.next_seq - 1

    def _cursor_moved(self) -> None:
        if not self.stream.following:  # while it follows, at each frame
            self._show_detail()

    def _draw_slow_panes(self) -> None:
        context, view = self.context, self.stream.view
        self.statistics.advance(NUMBERS_BUDGET)
        self._draw_head()
        self.agents_pane.advance()
        self.types_pane.advance()
        self.macros_pane.resize_rows()
        self.filter_bar.show_counts(
            view.passing, context.log.next_seq - 1, complete=view.complete, context=view.context
        )
        self.filter_bar.show_stopped(view.stopped)
        self._draw_stream_state()
        problem = context.macro_file.error if context.macro_file else None
        for line in context.take_news():
            self.notify(line, severity="warning", timeout=10)
        warning = context.warning() or (
            _("{problem} (the last good macros stay)").format(problem=problem) if problem else ""
        )
        warning = "\n".join(filter(None, (warning, context.untrusted())))
        warning = "\n".join(printable(localized(line)) for line in warning.split("\n"))
        if warning != self._warning:
            self._warning = warning
            self.banner.set_class(bool(warning), "-shown")
            self.banner.update(warning)

    def _draw_head(self) -> None:
        """What stands over the panes, and in the stream while there is nothing to show."""
        context = self.context
        connected = len(context.hub.connected)
        self._show_status(context.hub.url, connected)
        self._draw_alerts()
        # What comes without an agent, as from Remdis, is not hidden by it.
        is_empty = not context.hub.agents and self.stream.row_count < _ROWS_WHILE_WAITING
        self.waiting.display = is_empty and self.views.shown == "events"
        if self.waiting.display:
            self._draw_waiting()

    def _draw_waiting(self) -> None:
        hub = self.context.hub
        self.waiting.show(hub.url, hub.mdf_lines, wrong_path(hub, self.context.now()))

    def _show_status(self, url: str, connected: int) -> None:
        context = self.context
        self.status.show(
            url,
            connected,
            self._rates.per_second,
            context.recording(),
            context.alerts.unseen,
            speaking=speaking(context.hub),
            watches=context.watches(),
        )

    def _draw_alerts(self) -> None:
        """The lost agents over the panes, and the key for alerts in the footer."""
        self.lost.show(self.context.alerts.lost_agents)
        if bool(self.context.alerts.unseen) != self._had_alerts:
            self._had_alerts = not self._had_alerts
            self.refresh_bindings()

    def _stream_state(self) -> str:
        """Returns whether the stream follows or is held, for its title."""
        stream = self.stream
        follows = _("{last} follows").format(last=shown_key(self.app, "last", RowList.BINDINGS))
        state = (
            _("following")
            if stream.following
            else _("held · {unseen:,} new · {last}").format(unseen=stream.unseen, last=follows)
        )
        return state + self._cleared_state() + self._memory_state()

    def _cleared_state(self) -> str:
        if not self.stream.view.cleared:
            return ""
        return _(" · cleared, {undo} undoes it").format(undo=shown_key(self.app, "undo_clear"))

    def _memory_state(self) -> str:
        first = self.context.log.first_seq
        if first == 1:
            return ""
        older = _("older in the recording") if self.context.older else _("older ones are gone")
        return _(" · in memory from #{first:,}, {older}").format(first=first, older=older)

    def _draw_stream_state(self) -> None:
        self.stream_pane.show_title(
            self.views.title(self._stream_state(), self.stream_pane.size.width - 4)
        )
        self._show_detail()

    def _show_detail(self) -> None:
        """Lets the detail pane agree with the highlighted row."""
        event, since_previous = self.stream.current, self.stream.since_previous
        self.detail.show(event, since_previous, self.context.log, self.context.now())


def _settle_garbage_collector() -> None:
    """Excludes all objects made so far from garbage collection: in a flood each full collection
    would otherwise look through every widget and style again, while the screen waits. There is no
    collection before it, since that one would take as long."""
    gc.freeze()
    gc.enable()
