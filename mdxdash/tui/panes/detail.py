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
    """Arguments by name, what answers a command, where the event came from, the time before it."""

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
        answers = replies_to(log, event, now)
        command = command_of(log, event)
        shown = (event, since_previous, answers, command)
        if shown != self._shown:
            if not (isinstance(self._shown, tuple) and self._shown[0].seq == event.seq):
                self.scroll_home(animate=False)
            self._shown = shown
            lines = [
                *describe(event, since_previous, self._language),
                *_links(event, answers, command),
            ]
            self._body.update(Content("\n").join(lines))


def _links(event: Event, answers: list[LinkedReply], command: Event | None) -> list[Content]:
    lines = []
    if command is not None:
        text = f"{printable(command.type)}  #{command.seq:,}, {_after(command, event)} before"
        lines.append(Content.assemble(("answers  ", "$text-muted"), text))
    for answer in answers:
        label = ("answered by  ", "$text-muted")
        if answer.event is not None:
            after = _after(event, answer.event)
            text = f"{printable(answer.event.type)}  #{answer.event.seq:,}, {after} later"
            lines.append(Content.assemble(label, (text, "$text-success")))
        elif answer.missing:
            text = f"{printable(str(answer.reply))}  never came"
            lines.append(Content.assemble(label, (text, "$text-error")))
        else:
            text = f"{printable(str(answer.reply))}  {_WHEN[answer.reply.when]}"
            lines.append(Content.assemble(label, (text, "$text-muted")))
    return lines


def _after(first: Event, second: Event) -> str:
    seconds = second.time - first.time
    return f"{seconds * 1000:,.0f} ms" if seconds < 10 else f"{seconds:,.1f} s"
