"""What an event replies to and what replied to it, in words."""

from collections.abc import Sequence

from textual.content import Content

from mdxdash.events.event import Event
from mdxdash.events.links import LinkedReply
from mdxdash.events.printable import printable

_WHEN = {
    "now": "not yet",
    "end": "when it ends",
    "user": "when the user acts",
    "conditional": "in some states",
}


def link_lines(
    event: Event, command: Event | None, replies: Sequence[LinkedReply]
) -> list[Content]:
    """Returns a line for the command to which an event replies, if there is one, and a line for
    each reply to the event, come or expected."""
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
