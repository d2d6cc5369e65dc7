"""Whether what a message of a hub says of itself can be true: everybody who may publish can write
what he likes. Pure."""

from collections.abc import Sequence
from typing import Final

import msgspec

from mdxdash.events.event import Event
from mdxdash.remote.fleet.addressing import HUB_NAME, word
from mdxdash.remote.fleet.messages import (
    ROUND_EVENTS,
    Acknowledged,
    Batch,
    FromDesk,
    FromHub,
    Presence,
)
from mdxdash.remote.protocol import Changed, Run

HEAD_BYTES: Final = 2**22
"""Bytes of what stands before the events: a hub with 64 agents has 30 KB."""

LAST_EVENT: Final = 2**40
"""The largest number of an event: a hub gives it after 30 years with 1,000 a second."""

LARGEST: Final = 2**53
"""The largest of any other number, as of bytes."""

_LARGEST_TICKS: Final = 10**18
"""The largest tick count: a line of an agent's log has up to 18 digits (see `wire/log_line.py`)."""

AGENTS_MAX: Final = 1000
MACROS_MAX: Final = 1000
"""Agents and macros of a hub that are taken; one bears 64 agents."""

LONGEST_NAME: Final = 200
"""Characters of a macro's name and of a session."""

_LONGEST_AGENT: Final = 2**13
"""Bytes of an agent's name, at most: it stands in a line of its handshake."""

_SINGLE_BYTES: Final = 2**23 + 2**12
_BATCH_BYTES: Final = 2**22
_STATE_BYTES: Final = 2**22
"""Bytes of what stands behind a head, at most: of a batch with one event, of any other batch, of
changes and runs. Hubs send less (see `publishing/batching.py`)."""

_LONGEST: Final = 2**13
"""Characters of any text in what a hub says of itself."""

_MOST: Final = 10_000
"""Values of any list in it."""

_LONGEST_ARGUMENTS: Final = 2**17
"""Characters of the arguments and of the text of an event; more is cut off."""

_RUNS: Final = 200
_STEPS: Final = 100
"""Runs of a message, and steps of a run, that are taken: a hub sends fewer."""

_LONGEST_TEXT: Final = 1000
"""Characters of what a step does, and why it failed."""

_STATES: Final = ("here", "left", "lost")

_LIFETIMES: Final = (1.0, 60.0)

_TIMES: Final = (0.0, 2.0**32)
"""Unix times that a clock may show: up to the year 2106, one that was never set begins at 0."""


class Implausible(ValueError):
    """The message cannot be what it says."""


def check_head(head: FromHub, key: str | None) -> FromHub:
    """Returns what stands before the events of a message, with what is too much cut off.

    `key` is its routing key, which a broker can limit to the hubs of a user; None if it is not
    known. Raises `Implausible`.
    """
    _require(HUB_NAME.fullmatch(head.hub) is not None)
    _require(len(head.session) <= LONGEST_NAME)
    if key is not None:
        _require(key.partition(".")[0] == word(head.hub))
    match head:
        case Batch():
            _require(1 <= head.first <= head.last <= LAST_EVENT)
            _require(1 <= head.part <= head.parts <= ROUND_EVENTS)
            _require(1 <= head.count <= ROUND_EVENTS and len(head.agent) <= _LONGEST_AGENT)
        case Presence():
            _require(0 <= head.published <= LAST_EVENT and 0 <= head.since <= LAST_EVENT)
            _require(0 <= head.dropped <= LAST_EVENT)
            _require(head.state in _STATES)
            _require(_LIFETIMES[0] <= head.lifetime <= _LIFETIMES[1])
            _require(_TIMES[0] <= head.at <= _TIMES[1])
            _require(_is_bounded(head))
            return msgspec.structs.replace(
                head,
                agents=head.agents[:AGENTS_MAX],
                macros=tuple(n for n in head.macros[:MACROS_MAX] if len(n) <= LONGEST_NAME),
            )
    return head


