"""What the keys do that lead somewhere: to a pane, to a view, to a screen over the dashboard; and
which keys there are."""

import asyncio
from typing import Any, Final

from textual import actions, events, on
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, TextArea

from mdxdash.language.translation import _
from mdxdash.tui.dashboard.frames import DashboardFrames
from mdxdash.tui.finding.find_line import FindInput
from mdxdash.tui.key_actions import KeyAction, usable_keys
from mdxdash.tui.key_settings.keymap import changed
from mdxdash.tui.keys import KEYS, half_width_key
from mdxdash.tui.palette import KeySection, is_command, pane_actions
from mdxdash.tui.panes.composing.composer import Composer
from mdxdash.tui.panes.filter_bar import FilterBar
from mdxdash.tui.panes.macros import MacrosPane
from mdxdash.tui.panes.types import TypesPane
from mdxdash.tui.views.conversation import Conversation
from mdxdash.tui.views.dialogue_views import ViewName
from mdxdash.tui.views.lanes import Lanes
from mdxdash.tui.widgets.events.event_list import EventList
from mdxdash.tui.widgets.lists.row_list import RowList

_OTHERS_TURN: Final = 0.001
"""Seconds. With 0, a timer that has become due would come behind what is waited with."""


class Navigation(DashboardFrames):
    """Goes to what a key names."""

    def on_descendant_focus(self) -> None:
        """In a narrow terminal the side column is there while one of its panes has the focus."""
        if not self.stream.is_attached:
            return  # the screen is being taken down
        side = self.side
        focused = self.focused
        self.pane_zoom.focus_moved(focused)
        side.set_class(focused is not None and side in focused.ancestors_with_self, "-open")

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

    def on_key(self, event: events.Key) -> None:
        """Says of a key that this kind of dashboard does not have why it does nothing."""
        for binding in self._bindings.key_to_bindings.get(event.key, ()):
            _namespace, action, parameters = actions.parse(binding.action)
            if self.hides(action, parameters):
                active = self.active_bindings.get(event.key)
                if active is None or not active.enabled:
                    name = action if action in self.hidden else str(parameters[0])
                    what = _(binding.description or name)
                    self.notify(self.why_hidden(name).format(what=what), timeout=4)

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

    async def action_view(self, name: ViewName) -> None:
        """Shows the events, the conversation or the timeline, and goes there."""
        if not self.views.is_attached and name != "events":
            await self.stream_pane.mount(self.views, after=self.stream)
        self.views.show(name)
        # Before the view that had the focus learns that it is hidden: it would give the focus to
        # the next best widget, which takes as long as giving it to the right one, some 20 ms.
        self.set_focus(self.views.main)
        # Agents and timers have their turn before the title is drawn.
        await asyncio.sleep(_OTHERS_TURN)
        self._draw_stream_state()

    def on_descendant_blur(self) -> None:
        """Gives the focus to the view when the pane that had it is hidden: a low terminal has no
        room for the detail."""
        if self.focused is None and self.app.app_focus:
            self.set_focus(self.views.main)

    async def action_speak(self) -> None:
        await self.action_view("conversation")
        self.set_focus(self.views.user_line.input)

    def action_compose_line(self) -> None:
        self.composer.focus_text()

    async def action_connections(self) -> None:
        await self._opener.open_connections()

    async def action_help(self) -> None:
        await self._opener.open_help(self.key_sections())

    async def action_statistics(self) -> None:
        await self._opener.open_statistics()

    async def action_runs(self) -> None:
        await self._opener.open_runs(self.alert_control.failed_run(self.stream.current))

    @on(MacrosPane.RunWanted)
    async def _run_wanted(self, event: MacrosPane.RunWanted) -> None:
        await self._opener.open_runs(event.run)

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
            elsewhere = pane_actions(sections) if screen is self else []
        return [
            each for each in (*here, *elsewhere) if is_command(each) and self._does_something(each)
        ]

    def _does_something(self, action: KeyAction) -> bool:
        """Returns whether an action of this screen does something, which the palette hides from
        Textual; a key that only says why it does nothing is none."""
        namespace, name, parameters = actions.parse(action.binding.action)
        if name == "next_hit":
            return self.find_line.is_open
        return namespace != "screen" or self.check_action(name, parameters) is True

    async def run_key_action(self, action: KeyAction) -> None:
        """Does what a key does, in its pane."""
        if isinstance(action.node, Widget) and action.node.focusable:
            action.node.screen.set_focus(action.node)
        await self.app.run_action(action.binding.action, action.node)

    def hides(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Returns whether an action is `hidden`, or goes to what is."""
        return action in self.hidden or bool(self.hidden.intersection(parameters))

    def _shows(self, binding: BindingType) -> bool:
        if not isinstance(binding, Binding):
            return True
        _namespace, action, parameters = actions.parse(binding.action)
        return not self.hides(action, parameters)

    def as_typed(self, event: events.Key | events.Paste) -> events.Key | events.Paste:
        """Returns an event as the dashboard takes it: what an input method left on types where no
        text is written, as the key that it is without it."""
        if isinstance(event, events.Key) and not isinstance(self.app.focused, Input | TextArea):
            return half_width_key(event)
        return event

    async def action_command_palette(self) -> None:
        """Shows the app's palette."""
        self.app.action_command_palette()
