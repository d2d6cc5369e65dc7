"""The detail pane: everything about the event under the cursor."""

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from mdxdash.catalog.entry import Language
from mdxdash.events.event import Event
from mdxdash.events.links import LinkedReply, command_of, replies_to
from mdxdash.events.log import EventLog
from mdxdash.events.printable import printable
from mdxdash.tui.widgets.event_description import describe

_WHEN = {
    "now": "not yet",
    "end": "when it ends",
    "user": "when the user acts",
    "conditional": "in some states",
}


class DetailPane(VerticalScroll):
    """Arguments by name, the replies to a command, the origin and the time of an event."""

    BORDER_TITLE = "Detail"

    def __init__(self, language: Language) -> None:
        super().__init__(id="detail")
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
            self._shown = None
            self._body.update("")
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
                *_links(event, replies, command),
            ]
            self._body.update(Content("\n").join(lines))


def _links(event: Event, replies: list[LinkedReply], command: Event | None) -> list[Content]:
    lines = []
    if command is not None:
        text = f"{printable(command.type)}  #{command.seq:,}, {_after(command, event)} before"
        lines.append(Content.assemble(("reply to  ", "$text-muted"), text))
    for reply in replies:
        label = ("reply  ", "$text-muted")
        if reply.event is not None:
            after = _after(event, reply.event)
            text = f"{printable(reply.event.type)}  #{reply.event.seq:,}, {after} later"
            lines.append(Content.assemble(label, (text, "$text-success")))
        elif reply.missing:
            text = f"{printable(str(reply.reply))}  missing"
            lines.append(Content.assemble(label, (text, "$text-error")))
        else:
            text = f"{printable(str(reply.reply))}  {_WHEN[reply.reply.when]}"
            lines.append(Content.assemble(label, (text, "$text-muted")))
    return lines


def _after(first: Event, second: Event) -> str:
    seconds = second.time - first.time
    return f"{seconds * 1000:,.0f} ms" if seconds < 10 else f"{seconds:,.1f} s"
