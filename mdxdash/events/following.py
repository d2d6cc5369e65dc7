"""Lets what an agent has announced follow the events of a log, as the hub itself follows them."""

from mdxdash.catalog.announced import AnnouncedState
from mdxdash.catalog.dissect import dissect_command
from mdxdash.catalog.replies import anticipate
from mdxdash.events.event import Event, is_line
from mdxdash.wire.message import Message, format_message


def follow(known: AnnouncedState, event: Event) -> None:
    """Updates `known`, what an agent has announced, with one of its events.

    A message counts as the agent issued it: as it was received, or as its log has it (`Sent`). A
    command that was sent brings about its immediate replies at once. Who connects may have been
    started anew. What the upstream sent is not anticipated, as at the hub.
    """
    kind = event.kind
    if kind == "received" or (kind == "log" and event.level == "Sent" and is_line(event)):
        known.observe(event.type, event.args)
    elif kind == "sent":
        if is_line(event) and not event.via:
            anticipate(known, dissect_command(format_message(Message(event.type, event.args))))
    elif kind == "connected" and not event.via:
        known.clear()
