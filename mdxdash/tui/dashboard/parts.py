"""What stands on the dashboard: its panes, where each has its place, and what the keys of each
subject are done by."""

from collections.abc import Iterator
from typing import Any, ClassVar

from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from mdxdash.events.connection_history import ConnectionHistory
from mdxdash.events.statistics import LogStatistics
from mdxdash.filters.view import View
from mdxdash.language.translation import _
from mdxdash.tui.actions.alert_control import AlertControl
from mdxdash.tui.actions.availability import ActionChecks
from mdxdash.tui.actions.comparison_control import ComparisonControl
from mdxdash.tui.actions.pane_zoom import PaneZoom
from mdxdash.tui.actions.replay_control import ReplayControl
from mdxdash.tui.actions.row_control import RowControl
from mdxdash.tui.actions.speech_control import SpeechControl
from mdxdash.tui.actions.watch_control import WatchControl
from mdxdash.tui.app_context import AppContext
from mdxdash.tui.background_services import BackgroundServices
from mdxdash.tui.finding.find_line import FindLine
from mdxdash.tui.key_settings.keymap import use_keys
from mdxdash.tui.panes.agents import AgentsPane
from mdxdash.tui.panes.composing.composer import Composer
from mdxdash.tui.panes.detail import DetailPane
from mdxdash.tui.panes.filter_bar import FilterBar
from mdxdash.tui.panes.lost_notice import LostNotice
from mdxdash.tui.panes.macros import MacrosPane
from mdxdash.tui.panes.status_bar import StatusBar
from mdxdash.tui.panes.types import TypesPane
from mdxdash.tui.panes.waiting_notice import WaitingNotice
from mdxdash.tui.rows.row_columns import columns_of
from mdxdash.tui.screens.opener import ScreenOpener
from mdxdash.tui.views.dialogue_views import DialogueViews
from mdxdash.tui.views.speech_rows import SpeechRows
from mdxdash.tui.views.stream import Stream
from mdxdash.tui.widgets.key_footer import KeyFooter
from mdxdash.tui.widgets.titled_pane import TitledPane


def only_reads() -> str:
    """Returns why a dashboard that only reads does not send: a sentence with `{what}`."""
    return _("{what} sends something, and this dashboard only reads.")


class DashboardParts(Screen[None]):
    """The panes in their places, and the services behind them."""

    AUTO_FOCUS: ClassVar[str] = "#stream"
    hidden: frozenset[str] = frozenset()
    """Actions that are not possible here, and the names of panes that are not shown."""

    def why_hidden(self, action: str) -> str:
        """Returns why an action or a pane is `hidden`: a sentence with `{what}` for its name."""
        return _("{what} is not possible here.")

    def __init__(self, app: App[Any], context: AppContext) -> None:
        """`app` is the app that shows the screen."""
        super().__init__()
        use_keys(self, context.keys)
        self.context = context
        self.runner = context.runner
        self.services = BackgroundServices(app, context)
        self.statistics = LogStatistics(context.log)
        self.replay_control = ReplayControl(app, context.hub)
        self.connection_history = ConnectionHistory(context.log)
        self.stream = Stream(
            View(context.log, context.now), columns_of(context.screen), context.highlights
        )
        self.stream.drawing.speech_rows = SpeechRows(context.log, lambda: context.hub.agents)
        self._opener = ScreenOpener(
            app,
            context,
            runner=self.runner,
            statistics=self.statistics,
            connections=self.connection_history,
            view=self.stream.view,
        )
        self.filter_bar = FilterBar(context)
        self.find_line = FindLine(self.stream, context.now)
        self.detail = DetailPane(context.language)
        self.agents_pane = AgentsPane(
            context.hub, self.stream.drawing.agent_signs, context.now, context.alerts
        )
        self.types_pane = TypesPane(context.log, self.stream.view.filter)
        self.macros_pane = self._make_macros_pane()
        self.composer = Composer(context)
        self.status = StatusBar(id="status")
        self.lost = LostNotice()
        self.watch_control = WatchControl(app, context, self.filter_bar)
        self.banner = Static(id="banner", markup=False)
        self.waiting = WaitingNotice(id="waiting")
        self.views = self._make_views()
        self.alert_control = AlertControl(app, context, self.views, self.stream, self.filter_bar)
        self.comparison_control = ComparisonControl(app, context, self.views)
        self.speech_control = SpeechControl(app, context, lambda: self.composer.target)
        self.side = Vertical(self.agents_pane, self.types_pane, self.macros_pane, id="side")
        self.stream_pane = TitledPane(id="stream-pane")
        self.row_control = RowControl(app, context, self.stream)
        self.pane_zoom = PaneZoom(self.side)
        self._checks = ActionChecks(
            app,
            context,
            stream=self.stream,
            views=self.views,
            filter_bar=self.filter_bar,
            composer=self.composer,
            side=(self.agents_pane, self.types_pane, self.macros_pane),
        )

    def _make_macros_pane(self) -> MacrosPane:
        return MacrosPane(self.runner, self.context.macro_file, self.context.log)

    def _make_views(self) -> DialogueViews:
        context = self.context
        return DialogueViews(
            self.stream,
            context.hub,
            now=context.now,
            target=lambda: self.composer.target,
            speaks="speak" not in self.hidden,
            limit=context.answer_within,
        )

    def compose(self) -> ComposeResult:
        yield self.status
        yield self.lost
        yield self.banner
        yield Static(_("mdxdash needs a terminal of 60 × 14 at least."), id="too-small")
        with Horizontal(id="body"):
            yield self.side
            with Vertical(id="main"):
                with self.stream_pane:
                    yield self.filter_bar
                    yield self.find_line
                    yield self.waiting
                    yield self.stream
                yield self.detail
                yield self.composer
        yield from self.below_body()
        yield KeyFooter()

    def below_body(self) -> Iterator[Widget]:
        """What stands between the panes and the footer."""
        yield from ()
