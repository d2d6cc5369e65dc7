"""The detail pane: everything about the event under the cursor."""

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from mdxdash.events.event import Event
from mdxdash.events.links import command_of, replies_to
from mdxdash.events.log import EventLog
from mdxdash.language.translation import N_, Language, _
from mdxdash.tui.widgets.events.event_description import describe
from mdxdash.tui.widgets.events.event_links import link_lines


class DetailPane(VerticalScroll):
    """Arguments by name, the replies to a command, the origin and the time of an event."""

    BORDER_TITLE = N_("Detail")

    def __init__(self, language: Language) -> None:
        super().__init__(id="detail")
        self.border_title = _(self.BORDER_TITLE)
        self._language: Language = language
        self._body = Static(id="detail-body")
        self._shown: object = None

    def on_mount(self) -> None:
        self.mount(self._body)

    def show(
        self, event: Event | None, since_previous: float | None, log: EventLog, now: float
    ) -> None:
        """Draws an event, and the seconds since the row before it."""
        if event is None:
            if self._shown is not None:
                self._shown = None
                self._draw(Content(""))
            return
        replies = replies_to(log, event, now)
        command = command_of(log, event)
        shown = (event, since_previous, replies, command)
        if shown != self._shown:
            if not (isinstance(self._shown, tuple) and self._shown[0].seq == event.seq):
                self.scroll_home(animate=False)
            self._shown = shown
            lines = [
                *describe(event, since_previous, self._language),
                *link_lines(event, command, replies),
            ]
            self._draw(Content("\n").join(lines))

    def _draw(self, content: Content) -> None:
        self._body.update(content, layout=False)
        # Laying out takes the whole screen longer than drawing: only where the height changes.
        width, height = self._body.size
        if height != self._body.get_content_height(self.size, self.app.size, width):
            self._body.refresh(layout=True)
