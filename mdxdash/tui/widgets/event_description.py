"""An event in words: its message, when and where it happened, its arguments by name."""

from textual.content import Content

from mdxdash.catalog.dissect import named_arguments
from mdxdash.catalog.entry import Language
from mdxdash.catalog.lookup import find
from mdxdash.events.event import Event
from mdxdash.events.printable import printable
from mdxdash.events.text import clock, marks, relay_direction, sign
from mdxdash.wire.message import Message, split_arguments


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
    if event.by:
        head.append(f"by {event.by}")
    if noted := marks(event):
        head.append(noted)
    return Content.styled("  ".join(head), "$text-muted")
