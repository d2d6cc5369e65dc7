"""The dashboard: the panes, the keys, and the clock that lets the panes show what happened.

It keeps the session's services running and asks the rooms below; it contains no rules of its own.
"""

import gc
import logging
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from textual import actions, constants, events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.driver import Driver
from textual.filter import LineFilter
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from mdxdash.events.connection_history import ConnectionHistory
from mdxdash.events.event import Event
from mdxdash.events.links import command_of, replies_to
from mdxdash.events.printable import printable
from mdxdash.events.rates import RateMeter
from mdxdash.events.statistics import LogStatistics
from mdxdash.filters.editing import all_types, switch_only_type, switch_type
from mdxdash.filters.view import View
from mdxdash.language.translation import _, localized
from mdxdash.macros.model import Macro
from mdxdash.tui.action_checks import ActionChecks
from mdxdash.tui.alert_control import AlertControl
from mdxdash.tui.app_context import AppContext
from mdxdash.tui.background_services import BackgroundServices
from mdxdash.tui.comparison_control import ComparisonControl
from mdxdash.tui.drawing_delay import draw_soon
from mdxdash.tui.finding.find_control import FindControl
from mdxdash.tui.finding.find_line import FindInput, FindLine
from mdxdash.tui.key_actions import KeyAction, usable_keys
from mdxdash.tui.key_settings.keymap import changed, use_keys
from mdxdash.tui.keys import KEYS, half_width_key
from mdxdash.tui.palette import Commands, KeySection, is_command, pane_actions
from mdxdash.tui.pane_zoom import PaneZoom
from mdxdash.tui.panes.agents import AgentsPane, speaking, wrong_path
from mdxdash.tui.panes.composer import Composer
from mdxdash.tui.panes.detail import DetailPane
from mdxdash.tui.panes.filter_bar import FilterBar
from mdxdash.tui.panes.lost_notice import LostNotice
from mdxdash.tui.panes.macros import MacrosPane
from mdxdash.tui.panes.status_bar import StatusBar
from mdxdash.tui.panes.types import TypesPane
from mdxdash.tui.panes.waiting_notice import WaitingNotice
from mdxdash.tui.replay_control import ReplayControl
from mdxdash.tui.row_control import RowControl
from mdxdash.tui.rows.row_columns import columns_of
from mdxdash.tui.screen_filters import NO_COLOR_THEME, screen_filters
from mdxdash.tui.screens.dialogs.confirm import ConfirmDialog
from mdxdash.tui.screens.dialogs.quit import Leaving, QuitDialog
from mdxdash.tui.screens.opener import ScreenOpener
from mdxdash.tui.speech_control import SpeechControl
from mdxdash.tui.terminal_driver import TerminalDriver, TerminalLost
from mdxdash.tui.themes import ReadableColours
from mdxdash.tui.views.conversation import Conversation
from mdxdash.tui.views.dialogue_views import DialogueViews, ViewName
from mdxdash.tui.views.speech_rows import SpeechRows
from mdxdash.tui.views.stream import Stream
from mdxdash.tui.views.timeline import Lanes
from mdxdash.tui.watch_control import WatchControl
from mdxdash.tui.widgets.events.event_list import EventList, not_shown
from mdxdash.tui.widgets.key_footer import KeyFooter
from mdxdash.tui.widgets.row_list import RowList
from mdxdash.wire.message import Message, parse_message

FRAMES_PER_SECOND = 30
SLOW_FRAME = 8
"""Counts, clocks and details are drawn at every eighth frame only: faster, they would flicker."""

SLOW_FRAME_AT = 2
"""Which of the eight: not one in which a flood is drawn, so that it takes no longer still."""

FLOOD = 200
"""Events since the last frame from which on nobody can read them one by one."""

FLOOD_FRAME = 4
"""In a flood only every fourth frame is drawn: the time is better spent on taking it in."""

INTERRUPTED_TWICE = 2.0
"""Seconds within which a second ctrl-C from outside ends the dashboard."""

