"""Makes a macro of what was done by hand: the commands that were sent, and waits for their replies.

The pauses of a person are left out: the macro goes on as soon as the agent has replied. Replies to
different commands that came close together may come in another order the next time, so only the
last of them is waited for.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from mdxdash.catalog.replies import Reply, replies
from mdxdash.events.event import Event
from mdxdash.filters.filter import Filter
from mdxdash.filters.terms import ArgsTerm, TypeTerm
from mdxdash.filters.tree import AllNode
from mdxdash.filters.values import Fragment, Value, Wildcard
from mdxdash.language.translation import N_
from mdxdash.macros.model import DEFAULT_TIMEOUT, Macro, SendStep, Step, WaitStep
from mdxdash.macros.template import escape_braces
from mdxdash.wire.message import SEPARATOR, Message

SAME_MOMENT: Final = 0.5
"""Seconds. Two replies that come closer together may come in another order the next time."""

TIMEOUT_FACTOR: Final = 3
"""A wait may take this many times as long as the reply took by hand, and DEFAULT_TIMEOUT at
least."""


@dataclass(frozen=True, slots=True)
class _SentCommand:
    event: Event
    replies: tuple[Reply, ...]
    """Those that did not come yet."""


@dataclass(frozen=True, slots=True)
class _ReceivedReply:
    event: Event
    command: _SentCommand
    reply: Reply


def macro_from_events(name: str, events: Iterable[Event]) -> Macro:
    """Returns a macro of the commands that one agent was sent and of its replies.

    `events` are the agent's, in their order. Raises ValueError if nothing was sent.
    """
    commands: list[_SentCommand] = []
    steps: list[Step] = []
    received: list[_ReceivedReply] = []
    for event in events:
        if event.kind == "sent" and event.type:
            steps += _waits(received)
            received = []
            steps.append(SendStep(Message(escape_braces(event.type), escape_braces(event.args))))
            commands.append(_SentCommand(event, _certain_replies(Message(event.type, event.args))))
        elif (found := _reply_in(event, commands)) is not None:
            received.append(found)
            left = tuple(reply for reply in found.command.replies if reply is not found.reply)
            commands[commands.index(found.command)] = _SentCommand(found.command.event, left)
    steps += _waits(received)
    if not steps:
        raise ValueError(N_("nothing was sent: expected at least one command to make a macro of"))
    return Macro(name, steps=tuple(steps))


def commands_by_agent(events: Iterable[Event]) -> Mapping[str, int]:
    """Returns how many commands each agent was sent, in the order of their first commands."""
    return Counter(event.agent for event in events if event.kind == "sent" and event.type)


def _certain_replies(command: Message) -> tuple[Reply, ...]:
    """Returns the replies that come each time, without those that a person or a condition
    decides."""
    return tuple(reply for reply in replies(command) if reply.when in ("now", "end"))


def _reply_in(event: Event, commands: list[_SentCommand]) -> _ReceivedReply | None:
    """Returns the reply that an event is, to the oldest command that it can be a reply to."""
    if event.kind not in ("received", "log") or event.echo is not None or not event.type:
        return None
    if event.level == "Captured":
        return None
    message = Message(event.type, event.args)
    for command in commands:
        for reply in command.replies:
            if reply.matches(message):
                return _ReceivedReply(event, command, reply)
    return None


def _waits(received: list[_ReceivedReply]) -> list[WaitStep]:
    """Returns the waits for replies that came one after the other, after which a command was
    sent."""
    kept: list[_ReceivedReply] = []
    for reply in reversed(received):
        following = kept[-1] if kept else None
        if (
            following is None
            or following.command.event is reply.command.event
            or following.event.time - reply.event.time >= SAME_MOMENT
        ):
            kept.append(reply)
    return [_wait(reply) for reply in reversed(kept)]


def _wait(received: _ReceivedReply) -> WaitStep:
    took = received.event.time - received.command.event.time
    timeout = max(DEFAULT_TIMEOUT, float(math.ceil(took * TIMEOUT_FACTOR)))
    type_ = TypeTerm((Value((escape_braces(received.reply.type),)),))
    parts: list[Fragment] = []
    for argument in received.reply.arguments:
        if parts:
            parts.append(SEPARATOR)
        parts.append(Wildcard.ANY if argument is None else escape_braces(argument))
    node = AllNode((type_, ArgsTerm((Value(_joined(parts)),)))) if parts else type_
    return WaitStep(Filter(node), timeout)


def _joined(parts: list[Fragment]) -> tuple[Fragment, ...]:
    """Returns the same parts with neighbouring plain texts joined."""
    joined: list[Fragment] = []
    for part in parts:
        last = joined[-1] if joined else None
        if isinstance(part, str) and isinstance(last, str):
            joined[-1] = last + part
        else:
            joined.append(part)
    return tuple(joined)
