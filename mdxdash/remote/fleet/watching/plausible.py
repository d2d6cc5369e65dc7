"""Whether what a message of a hub says of itself can be true: everybody who may publish can write
what he likes. Pure."""

from collections.abc import Sequence
from typing import Final

import msgspec

from mdxdash.events.event import Event
from mdxdash.remote.fleet.addressing import HUB_NAME, word
from mdxdash.remote.fleet.messages import ROUND_EVENTS, Batch, FromHub, Presence
from mdxdash.remote.protocol import Run

HEAD_BYTES: Final = 2**22
"""Bytes of what stands before the events: a hub with 64 agents has 30 KB."""

LARGEST: Final = 2**53
"""The largest number of an event."""

AGENTS_MAX: Final = 1000
MACROS_MAX: Final = 1000
"""Agents and macros of a hub that are taken; one bears 64 agents."""

LONGEST_NAME: Final = 200
"""Characters of a macro's name and of a session."""

_LONGEST_AGENT: Final = 2**13
"""Bytes of an agent's name, at most: it stands in a line of its handshake."""

_LINES_BYTES: Final = 2**24
"""Bytes of the events of a batch: RabbitMQ takes no longer message (`max_message_size`)."""

_RUNS: Final = 200
_STEPS: Final = 100
"""Runs of a message, and steps of a run, that are taken: a hub sends fewer."""

_LONGEST_TEXT: Final = 1000
"""Characters of what a step does, and why it failed."""

_STATES: Final = ("here", "left", "lost")

_LIFETIMES: Final = (1.0, 3600.0)

_TIMES: Final = (0.0, 1e11)
"""Unix times that a clock may show."""


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
            _require(1 <= head.first <= head.last <= LARGEST)
            _require(1 <= head.part <= head.parts <= ROUND_EVENTS)
            _require(1 <= head.count <= ROUND_EVENTS and len(head.agent) <= _LONGEST_AGENT)
        case Presence():
            _require(0 <= head.published <= LARGEST and 0 <= head.since <= LARGEST)
            _require(0 <= head.dropped <= LARGEST)
            _require(head.state in _STATES)
            _require(_LIFETIMES[0] <= head.lifetime <= _LIFETIMES[1])
            _require(_TIMES[0] <= head.at <= _TIMES[1])
            return msgspec.structs.replace(
                head,
                agents=head.agents[:AGENTS_MAX],
                macros=tuple(n for n in head.macros[:MACROS_MAX] if len(n) <= LONGEST_NAME),
            )
    return head


def check_lines(lines: bytes) -> bytes:
    """Returns the lines of a batch. Raises `Implausible` if these are more than any hub sends."""
    _require(len(lines) <= _LINES_BYTES)
    return lines


def check_events(batch: Batch, events: Sequence[Event]) -> Sequence[Event]:
    """Returns the events of a batch. Raises `Implausible` if they are not the ones it names."""
    _require(len(events) == batch.count)
    before = batch.first - 1
    for event in events:
        _require(event.agent == batch.agent and before < event.seq <= batch.last)
        before = event.seq
    return events


def check_runs(runs: Sequence[Run]) -> Sequence[Run]:
    """Returns runs of macros, with what is too much cut off. Raises `Implausible`."""
    for run in runs:
        _require(0 < run.run <= LARGEST and len(run.macro) <= LONGEST_NAME)
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


def _require(is_so: bool) -> None:
    if not is_so:
        raise Implausible
