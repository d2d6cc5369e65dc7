"""Links a command to the events that reply to it, and an event to its command, by the catalog.

Only events near the one in question are searched, so that the links of a row are shown at once.
"""

from collections.abc import Sequence
from functools import cache
from typing import Final

import msgspec

from mdxdash.catalog.entry import Entry
from mdxdash.catalog.lookup import entries, find
from mdxdash.catalog.replies import Reply, replies
from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.wire.message import SEPARATOR, Message

REACH = 5000
"""Events searched before and after."""

OVERDUE = 5.0
"""Seconds after which a reply that should come at once counts as missing."""

_NOT_BEGUN: Final = 4
"""Commands that are passed over since what they ask for had not begun when something ended."""


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
    begun = 0  # in `near`, behind what tells that it has begun
    for reply in expected:
        # An end before that is the end of what this command has cut off.
        first = begun if reply.when == "end" else 0
        at = next((at for at in range(first, len(near)) if _is(reply, near[at])), None)
        event = None if at is None else near[at]
        if at is not None and reply.when == "now":
            begun = at + 1
        overdue = reply.when == "now" and now - command.time > OVERDUE and far_enough
        found.append(LinkedReply(reply, event, missing=event is None and overdue))
    return found


def command_of(log: EventLog, reply: Event) -> Event | None:
    """Returns the latest command to which an event is a reply; None if there is none near it. The
    end of something is the reply to the latest command that had begun."""
    return command_among(log.slice(max(1, reply.seq - REACH), reply.seq), reply)


def command_among(before: Sequence[Event], reply: Event) -> Event | None:
    """Does the same with the events before it that are not in a log."""
    entry = find(reply.type, reply.args) if reply.type else None
    if entry is None or entry.kind != "event":
        return None
    commands, beside = _commands_for(reply.type), _replies_beside(reply.type)
    since: list[Event] = []
    not_begun: list[Event] = []
    for event in reversed(before):
        if event.agent != reply.agent:
            continue
        if event.type in beside and event.kind != "sent":
            since.append(event)
        if event.type not in commands or event.echo is not None:
            continue
        expected = replies(Message(event.type, event.args))
        own = next((at for at, each in enumerate(expected) if _is(each, reply)), None)
        if own is None:
            continue
        begin = [each for each in expected[:own] if each.when == "now"]
        if expected[own].when != "end" or all(any(_is(b, e) for e in since) for b in begin):
            return event
        not_begun.append(event)
        if len(not_begun) == _NOT_BEGUN:
            break
    return not_begun[0] if not_begun else None


def _is(reply: Reply, event: Event) -> bool:
    return reply.matches(Message(event.type, event.args))


@cache
def _commands_for(event_type: str) -> frozenset[str]:
    """Returns the types of the commands to which an event of this type may be a reply."""
    return frozenset(
        entry.name.partition(SEPARATOR)[0]
        for entry in entries()
        if event_type in _reply_types(entry)
    )


@cache
def _replies_beside(event_type: str) -> frozenset[str]:
    """Returns the types of all replies to the commands to which such an event may be a reply."""
    return frozenset[str]().union(
        *(_reply_types(entry) for entry in entries() if event_type in _reply_types(entry))
    )


def _reply_types(entry: Entry) -> frozenset[str]:
    return frozenset(template.partition(SEPARATOR)[0] for template in entry.replies)
