"""One event in full, over the dashboard: how details are read where the detail pane has no room."""

from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar, Final, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from mdxdash.events.event import Event
from mdxdash.events.links import LinkedReply
from mdxdash.events.text import text_line
from mdxdash.language.translation import Language, _
from mdxdash.tui.key_actions import named
from mdxdash.tui.keys import LINK_KEYS
from mdxdash.tui.leaving_screen import EDITOR_KEY, can_leave_screen, leave_screen
from mdxdash.tui.outside_programs import OutsidePrograms
from mdxdash.tui.screens.dialogs.dialog import Dialog
from mdxdash.tui.widgets.events.event_description import describe_in_full
from mdxdash.tui.widgets.events.event_links import link_lines
from mdxdash.tui.widgets.events.event_list import EventList, not_shown
from mdxdash.wire.message import Message

_REFRESH = 0.25
"""Seconds between two looks for an acknowledgement or a reply that came meanwhile."""


class Links(NamedTuple):
    """What an event belongs to."""

    command: Event | None
    """The command to which it replies."""
    replies: Sequence[LinkedReply]
    """What replied to it, or should."""


_PAGER_WIDTH: Final = 100_000
"""Cells: a pager breaks long lines itself."""


class EventScreen(Dialog[None]):
    """Shows the event under the cursor of a list, and goes through the list with the same keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *named(
            [
                Binding(
                    "up,left,k",
                    "go(-1)",
                    "Other",
                    key_display="↑ ↓",
                    tooltip="The event before, the next one",
                    id="up",
                ),
                Binding("down,right,j", "go(1)", "Down", show=False, tooltip="The next event"),
                Binding(
                    "pageup",
                    "scroll(-1)",
                    "Scroll",
                    key_display="pgup pgdn",
                    tooltip="Scroll a page",
                ),
                Binding(
                    "pagedown", "scroll(1)", "Scroll down", show=False, tooltip="Scroll a page"
                ),
                Binding("y", "copy('row')", "Copy", tooltip="Copy the row"),
                Binding(
                    "Y", "copy('message')", "Message", tooltip="Copy the message", id="copy_message"
                ),
                Binding(
                    "ctrl+y",
                    "copy('arguments')",
                    "Arguments",
                    tooltip="Copy the arguments",
                    id="copy_arguments",
                ),
                Binding(
                    EDITOR_KEY, "pager", "Pager", show=False, tooltip="Show it in your own pager"
                ),
            ]
        ),
        *LINK_KEYS,
        Binding("escape,enter,q", "dismiss", "Close"),
    ]

    def __init__(
        self,
        rows: EventList,
        links: Callable[[Event], Awaitable[Links]],
        language: Language,
    ) -> None:
        """`rows` is the list from which it was opened; `links` finds what an event belongs to."""
        super().__init__()
        self._rows = rows
        self._links = links
        self._language: Language = language
        self._shown: object = None
        self._body = Static(id="event-body")
        self._scroll = VerticalScroll(self._body)
        self._scroll.can_focus = False  # the keys are the screen's
        self._box = Vertical(self._scroll, id="event")

    def compose(self) -> ComposeResult:
        yield self._box

    async def on_mount(self) -> None:
        await self._show()
        self.set_interval(_REFRESH, self._show)

    async def on_resize(self) -> None:
        self._shown = None
        await self._show()

    async def _show(self) -> None:
        event = self._rows.current
        if event is None or not self.is_attached:
            return
        links = await self._links(event)
        row, count = self._rows.cursor + 1, self._rows.row_count
        shown = (event, links, row, count, self.size.width)
        if shown == self._shown:
            return
        if not (isinstance(self._shown, tuple) and self._shown[0].seq == event.seq):
            self._scroll.scroll_home(animate=False)
        self._shown = shown
        lines = describe_in_full(event, self._rows.since_previous, self._language, self._width)
        if found := link_lines(event, links.command, links.replies):
            lines += [Content(""), *found]
        self._body.update(Content("\n").join(lines))
        self._box.border_title = Content(
            _("Event #{seq:,} · {row:,} of {count:,}").format(seq=event.seq, row=row, count=count)
        )

    @property
    def _width(self) -> int:
        """Cells of a line: within the border, its padding and the scroll bar."""
        return max(20, self.size.width - 6)

    async def action_go(self, by: int) -> None:
        self._rows.move_cursor(self._rows.cursor + by)
        await self._show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "pager":
            return can_leave_screen(self.app)
        if action == "scroll":
            return self._scroll.max_scroll_y > 0
        return super().check_action(action, parameters)

    def action_pager(self) -> None:
        """Shows the event in the user's pager."""
        leave_screen(self.app, self._page())

    async def _page(self) -> None:
        if (event := self._rows.current) is None:
            return
        links = await self._links(event)
        lines = describe_in_full(event, self._rows.since_previous, self._language, _PAGER_WIDTH)
        lines += link_lines(event, links.command, links.replies)
        await OutsidePrograms(self.app).page("\n".join(line.plain for line in lines))

    def action_scroll(self, direction: int) -> None:
        page = self._scroll.scroll_page_down if direction > 0 else self._scroll.scroll_page_up
        page(animate=False)

    def action_copy(self, what: str) -> None:
        event = self._rows.current
        if event is None:
            return
        texts = {
            "row": text_line(event),
            "message": str(Message(event.type, event.args)) if event.type else event.text,
            "arguments": event.args,
        }
        if not texts[what]:
            self.notify(_("It has no arguments."), timeout=2)
            return
        self.app.copy_to_clipboard(texts[what])
        words = {"row": _("row"), "message": _("message"), "arguments": _("arguments")}
        self.notify(_("Copied the {what}.").format(what=words[what]), timeout=2)

    async def action_reply(self) -> None:
        if event := self._rows.current:
            links = await self._links(event)
            await self._go_to(next((each.event for each in links.replies if each.event), None))

    async def action_command(self) -> None:
        if event := self._rows.current:
            await self._go_to((await self._links(event)).command)

    async def _go_to(self, event: Event | None) -> None:
        if event is None:
            self.notify(_("There is no such event."), timeout=2)
        elif not self._rows.shows(event.seq):
            self.notify(not_shown(event), timeout=3)
        else:
            self._rows.select_event(event.seq)
            await self._show()
