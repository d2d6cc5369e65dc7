"""The detail pane: everything about the event under the cursor."""

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from mdxdash.catalog.dissect import named_arguments
from mdxdash.catalog.entry import Language
from mdxdash.catalog.lookup import find
from mdxdash.events.event import Event
from mdxdash.events.links import LinkedReply, command_of, replies_to
from mdxdash.events.log import EventLog
from mdxdash.events.printable import printable
from mdxdash.events.text import clock, marks, relay_direction, sign
from mdxdash.wire.message import Message, split_arguments

_WHEN = {
    "now": "not yet",
    "end": "when it ends",
    "user": "when the user acts",
    "conditional": "in some states",
}


class Detail(VerticalScroll):
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


def describe(event: Event, since_previous: float | None, language: Language) -> list[Content]:
    """The event in words: its message, its circumstances, its arguments."""
    entry = find(event.type, event.args) if event.type else None
    title = Content.styled(printable(event.type) or event.kind, "bold $accent")
    if entry is not None:
        title = Content.assemble(title, (f"  {entry.summary.text(language)}", "$text-muted"))
    elif event.type:
        title = Content.assemble(title, ("  unknown to the catalog", "$text-muted italic"))
    lines = [title, _circumstances(event, since_previous)]
    if event.kind == "log":
        lines.append(Content(printable(f"{event.module}  {event.level}  {event.agent_time}")))
    named = dict(enumerate(name for name, _ in _named(event)))
    width = max((len(name) for name in named.values()), default=0)
    lines += [
        Content.assemble(
            (f"{named.get(number, str(number)):>{width}}  ", "$text-muted"), printable(text)
        )
        for number, text in enumerate(split_arguments(event.args))
    ]
    if event.text and not (event.kind == "log" and event.type):
        lines.append(Content(printable(event.text)))
    return lines


def _named(event: Event) -> list[tuple[str, str]]:
    if not event.type or not event.args:
        return []
    named = list(named_arguments(Message(event.type, event.args)))
    # Where empty arguments were dropped, or the rest is one text, the names do not stand beside
    # the pieces as they came.
    return named if [value for _, value in named] == list(split_arguments(event.args)) else []


def _circumstances(event: Event, since_previous: float | None) -> Content:
    head = [f"{sign(event)} {relay_direction(event) or event.kind}"]
    if event.agent:
        head.append(printable(event.agent))
    head.append(clock(event.time))
    if since_previous is not None:
        head.append(f"{since_previous * 1000:+,.0f} ms")
    head.append(f"#{event.seq:,}")
    if event.size:
        head.append(f"{event.size:,} bytes")
    if noted := marks(event):
        head.append(noted)
    return Content.styled("  ".join(head), "$text-muted")


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
