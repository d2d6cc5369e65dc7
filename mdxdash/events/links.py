"""Which events answer a command, and which command an event answers, as the catalog knows.

Looked for near the event in question only: what is asked is what a reader wants to see of one
row, at once.
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
"""Events looked through on either side."""

OVERDUE = 5.0
"""Seconds after which a reply that comes at once, if at all, counts as missing."""


class LinkedReply(msgspec.Struct, frozen=True):
    """A reply that a command is expected to bring about, and the event that is it."""

    reply: Reply
    event: Event | None
    """None while it has not come."""
    missing: bool = False
    """It should have come by now."""


def replies_to(log: EventLog, command: Event, now: float) -> list[LinkedReply]:
    """The replies to a command and what came of them, in the order they are expected."""
    return replies_among(log.slice(command.seq + 1, command.seq + 1 + REACH), command, now)


def replies_among(after: Sequence[Event], command: Event, now: float) -> list[LinkedReply]:
    """The same, where the events after the command, `REACH` of them, are not in a log."""
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
    # In a flood what was looked through may end before the reply could have come.
    far_enough = len(after) < REACH or after[-1].time - command.time > OVERDUE
    found = []
    for reply in expected:
        event = next((e for e in near if reply.matches(Message(e.type, e.args))), None)
        overdue = reply.when == "now" and now - command.time > OVERDUE and far_enough
        found.append(LinkedReply(reply, event, missing=event is None and overdue))
    return found


def command_of(log: EventLog, answer: Event) -> Event | None:
    """The latest command before an event that this event answers."""
    return command_among(log.slice(max(1, answer.seq - REACH), answer.seq), answer)


def command_among(before: Sequence[Event], answer: Event) -> Event | None:
    """The same, where the events before it are not in a log."""
    entry = find(answer.type, answer.args) if answer.type else None
    if entry is None or entry.kind != "event":
        return None
    commands = _bringing_about(answer.type)
    message = Message(answer.type, answer.args)
    for event in reversed(before):
        if (
            event.agent == answer.agent
            and event.type in commands
            and event.echo is None
            and any(reply.matches(message) for reply in replies(Message(event.type, event.args)))
        ):
            return event
    return None


@cache
def _bringing_about(event_type: str) -> frozenset[str]:
    """The types of the commands that may be answered by events of a type."""
    return frozenset(
        entry.name.partition(SEPARATOR)[0]
        for entry in entries()
        if any(template.partition(SEPARATOR)[0] == event_type for template in entry.replies)
    )
