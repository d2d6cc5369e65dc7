"""What the keys for finding do: the find line, the context, a time, a gap, saved filters."""

import asyncio
from functools import partial
from typing import Literal

from textual import work
from textual.screen import Screen

from mdxdash.filters.filter import FilterError
from mdxdash.filters.surroundings import CONTEXT_MAX
from mdxdash.filters.time_terms import read_moment
from mdxdash.language.translation import _
from mdxdash.settings.toml_source import SettingsError
from mdxdash.tui.app_context import AppContext
from mdxdash.tui.finding.find_line import FindLine
from mdxdash.tui.finding.jumps import beyond_gap, first_at, rows_from
from mdxdash.tui.key_settings.keymap import shown_key
from mdxdash.tui.panes.filter_bar import FilterBar
from mdxdash.tui.views.dialogue_views import DialogueViews, ViewName
from mdxdash.tui.views.stream import Stream
from mdxdash.tui.widgets.error_text import error_text


class FindControl(Screen[None]):
    """The actions of the dashboard that lead to a row of the stream."""

    context: AppContext
    stream: Stream
    views: DialogueViews
    filter_bar: FilterBar
    find_line: FindLine
    _taken_away = ""
    """The filter that was taken away last, by the key that brings it back."""

    async def action_view(self, name: ViewName) -> None:
        """Shows the events, the conversation or the timeline."""
        raise NotImplementedError

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "end_find":
            return self.find_line.is_open
        if action == "next_hit":
            # Among the rows the key opens the find; in its empty line there is nothing to go to.
            return bool(self.find_line.input.value) or not self.find_line.is_open
        if action == "save_filter":
            return self.context.keep_filter is not None
        return super().check_action(action, parameters)

    # Find

    async def action_find(self) -> None:
        """Opens the find line, over the events."""
        if self.views.shown != "events":
            await self.action_view("events")
        self.find_line.open()

    def action_next_hit(self, direction: Literal[1, -1]) -> None:
        """Goes to the next hit, or with -1 to the one before."""
        if self.find_line.is_open:
            self.find_line.step(direction)
        else:
            find = shown_key(self.app, "find")
            self.notify(_("Nothing is searched for; {find} finds.").format(find=find), timeout=2)

    def action_end_find(self) -> None:
        self.find_line.end()

    # What stands around a row

    def action_context(self, more: int) -> None:
        """Shows more events around each one that passes, or fewer."""
        stream = self.stream
        if stream.view.filter.is_empty:
            self.notify(_("There is no filter, so everything is shown."), timeout=2)
            return
        stream.show_context(max(0, min(stream.view.context + more, CONTEXT_MAX)))

    def action_switch_filter(self) -> None:
        """Takes the filter away, so that the row is seen among the others, or brings it back."""
        text = self.filter_bar.text
        if text:
            self.stream.hold()
            self._taken_away = text
            self.filter_bar.take_away()
        elif self._taken_away:
            self.filter_bar.text = self._taken_away
        else:
            self.notify(_("There is no filter."), timeout=2)

    # Jumps

    async def action_go_to_time(self) -> None:
        """Asks for a time, and goes to the first row at it or after it."""
        from mdxdash.tui.screens.dialogs.line_dialog import LineDialog  # noqa: PLC0415  not for a start

        hint = _("12:30, 12:30:05, 2026-11-22T12:30, or -5m: five minutes ago")
        dialog = LineDialog(_("Go to a time"), hint, self._wrong_time)
        await self.app.push_screen(dialog, self._go_to_time)

    def _wrong_time(self, text: str) -> str:
        try:
            read_moment(text, self.context.now())
        except FilterError as error:
            return error_text(error)
        return ""

    def _go_to_time(self, text: str | None) -> None:
        if text is not None:
            self._jump_to(text)

    @work(group="jump", exclusive=True)
    async def _jump_to(self, text: str) -> None:
        stream, log = self.stream, self.context.log
        moment = read_moment(text, self.context.now())
        seq = first_at(log, moment)
        await rows_from(stream.view, seq)
        if not stream.row_count:
            self.notify(_("No event is shown."), timeout=2)
            return
        if stream.view.row_of(seq) == stream.row_count:
            self.notify(
                _("There is no row after {text}: this is the last one.").format(text=text),
                timeout=3,
            )
        elif log.first_seq > 1 and seq == log.first_seq:
            self.notify(
                _("What was before #{seq:,} has left memory; ↑ goes on.").format(seq=seq), timeout=3
            )
        stream.go_to(seq)
        if self.views.shown == "conversation":
            self.views.conversation.show_selection()

    @work(group="jump", exclusive=True)
    async def action_gap(self, direction: Literal[1, -1]) -> None:
        """Goes to the row after the next gap, or with -1 after the one before."""
        stream, seconds = self.stream, self.context.gap
        event = stream.current
        if event is None:
            return
        seq = await beyond_gap(stream.view, event.seq, direction, seconds)
        if seq is None:
            where = _("after") if direction > 0 else _("before")
            self.notify(
                _("There is no gap of {seconds:g} s {where} this row.").format(
                    seconds=seconds, where=where
                ),
                timeout=2,
            )
        else:
            stream.go_to(seq)

    # Saved filters

    def use_filter(self, text: str) -> None:
        """Filters by a text, which was saved."""
        self.filter_bar.text = text

    async def action_save_filter(self) -> None:
        """Asks for the name under which the filter is saved."""
        from mdxdash.tui.screens.dialogs.line_dialog import LineDialog  # noqa: PLC0415  not for a start

        text = str(self.filter_bar.filter.text)
        if not text:
            self.notify(_("There is no filter to save."), timeout=2)
            return
        names = ", ".join(self.context.filters)
        hint = (
            _("Its name; saved are: {names}").format(names=names)
            if names
            else _("Its name, such as errors")
        )
        dialog = LineDialog(_("Save {text}").format(text=text), hint, _wrong_name)
        await self.app.push_screen(dialog, partial(self._save_filter, text))

    def _save_filter(self, text: str, name: str | None) -> None:
        if name is not None:
            self.context.filters[name] = text
            self._write_filter(name, text)

    @work(group="save-filter")
    async def _write_filter(self, name: str, text: str) -> None:
        keep = self.context.keep_filter
        if keep is None:
            return
        try:
            await asyncio.to_thread(keep, name, text)
        except SettingsError as error:
            self.notify(error_text(error), severity="warning")
        else:
            self.notify(
                _("Saved as {name}; Tab and the palette offer it.").format(name=name), timeout=3
            )


def _wrong_name(text: str) -> str:
    return "" if text.strip() else _("a name is missing")
