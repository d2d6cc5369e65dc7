"""Links a command to the events that reply to it, and an event to its command, by the catalog.

Only events near the one in question are searched, so that the links of a row are shown at once.
"""

from collections.abc import Sequence
from functools import cache

import msgspec

from mdxdash.catalog.lookup import entries, find
from mdxdash.catalog.replies import Reply, replies
from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.wire.message import SEPARATOR, Message

REACH = 5000
"""Events searched before and after."""

OVERDUE = 5.0
"""Seconds after which a reply that should come at once counts as missing."""


class LinkedReply(msgspec.Struct, frozen=True):
    """An expected reply to a command, and the event that is this reply."""

    reply: Reply
    event: Event | None
    """None until it has come."""
    missing: bool = False
    """Whether it should have come by now."""


def replies_to(log: EventLog, command: Event, now: float) -> list[LinkedReply]:
    """Returns the expected replies to a command, in order, with the events that came. `now` is Unix
    time."""
    return replies_among(log.slice(command.seq + 1, command.seq + 1 + REACH), command, now)


def replies_among(after: Sequence[Event], command: Event, now: float) -> list[LinkedReply]:
    """Does the same with the events after the command, `REACH` of them, that are not in a log."""
    if command.kind not in ("sent", "received", "log") or not command.type:
        return []
    expected = replies(Message(command.type, command.args))
    if not expected:
        return []
    wanted = {reply.type for reply in expected}
    near = [
        event
        for event in after
        if event.type in wanted and event.agent == command.agent and event.kind != "sent"
    ]
    # In a flood the searched events may end before the reply could have come.
    far_enough = len(after) < REACH or after[-1].time - command.time > OVERDUE
    found = []
    for reply in expected:
        event = next((e for e in near if reply.matches(Message(e.type, e.args))), None)
        overdue = reply.when == "now" and now - command.time > OVERDUE and far_enough
        found.append(LinkedReply(reply, event, missing=event is None and overdue))
    return found


def command_of(log: EventLog, reply: Event) -> Event | None:
    """Returns the latest command to which an event is a reply; None if there is none near it."""
    return command_among(log.slice(max(1, reply.seq - REACH), reply.seq), reply)


def command_among(before: Sequence[Event], reply: Event) -> Event | None:
    """Does the same with the events before it that are not in a log."""
    entry = find(reply.type, reply.args) if reply.type else None
    if entry is None or entry.kind != "event":
        return None
    commands = _commands_for(reply.type)
    message = Message(reply.type, reply.args)
    for event in reversed(before):
        if (
            event.agent == reply.agent
            and event.type in commands
            and event.echo is None
            and any(each.matches(message) for each in replies(Message(event.type, event.args)))
        ):
            return event
    return None


@cache
def _commands_for(event_type: str) -> frozenset[str]:
    """Returns the types of the commands to which an event of this type may be a reply."""
    return frozenset(
        entry.name.partition(SEPARATOR)[0]
        for entry in entries()
        if any(template.partition(SEPARATOR)[0] == event_type for template in entry.replies)
    )