NUMBERS_BUDGET = 0.004
"""Seconds of counting for the statistics at a time: in a flood, while a frame is not drawn."""

_ROWS_WHILE_WAITING = 20
"""Rows of the stream from which on there is no notice on how to make an agent connect."""


class MdxdashApp(FindControl):
    """The control room of MMDAgent-EX."""

    TITLE = "mdxdash"
    CSS_PATH = Path(__file__).with_name("app.tcss")  # the apps of other folders are this one too
    HORIZONTAL_BREAKPOINTS = [(0, "-too-narrow"), (60, "-narrow"), (100, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-too-low"), (14, "-low"), (30, "-high")]  # noqa: RUF012

    COMMANDS = {Commands}  # noqa: RUF012  Textual declares it so
    BINDINGS: ClassVar[list[BindingType]] = KEYS
    hidden: frozenset[str] = frozenset()
    """Actions that are not possible here, and the names of panes that are not shown."""

    def __init__(self, context: AppContext) -> None:
        draw_soon()
        super().__init__()
        use_keys(self, context.keys)
        self.context = context
        self.runner = context.runner
        self.services = BackgroundServices(self, context)
        self._rates = RateMeter()
        self.statistics = LogStatistics(context.log)
        self.replay_control = ReplayControl(self, context.hub)
        self._frame = 0
        self._drawn_up_to = 0
        self._warning = ""
        self._interrupted_at = float("-inf")
        self.connection_history = ConnectionHistory(context.log)
        self.stream = Stream(
            View(context.log, context.now), columns_of(context.screen), context.highlights
        )
        self.stream.speech_rows = SpeechRows(context.log, lambda: context.hub.agents)
        self._opener = ScreenOpener(
            self,
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
            context.hub, self.stream.agent_signs, context.now, context.alerts
        )
        self.types_pane = TypesPane(context.log, self.stream.view.filter)
        self.macros_pane = self._make_macros_pane()
        self.composer = Composer(context)
        self.status = StatusBar(id="status")
        self.lost = LostNotice()
        self.alert_control = AlertControl(self, context, self.stream, self.filter_bar)
        self.watch_control = WatchControl(self, context, self.filter_bar)
        self._had_alerts = False
        self.banner = Static(id="banner", markup=False)
        self.waiting = WaitingNotice(id="waiting")
        self.views = self._make_views()
        self.comparison_control = ComparisonControl(self, context, self.views)
        self.speech_control = SpeechControl(self, context, lambda: self.composer.target)
        self.side = Vertical(self.agents_pane, self.types_pane, self.macros_pane, id="side")
        self.stream_pane = Vertical(id="stream-pane")
        self._readable_colours = ReadableColours(lambda: self.theme_variables["accent"])
        self.row_control = RowControl(self, context, self.stream)
        self.pane_zoom = PaneZoom(self.side)
        self._checks = ActionChecks(
            self,
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

    # The screen

    def compose(self) -> ComposeResult:
        """The first picture: where it waits. The rest comes with `_mount_panes`, which takes longer
        than all of this."""
        yield self.status
        yield self.lost
        yield self.banner
        yield Static(_("mdxdash needs a terminal of 60 × 14 at least."), id="too-small")
        with Horizontal(id="body"), Vertical(id="main"), self.stream_pane:
            yield self.waiting

    async def on_mount(self) -> None:
        if self.no_color:
            self.theme = NO_COLOR_THEME
        else:
            if self.context.theme in self.available_themes:
                self.theme = self.context.theme or self.theme
            self.theme_changed_signal.subscribe(
                self, lambda theme: self.services.keep_theme(theme.name)
            )
        self.services.start()
        self.alert_control.start()
        self._draw_head()
        self.call_after_refresh(self._mount_panes)

    async def _mount_panes(self) -> None:
        with self.batch_update():
            await self.stream_pane.mount(self.filter_bar, self.find_line, before=self.waiting)
            await self.stream_pane.mount(self.stream)
            await self.query_one("#main").mount(self.detail, self.composer)
            await self.query_one("#body").mount(self.side, before=0)
            await self.screen.mount(KeyFooter())
        self.stream.focus()
        self.watch(self.stream, "cursor", self._cursor_moved, init=False)
        self._start_advice()
        self.set_interval(1 / FRAMES_PER_SECOND, self._draw)
        self._draw_slow_panes()
        self.set_timer(1.0, _settle_garbage_collector)

    def _draw(self) -> None:
        """One frame: the stream each time, the rest now and then."""
        if not self.stream.is_attached:
            return  # the screen is being taken down
        self._frame += 1
        self._rates.observe(time.monotonic(), self.context.log.next_seq - 1)
        arrived = self.context.log.next_seq - self._drawn_up_to
        if arrived > FLOOD and self._frame % FLOOD_FRAME:
            self.statistics.advance(NUMBERS_BUDGET)
            if self._frame % SLOW_FRAME == SLOW_FRAME_AT:
                self._draw_slow_panes()
            return
        self._drawn_up_to = self.context.log.next_seq
        agents = self.context.hub.agents
        several = len(agents) > 1 or self.size.width >= 100
        width = min(12, max((len(agent.name) for agent in agents), default=4)) if several else 0
        changed = self.stream.advance(width)
        if changed and arrived <= FLOOD:  # in a flood with the slow panes
            self._show_detail()
        self.find_line.advance()
        self.views.advance()
        if self._frame % SLOW_FRAME == SLOW_FRAME_AT or (changed and self._frame < SLOW_FRAME):
            self._draw_slow_panes()

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
        state = (
            _("following")
            if stream.following
            else _("held · {unseen:,} new · end follows").format(unseen=stream.unseen)
        )
        return state + self._cleared_state() + self._memory_state()

    def _cleared_state(self) -> str:
        return _(" · cleared, ctrl+z undoes it") if self.stream.view.cleared else ""

    def _memory_state(self) -> str:
        first = self.context.log.first_seq
        if first == 1:
            return ""
        older = _("older in the recording") if self.context.older else _("older ones are gone")
        return _(" · in memory from #{first:,}, {older}").format(first=first, older=older)

    def _draw_stream_state(self) -> None:
        self.stream_pane.border_title = self.views.title(
            self._stream_state(), self.stream_pane.size.width - 4
        )
        self._show_detail()

    def _show_detail(self) -> None:
        """Lets the detail pane agree with the highlighted row."""
        event, since_previous = self.stream.current, self.stream.since_previous
        self.detail.show(event, since_previous, self.context.log, self.context.now())

    def _handle_exception(self, error: Exception) -> None:
        # Textual shows it when the terminal is restored; in the log it can be found later.
        logging.getLogger(__name__).error("the dashboard ended", exc_info=error)
        self._keep_what_agents_need()
        super()._handle_exception(error)

    def notify(self, message: str, **options: Any) -> None:
        """Shows a notification without markup, whoever asks for it: it contains text of others."""
        shown = "\n".join(printable(localized(line)) for line in message.split("\n"))
        super().notify(shown, **{**options, "markup": False})

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Returns Textual's filters, with one that lets colours be read, or instead of them one
        for the terminal's own colours; where the settings want it one that draws in ASCII."""
        fixed = [*super().get_line_filters(), self._readable_colours]
        return screen_filters(self, fixed, ascii_signs=self.context.screen.ascii)

    def action_help_quit(self) -> None:
        """Answers a ctrl-C, which the terminal passes on as a key."""
        self.notify(_("q or ctrl+q quits; ctrl+c copies in a text field."), timeout=4)

    def on_descendant_focus(self) -> None:
        """In a narrow terminal the side column is there while one of its panes has the focus."""
        if not self.stream.is_attached:
            return  # the screen is being taken down
        side = self.side
        # Not the focus of a dialog: when it is left, the pane is still there.
        focused = self.screen_stack[0].focused
        self.pane_zoom.focus_moved(focused)
        side.set_class(focused is not None and side in focused.ancestors_with_self, "-open")

    # The beginning and the end

    def _start_advice(self) -> None:
        self.services.start_advice()

    def get_driver_class(self) -> type[Driver]:
        """Returns the driver that bad input does not end and a slow terminal does not block; if the
        environment names another one (TEXTUAL_DRIVER), that one."""
        if constants.DRIVER is not None:
            return super().get_driver_class()
        return TerminalDriver

    def lose_terminal(self) -> None:
        """Ends the screen, whose terminal is gone. The hub goes on where agents are connected."""
        logging.getLogger(__name__).warning("the terminal is gone: the screen ends")
        self._keep_what_agents_need()
        self.exit()

    @on(TerminalLost)
    def _terminal_lost(self) -> None:
        self.lose_terminal()

    async def interrupt(self) -> None:
        """Takes a ctrl-C from outside: asks, as `q` does; a second one within two seconds ends."""
        now = time.monotonic()
        if now - self._interrupted_at < INTERRUPTED_TWICE:
            await self.quit_unasked()
        elif not isinstance(self.screen, ConfirmDialog | QuitDialog):
            await self.action_quit()
        self._interrupted_at = now

    def _keep_what_agents_need(self) -> None:
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
        self.exit()

    async def quit_unasked(self) -> None:
        """Ends what the screen brought with it, in its order, and then the screen."""
        await self.services.end()
        self.exit()

    # Going somewhere

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key) and not isinstance(self.focused, Input | TextArea):
            event = half_width_key(event)
        await super().on_event(event)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if self.hides(action, parameters):
            return False
        if not self.stream.is_attached and action != "quit":
            return False  # the panes are still to come
        if action == "show_stream" and self.pane_zoom.pane is not None:
            return True  # it gives the screen back
        if not self._checks.works(action, parameters):
            return False
        return super().check_action(action, parameters)

    async def action_write(self, where: str) -> None:
        await self.run_action(where)

    def action_filter(self) -> None:
        # Not `focus()`, which takes effect a moment later: the next key is meant for the line.
        self.set_focus(self.filter_bar.input)

    def action_pane(self, name: str) -> None:
        if name in ("agents", "types", "macros"):
            self.side.add_class("-open")
        self.query_one(f"#{name}").focus()

    def action_show_stream(self) -> None:
        """Goes to the view that is shown: the events, or one beside them. Where one pane fills the
        screen, it gives the screen back first."""
        if not self.pane_zoom.end():
            self.set_focus(self.views.main)

    def action_zoom(self) -> None:
        self.pane_zoom.switch(self.focused)

    def action_wrap_rows(self) -> None:
        self.row_control.switch_wrap()

    async def action_columns(self) -> None:
        await self.row_control.open_columns()

    async def action_view(self, name: ViewName) -> None:
        """Shows the events, the conversation or the timeline, and goes there."""
        if not self.views.is_attached and name != "events":
            await self.stream_pane.mount(self.views, after=self.stream)
        self.views.show(name)
        self.set_focus(self.views.main)
        self._draw_stream_state()

    async def action_speak(self) -> None:
        await self.action_view("conversation")
        self.set_focus(self.views.user_line.input)

    def action_compose_line(self) -> None:
        self.composer.focus_text()

    def action_copy_mdf(self) -> None:
        lines = self.context.hub.full_mdf_lines
        if not lines:
            self.notify(_("The hub keeps its secret, so there is nothing to copy here."), timeout=5)
            return
        self.copy_to_clipboard("\n".join(lines) + "\n")
        self.notify(_("Copied four lines for the agent's .mdf."), timeout=3)

    def action_hold(self) -> None:
        if self.stream.following:
            self.stream.hold()
        else:
            self.stream.follow()
        self._draw_stream_state()

    def action_follow(self) -> None:
        self.stream.follow()

    def action_clear(self) -> None:
        self.stream.clear()
        self._draw_stream_state()

    def action_uncover(self) -> None:
        self.stream.uncover()
        self._draw_stream_state()

    async def action_connections(self) -> None:
        await self._opener.open_connections()

    async def action_help(self) -> None:
        await self._opener.open_help(self.key_sections())

    async def action_statistics(self) -> None:
        await self._opener.open_statistics()

    @on(RowList.Chosen, "#stream")
    async def _event_wanted(self) -> None:
        stream = self.stream
        opened, followed = stream.current, stream.following
        if opened is None or len(self.screen_stack) > 1:
            return

        def come_back() -> None:
            if followed and stream.current == opened:
                stream.follow()

        stream.hold()
        await self._opener.open_event(stream, come_back)

    @on(Stream.PastOldest)
    async def _go_on_in_recording(self) -> None:
        await self._opener.open_older(self._go_to, self.stream.columns)

    async def action_export(self) -> None:
        await self._opener.open_export()

    def action_replay(self) -> None:
        self.replay_control.switch(self.stream.selected_events, self.composer.target)

    def key_sections(self) -> list[KeySection]:
        """Every key there is, by the part of the screen where it works."""
        sections = [
            KeySection("Everywhere", self, KEYS),
            KeySection(
                "Stream",
                self.stream,
                [*EventList.BINDINGS, *RowList.BINDINGS],
            ),
            KeySection("Filter line", self.filter_bar, FilterBar.BINDINGS),
            KeySection("Find line", self.find_line.input, FindInput.BINDINGS),
            KeySection("Conversation", self.views.conversation, Conversation.BINDINGS),
            KeySection("Timeline", self.views.timeline.lanes, Lanes.BINDINGS),
            KeySection("Types", self.types_pane, TypesPane.BINDINGS),
            KeySection("Macros", self.macros_pane, MacrosPane.BINDINGS),
            KeySection("Composer", self.composer, Composer.BINDINGS),
        ]
        return [
            section._replace(
                bindings=changed(filter(self._shows, section.bindings), self.context.keys)
            )
            for section in sections
            if section.node.id not in self.hidden
        ]

    def palette_actions(self, screen: Screen[Any]) -> list[KeyAction]:
        """Returns every action that does something now: those of where the focus is, then those of
        the other panes."""
        with self._checks.behind_palette():
            here = usable_keys(screen)
            nodes = [each.node for each in here]
            sections = [each for each in self.key_sections() if each.node not in nodes]
            elsewhere = pane_actions(sections) if screen is self.screen_stack[0] else []
        return [each for each in (*here, *elsewhere) if is_command(each)]

    async def run_key_action(self, action: KeyAction) -> None:
        """Does what a key does, in its pane."""
        if isinstance(action.node, Widget) and action.node.focusable:
            self.screen.set_focus(action.node)
        await self.run_action(action.binding.action, action.node)

    def hides(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Returns whether an action is `hidden`, or goes to what is."""
        return action in self.hidden or bool(self.hidden.intersection(parameters))

    def _shows(self, binding: BindingType) -> bool:
        if not isinstance(binding, Binding):
            return True
        _, action, parameters = actions.parse(binding.action)
        return not self.hides(action, parameters)

    # The filter and the types

    @on(FilterBar.Changed)
    def _filter_changed(self, event: FilterBar.Changed) -> None:
        self.stream.view.set_filter(event.filter)
        self.stream.show_filtered()
        self.types_pane.show_filter(event.filter)
        self._draw_slow_panes()

    @on(TypesPane.Switched)
    def _type_switched(self, event: TypesPane.Switched) -> None:
        self.filter_bar.edit(partial(switch_type, type=event.type, on=event.on))

    @on(TypesPane.Only)
    def _type_alone(self, event: TypesPane.Only) -> None:
        edit = partial(switch_only_type, type=event.type) if event.type else all_types
        self.filter_bar.edit(edit)

    def action_only_type(self) -> None:
        if (event := self.stream.current) and event.type:
            self.filter_bar.edit(partial(switch_only_type, type=event.type))

    def action_hide_type(self) -> None:
        if (event := self.stream.current) and event.type:
            self.filter_bar.edit(partial(switch_type, type=event.type, on=False))

    # Messages

    @on(Composer.ExplainWanted)
    async def _explain_wanted(self, event: Composer.ExplainWanted) -> None:
        await self._opener.open_explanation(parse_message(event.line))

    async def action_explain(self) -> None:
        if (event := self.stream.current) and event.type:
            await self._opener.open_explanation(Message(event.type, event.args))

    def action_reply(self) -> None:
        if event := self.stream.current:
            replies = replies_to(self.context.log, event, self.context.now())
            self._go_to(next((each.event for each in replies if each.event), None))

    def action_command(self) -> None:
        if event := self.stream.current:
            self._go_to(command_of(self.context.log, event))

    def _go_to(self, event: Event | None) -> None:
        if event is None:
            self.notify(_("There is no such event."), timeout=2)
        elif not self.stream.view.shows(event.seq):
            self.notify(not_shown(event), timeout=3)
        else:
            self.stream.select_event(event.seq)

    def action_next_alert(self) -> None:
        self.alert_control.go_to_next()
        self._draw_slow_panes()

    async def action_watches(self) -> None:
        await self.watch_control.open()

    async def action_lost_agent(self) -> None:
        await self.alert_control.show_lost_agent()
        self._draw_slow_panes()

    @on(AgentsPane.LossWanted)
    async def _loss_wanted(self, event: AgentsPane.LossWanted) -> None:
        await self.alert_control.show_loss(event.alert)
        self._draw_slow_panes()

    def action_next_target(self) -> None:
        self.composer.next_target()

    def action_reuse(self) -> None:
        if (event := self.stream.current) and event.type:
            self.composer.write([str(Message(event.type, event.args))])
            self.composer.focus_text()

    @on(Composer.SaveWanted)
    def _save_wanted(self, event: Composer.SaveWanted) -> None:
        self.macros_pane.add(event.lines, self.composer.target)

    def action_macro(self, key: str) -> None:
        macro = self.runner.for_key(key)
        if macro is None:
            self.notify(
                _("No macro has the key {key}; m, then + adds one.").format(key=key), timeout=3
            )
        else:
            self.trigger(macro)

    def trigger(self, macro: Macro) -> None:
        """Fires a macro, or starts or stops a periodic one."""
        self.macros_pane.trigger(macro)

    def action_record_macro(self) -> None:
        self.macros_pane.switch_recording()

    @work(exclusive=True, group="dialogue-macro")
    async def action_make_macro(self) -> None:
        """Makes a macro of the dialogue in the selection, as a test."""
        if self.context.macro_file is None:
            self.notify(_("Macros cannot be edited from here."), timeout=3)
            return
        turns = await self.views.selected_turns()
        log = self.context.log

        def event_of(seq: int) -> Event | None:
            return log[seq] if seq in log else None  # noqa: SIM401  a log is no dict

        self.macros_pane.add_dialogue(turns, event_of)

    async def action_say(self) -> None:
        await self.speech_control.ask()

    async def action_compare(self) -> None:
        await self.comparison_control.ask()

    async def action_runs(self) -> None:
        await self._opener.open_runs(self.alert_control.failed_run(self.stream.current))

    @on(MacrosPane.RunWanted)
    async def _run_wanted(self, event: MacrosPane.RunWanted) -> None:
        await self._opener.open_runs(event.run)

    def action_stop_speech(self) -> None:
        count = self.context.hub.stop_speech()
        who = _("{count} agent{s}").format(count=count, s="s" if count != 1 else "")
        text = _("Stopped the speech of {who}.").format(who=who) if count else _("No agent speaks.")
        self.notify(text, timeout=2)

    def action_stop_macros(self) -> None:
        count = self.runner.stop_all()
        self.notify(
            _("Stopped {count} macro{s}.").format(count=count, s="s" if count != 1 else ""),
            timeout=2,
        )


def _settle_garbage_collector() -> None:
    """Excludes all objects made so far from garbage collection: in a flood each full collection
    would otherwise look through every widget and style again, while the screen waits. There is no
    collection before it, since that one would take as long."""
    gc.freeze()
    gc.enable()
