"""What the keys do with the rows of the stream: which are shown and how, and what stands in one."""

from functools import partial
from typing import Final

from textual import on

from mdxdash.events.event import Event
from mdxdash.events.links import command_of, replies_to
from mdxdash.filters.editing import all_types, switch_only_type, switch_type
from mdxdash.language.translation import _
from mdxdash.tui.dashboard.frames import DashboardFrames
from mdxdash.tui.panes.composing.composer import Composer
from mdxdash.tui.panes.filter_bar import FilterBar
from mdxdash.tui.panes.types import TypesPane
from mdxdash.tui.views.stream import Stream
from mdxdash.tui.widgets.events.event_list import not_shown
from mdxdash.tui.widgets.lists.row_list import RowList
from mdxdash.wire.message import Message, parse_message

_OLDER_NAME_WIDTH: Final = 12
"""The cells of the agents' names among older events, where the stream shows none."""


class RowActions(DashboardFrames):
    """Filters, holds, clears, opens and explains rows."""

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

    def action_wrap_rows(self) -> None:
        self.row_control.switch_wrap()

    async def action_columns(self) -> None:
        await self.row_control.open_columns()

    @on(RowList.Chosen, "#stream")
    async def _event_wanted(self) -> None:
        stream = self.stream
        opened, followed = stream.current, stream.following
        if opened is None or len(self.app.screen_stack) > 1:
            return

        def come_back() -> None:
            if followed and stream.current == opened:
                stream.follow()

        stream.hold()
        await self._opener.open_event(stream, come_back)

    @on(Stream.PastOldest)
    async def _go_on_in_recording(self) -> None:
        stream = self.stream
        columns = stream.columns._replace(agent_width=stream.name_width or _OLDER_NAME_WIDTH)
        await self._opener.open_older(self._go_to, columns)

    async def action_export(self) -> None:
        await self._opener.open_export()

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
