"""What an event replies to and what replied to it, in words."""

from collections.abc import Sequence

from textual.content import Content

from mdxdash.events.event import Event
from mdxdash.events.links import LinkedReply
from mdxdash.events.printable import printable
from mdxdash.language.translation import N_, _

_WHEN = {
    "now": N_("not yet"),
    "end": N_("when it ends"),
    "user": N_("when the user acts"),
    "conditional": N_("in some states"),
}


def link_lines(
    event: Event, command: Event | None, replies: Sequence[LinkedReply]
) -> list[Content]:
    """Returns a line for the command to which an event replies, if there is one, and a line for
    each reply to the event, come or expected."""
    lines = []
    if command is not None:
        text = _("{type}  #{seq:,}, {command} before").format(
            type=printable(command.type), seq=command.seq, command=_after(command, event)
        )
        lines.append(Content.assemble((_("reply to  "), "$text-muted"), text))
    for reply in replies:
        label = (_("reply  "), "$text-muted")
        if reply.event is not None:
            after = _after(event, reply.event)
            text = _("{type}  #{seq:,}, {after} later").format(
                type=printable(reply.event.type), seq=reply.event.seq, after=after
            )
            lines.append(Content.assemble(label, (text, "$text-success")))
        elif reply.missing:
            text = f"{printable(str(reply.reply))}  {_('missing')}"
            lines.append(Content.assemble(label, (text, "$text-error")))
        else:
            text = f"{printable(str(reply.reply))}  {_(_WHEN[reply.reply.when])}"
            lines.append(Content.assemble(label, (text, "$text-muted")))
    return lines


def _after(first: Event, second: Event) -> str:
    seconds = second.time - first.time
    return f"{seconds * 1000:,.0f} ms" if seconds < 10 else f"{seconds:,.1f} s"
