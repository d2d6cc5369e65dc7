"""What a message says of itself: who may publish can write what he likes."""

from typing import Any

import msgspec
import pytest

from mdxdash.events.event import Event
from mdxdash.remote.fleet.messages import Batch, Changes, Presence
from mdxdash.remote.fleet.watching.plausible import (
    AGENTS_MAX,
    MACROS_MAX,
    Implausible,
    check_events,
    check_head,
    check_lines,
)
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
        {"since": 2**62},
        {"dropped": -1},
        {"state": "\x1b[2J"},
        {"lifetime": 0.0},
        {"lifetime": 1e308},
        {"at": 1e308},
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


def test_more_events_than_a_broker_takes():
    assert check_lines(b"x\n") == b"x\n"
    with pytest.raises(Implausible):
        check_lines(bytes(2**24 + 1))
