"""What was done by hand as a macro: the commands that were sent, and waits for what answered them.

The pauses of a person are left out; the macro goes on as soon as the agent has answered. Answers
to different commands that came close together may come the other way round the next time, so that
only the last of them is waited for.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from mdxdash.catalog.replies import Reply, replies
from mdxdash.events.event import Event
from mdxdash.filters.filter import Filter
from mdxdash.filters.terms import ArgsTerm, TypeTerm
from mdxdash.filters.tree import AllNode
from mdxdash.filters.values import Fragment, Value, Wildcard
from mdxdash.macros.model import DEFAULT_TIMEOUT, Macro, SendStep, Step, WaitStep
from mdxdash.wire.message import SEPARATOR, Message

CLOSE: Final = 0.5
"""Seconds between two answers within which their order is taken for chance."""

PATIENCE: Final = 3
"""How many times as long as it took by hand a wait may take, if that is above its usual time."""


@dataclass(frozen=True, slots=True)
class _SentCommand:
    event: Event
    replies: tuple[Reply, ...]


@dataclass(frozen=True, slots=True)
class _AwaitedReply:
    event: Event
    to: _SentCommand
    reply: Reply


def macro_from_events(name: str, events: Iterable[Event]) -> Macro:
    """A macro of what one agent was sent, and how it answered, in the order of the events.

    Raises ValueError if nothing was sent.
    """
    open_: list[_SentCommand] = []
    steps: list[Step] = []
    answers: list[_AwaitedReply] = []
    for event in events:
        if event.kind == "sent":
            steps += _waits(answers)
            answers = []
            message = Message(event.type, event.args)
            steps.append(SendStep(Message(_braced(event.type), _braced(event.args))))
            open_.append(_SentCommand(event, _sure(message)))
        elif (answer := _answer(event, open_)) is not None:
            answers.append(answer)
            left = tuple(reply for reply in answer.to.replies if reply is not answer.reply)
            open_[open_.index(answer.to)] = _SentCommand(answer.to.event, left)
    steps += _waits(answers)
    if not steps:
        raise ValueError("nothing was sent: expected at least one command to make a macro of")
    return Macro(name, steps=tuple(steps))


def _sure(command: Message) -> tuple[Reply, ...]:
    """The answers that come each time. What a person must do, or what depends, may not."""
    return tuple(reply for reply in replies(command) if reply.when in ("now", "end"))


def _answer(event: Event, open_: list[_SentCommand]) -> _AwaitedReply | None:
    """The oldest command that an event answers, if any."""
    if event.kind not in ("received", "log") or event.echo is not None or not event.type:
        return None
    if event.level == "Captured":
        return None
    message = Message(event.type, event.args)
    for sent in open_:
        for reply in sent.replies:
            if reply.matches(message):
                return _AwaitedReply(event, sent, reply)
    return None


def _waits(answers: list[_AwaitedReply]) -> list[WaitStep]:
    kept: list[_AwaitedReply] = []
    for answer in reversed(answers):
        after = kept[-1] if kept else None
        if (
            after is None
            or after.to.event is answer.to.event
            or after.event.time - answer.event.time >= CLOSE
        ):
            kept.append(answer)
    return [_wait(answer) for answer in reversed(kept)]


def _wait(answer: _AwaitedReply) -> WaitStep:
    took = answer.event.time - answer.to.event.time
    timeout = max(DEFAULT_TIMEOUT, float(math.ceil(took * PATIENCE)))
    type_ = TypeTerm((Value((_braced(answer.reply.type),)),))
    parts: list[Fragment] = []
    for argument in answer.reply.arguments:
        if parts:
            parts.append(SEPARATOR)
        parts.append(Wildcard.ANY if argument is None else _braced(argument))
    node = AllNode((type_, ArgsTerm((Value(_joined(parts)),)))) if parts else type_
    return WaitStep(str(Filter(node)), timeout)


def _joined(parts: list[Fragment]) -> tuple[Fragment, ...]:
    """The same with plain texts that stand side by side made into one."""
    joined: list[Fragment] = []
    for part in parts:
        last = joined[-1] if joined else None
        if isinstance(part, str) and isinstance(last, str):
            joined[-1] = last + part
        else:
            joined.append(part)
    return tuple(part for part in joined if part != "")


def _braced(text: str) -> str:
    """Plain text as a template says it."""
    return text.replace("{", "{{")