def check_lines(head: FromHub, lines: bytes) -> bytes:
    """Returns what stands behind a head. Raises `Implausible` if that is more than a hub sends."""
    most = _STATE_BYTES
    if isinstance(head, Batch):
        most = _SINGLE_BYTES if head.count == 1 else _BATCH_BYTES
    _require(len(lines) <= most)
    return lines


def check_events(batch: Batch, events: Sequence[Event]) -> Sequence[Event]:
    """Returns the events of a batch, with what is too long cut off. Raises `Implausible` if they
    are not the ones it names."""
    _require(len(events) == batch.count)
    before = batch.first - 1
    for event in events:
        _require(event.agent == batch.agent and before < event.seq <= batch.last)
        before = event.seq
    return [_checked(event) for event in events]


def _checked(event: Event) -> Event:
    numbers = (event.time, event.size, event.echo or 0, event.round_trip or 0)
    _require(min(numbers) >= 0 and max(numbers) <= LARGEST and event.time <= _TIMES[1])
    _require(0 <= event.ticks <= _LARGEST_TICKS)
    others = (event.type, event.module, event.level, event.agent_time, event.via, event.by)
    _require(max(map(len, others)) <= _LONGEST)
    args, text, undecoded = event.args, event.text, event.undecoded
    if max(len(args), len(text), len(undecoded)) <= _LONGEST_ARGUMENTS:
        return event
    return msgspec.structs.replace(
        event,
        args=args[:_LONGEST_ARGUMENTS],
        text=text[:_LONGEST_ARGUMENTS],
        undecoded=undecoded[:_LONGEST_ARGUMENTS],
    )


def check_changes(changes: Sequence[Changed]) -> Sequence[Changed]:
    """Returns what became of events. Raises `Implausible`."""
    for changed in changes:
        _require(0 < changed.seq <= LAST_EVENT and 0 <= (changed.round_trip or 0) <= _TIMES[1])
    return changes


def check_runs(runs: Sequence[Run]) -> Sequence[Run]:
    """Returns runs of macros, with what is too much cut off. Raises `Implausible`."""
    for run in runs:
        _require(0 < run.run <= LAST_EVENT and len(run.macro) <= LONGEST_NAME)
        _require(len(run.agent) <= _LONGEST_AGENT and len(run.failure) <= _LONGEST_TEXT)
        _require(_TIMES[0] <= run.began_at <= _TIMES[1])
        times = [run.age, run.took or 0.0]
        for step in run.steps[-_STEPS:]:
            times += step.started, step.ended or 0.0
            _require(max(len(step.text), len(step.note), len(step.number)) <= _LONGEST_TEXT)
        _require(all(0 <= each <= _TIMES[1] for each in times))
    return [
        msgspec.structs.replace(run, steps=run.steps[-_STEPS:], recent=run.recent[-_STEPS:])
        for run in runs[:_RUNS]
    ]


def check_answer(answer: FromDesk) -> FromDesk:
    """Returns the answer to a command. Raises `Implausible`."""
    if isinstance(answer, Acknowledged):
        _require(0 <= (answer.round_trip or 0) <= _TIMES[1])
    return answer


def _is_bounded(value: object) -> bool:
    """Whether all numbers in a value are counts, or times, that can be, and all texts and lists
    have a reasonable length."""
    match value:
        case None | bool():
            return True
        case int():
            return 0 <= value <= LARGEST
        case float():
            return 0 <= value <= _TIMES[1]  # which is not so for NaN
        case str():
            return len(value) <= _LONGEST
        case msgspec.Struct():
            return all(_is_bounded(getattr(value, name)) for name in value.__struct_fields__)
        case dict():
            return len(value) <= _MOST and all(map(_is_bounded, (*value, *value.values())))
        case tuple() | list():
            return len(value) <= _MOST and all(map(_is_bounded, value))
    return False


def _require(is_so: bool) -> None:
    if not is_so:
        raise Implausible
