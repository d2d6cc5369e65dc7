"""What a message says of itself: who may publish can write what he likes."""

from typing import Any

import msgspec
import pytest

from mdxdash.events.event import Event
from mdxdash.hub.traffic.speech_state import SpeechState
from mdxdash.remote.fleet.messages import Acknowledged, Batch, Changes, MacroRuns, Presence
from mdxdash.remote.fleet.watching.plausible import (
    AGENTS_MAX,
    MACROS_MAX,
    Implausible,
    check_answer,
    check_changes,
    check_events,
    check_head,
    check_lines,
)
from mdxdash.remote.protocol import Changed, CountsState
from mdxdash.wire.log_line import parse_log_line
from tests.support.scripted_hub import agent_state

BATCH = Batch("room-3", "s", "chat", 2, 5, 9)
PRESENCE = Presence("room-3", "s", 1.8e9, 9)


def test_what_hubs_say_is_plausible():
    for head in (BATCH, PRESENCE, Changes("room-3", "s")):
        assert check_head(head, None) == head
    assert check_head(BATCH, "room-3.chat") is BATCH
    assert check_head(msgspec.structs.replace(BATCH, hub="a.b"), "a%2Eb.chat").hub == "a.b"


@pytest.mark.parametrize(
    "fields",
    [
        {"hub": ""},
        {"hub": "a/b"},
        {"hub": "r\x1b[2J"},
        {"hub": "1" * 5000},
        {"session": "s" * 5000},
        {"first": 0},
        {"first": -5, "last": -1},
        {"first": 9, "last": 5},
        {"last": 2**62},
        {"first": 2**53, "last": 2**53},
        {"count": 0},
        {"count": 5000},
        {"agent": "a" * 10_000},
        {"part": 0},
        {"part": 2, "parts": 1},
        {"part": 1, "parts": 2**62},
    ],
)
def test_a_batch_that_cannot_be(fields: dict[str, Any]):
    with pytest.raises(Implausible):
        check_head(msgspec.structs.replace(BATCH, **fields), None)


@pytest.mark.parametrize(
    "fields",
    [
        {"hub": "*"},
        {"published": -1},
        {"published": 2**62},
        {"published": 2**53},
        {"since": 2**62},
        {"dropped": -1},
        {"state": "\x1b[2J"},
        {"lifetime": 0.0},
        {"lifetime": 1e308},
        {"at": 1e308},
        {"at": 1e11},
        {"at": -1.0},
    ],
)
def test_a_presence_that_cannot_be(fields: dict[str, Any]):
    with pytest.raises(Implausible):
        check_head(msgspec.structs.replace(PRESENCE, **fields), None)


@pytest.mark.parametrize("key", ["room-4.chat", "", "chat", "#", "room-3x.chat"])
def test_a_routing_key_of_another_hub(key: str):
    """A broker can limit a user to routing keys, and not to what stands in a message."""
    with pytest.raises(Implausible):
        check_head(BATCH, key)


def test_what_is_too_much_is_cut_off():
    agents = tuple(agent_state(f"a-{number}") for number in range(AGENTS_MAX + 5))
    macros = ("m" * 5000, *(f"m-{number}" for number in range(MACROS_MAX + 5)))
    head = check_head(msgspec.structs.replace(PRESENCE, agents=agents, macros=macros), None)
    assert isinstance(head, Presence)
    assert len(head.agents) == AGENTS_MAX
    assert len(head.macros) == MACROS_MAX - 1


@pytest.mark.parametrize(
    "events",
    [
        [],
        [(5, "chat")],
        [(5, "chat"), (5, "chat")],
        [(6, "chat"), (5, "chat")],
        [(4, "chat"), (5, "chat")],
        [(5, "chat"), (10, "chat")],
        [(5, "chat"), (6, "lobby")],
    ],
)
def test_events_that_are_not_those_of_the_batch(events: list[tuple[int, str]]):
    made = [Event(seq, 1.8e9, "received", agent, "A") for seq, agent in events]
    with pytest.raises(Implausible):
        check_events(BATCH, made)


def test_events_of_the_batch():
    made = [Event(seq, 1.8e9, "received", "chat", "A") for seq in (5, 9)]
    assert check_events(BATCH, made) == made


def test_more_lines_than_a_hub_sends():
    single = msgspec.structs.replace(BATCH, count=1)
    assert check_lines(BATCH, b"x\n") == b"x\n"
    assert check_lines(single, bytes(2**23))
    for head in (BATCH, Changes("room-3", "s"), MacroRuns("room-3", "s")):
        with pytest.raises(Implausible):
            check_lines(head, bytes(2**23))


@pytest.mark.parametrize(
    "fields",
    [
        {"queued": -1},
        {"queued": 2**63},
        {"last_seen_at": -1.0},
        {"connected_at": 1e300},
        {"counts": CountsState(lost=-5)},
        {"counts": CountsState(round_trips=(1e300,))},
        {"speech": SpeechState("mei", "hello", played=-1e9)},
        {"speech": SpeechState("mei", "hello", played=1e308, seconds=1e-320)},
        {"speech": SpeechState("mei", "h" * 100_000)},
        {"name": "n" * 100_000},
    ],
)
def test_an_agent_that_cannot_be(fields: dict[str, Any]):
    agent = msgspec.structs.replace(agent_state(), **fields)
    with pytest.raises(Implausible):
        check_head(msgspec.structs.replace(PRESENCE, agents=(agent,)), None)


@pytest.mark.parametrize(
    "fields",
    [{"time": -1.0}, {"time": 1e300}, {"size": -1}, {"round_trip": -0.5}, {"type": "T" * 100_000}],
)
def test_an_event_that_cannot_be(fields: dict[str, Any]):
    events = [Event(seq, 1.8e9, "received", "chat", "A") for seq in (5, 9)]
    events[1] = msgspec.structs.replace(events[1], **fields)
    with pytest.raises(Implausible):
        check_events(BATCH, events)


def test_what_an_agent_writes_as_its_ticks_hides_no_events():
    line = parse_log_line(f"[2026/11/22 19:48:26.306] [{'9' * 18}] A: Status: x\n")
    assert line is not None
    events = [Event(seq, 1.8e9, "log", "chat", ticks=line.ticks) for seq in (5, 9)]
    assert check_events(BATCH, events) == events


def test_arguments_that_are_too_long_are_cut():
    events = [Event(seq, 1.8e9, "received", "chat", "A", "x" * 500_000) for seq in (5, 9)]
    assert [len(event.args) for event in check_events(BATCH, events)] == [2**17] * 2


def test_a_change_that_cannot_be():
    for changed in (Changed(0), Changed(5, -1.0), Changed(5, 1e300)):
        with pytest.raises(Implausible):
            check_changes([changed])
    assert check_changes([Changed(5, 0.1)])


def test_an_answer_that_cannot_be():
    for round_trip in (-1.0, 1e308):
        with pytest.raises(Implausible):
            check_answer(Acknowledged("room-3", "id", "chat", round_trip))
    for round_trip in (None, 0.1):
        assert check_answer(Acknowledged("room-3", "id", "chat", round_trip))
