"""Waiting events: rounds in order, bounded, with an exact count of what was dropped."""

from hypothesis import given, settings
from hypothesis import strategies as st

from mdxdash.events.encoding import json_line
from mdxdash.events.event import Event
from mdxdash.remote.fleet.publishing.batching import (
    BATCH_BYTES,
    BATCH_EVENTS,
    LONGEST_EVENT,
    ROUND_BYTES,
    ROUND_EVENTS,
    Dropped,
    WaitingEvents,
)


def lines(first: int, last: int, agents: int = 1) -> list[bytes]:
    return [
        json_line(Event(seq, 1.0, "received", f"a{seq % agents}", "T", str(seq))).rstrip()
        for seq in range(first, last + 1)
    ]


def test_a_round_holds_what_came_one_agent_a_batch():
    waiting = WaitingEvents(2**20)
    waiting.put(lines(1, 5, agents=2))
    found = waiting.take()
    assert found is not None
    assert (found.first, found.last) == (1, 5)
    assert [(agent, count) for agent, count, _ in found.batches()] == [("a1", 3), ("a0", 2)]
    assert found.batches()[1][2] == b"".join(line + b"\n" for line in lines(2, 4, agents=2)[::2])
    assert waiting.take() is None


def test_batches_and_rounds_are_bounded():
    waiting = WaitingEvents(2**24)
    waiting.put(lines(1, ROUND_EVENTS + 50))
    found = waiting.take()
    assert found is not None
    assert found.last == ROUND_EVENTS
    assert {count for _, count, _ in found.batches()} == {BATCH_EVENTS}
    rest = waiting.take()
    assert rest is not None
    assert (rest.first, rest.last) == (ROUND_EVENTS + 1, ROUND_EVENTS + 50)


def test_long_events_make_small_batches_and_rounds():
    waiting = WaitingEvents(2**26)
    long = "x" * (BATCH_BYTES // 2)
    waiting.put([json_line(Event(n, 1.0, "received", "a", "T", long)).rstrip() for n in range(20)])
    found = waiting.take()
    assert found is not None
    assert sum(len(event.line) for event in found.events) < ROUND_BYTES + 2 * BATCH_BYTES
    assert {count for _, count, _ in found.batches()} == {1}


def test_an_event_that_no_broker_takes_is_dropped_and_counted():
    waiting = WaitingEvents(2**26)
    waiting.begin_at(1)
    long = Event(2, 1.0, "received", "a", "T", "x" * LONGEST_EVENT)
    waiting.put([*lines(1, 1), json_line(long).rstrip(), *lines(3, 3)])
    found = waiting.take()
    assert found is not None
    assert [event.seq for event in found.events] == [1, 3]
    assert waiting.take_dropped() == Dropped(1, 2, 2, too_long=1)
    assert waiting.take_dropped() is None


def test_what_was_not_confirmed_comes_again_and_first():
    waiting = WaitingEvents(2**20)
    for seq in (1, 2, 3):
        waiting.put(lines(seq, seq))
        waiting.take()
    waiting.confirm()
    waiting.put(lines(4, 4))
    waiting.put_back()
    found = waiting.take()
    assert found is not None
    assert [event.seq for event in found.events] == [2, 3, 4]
    assert (found.first, waiting.unconfirmed) == (2, 1)


def test_the_oldest_is_dropped_and_counted_and_the_next_round_covers_it():
    waiting = WaitingEvents(20_000)
    waiting.begin_at(1)
    waiting.put(lines(1, 1000))
    dropped = waiting.take_dropped()
    assert dropped is not None
    assert dropped.first == 1
    assert dropped.count == dropped.last == waiting.dropped
    found = waiting.take()
    assert found is not None
    assert (found.first, found.last) == (1, 1000)
    assert [event.seq for event in found.events] == list(range(dropped.last + 1, 1001))
    assert waiting.take_dropped() is None


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(["put", "take", "confirm", "away"]), max_size=60))
def test_every_event_is_given_out_or_counted_as_dropped(steps: list[str]):
    waiting = WaitingEvents(3_000)
    waiting.begin_at(1)
    numbered, given_out = 0, set[int]()
    for step in steps:
        if step == "put":
            waiting.put(lines(numbered + 1, numbered + 7))
            numbered += 7
        elif step == "take" and (found := waiting.take()) is not None:
            given_out |= {event.seq for event in found.events}
        elif step == "confirm" and waiting.unconfirmed:
            waiting.confirm()
        elif step == "away":
            waiting.put_back()
    while (found := waiting.take()) is not None:
        given_out |= {event.seq for event in found.events}
        waiting.confirm()
    told = waiting.take_dropped()
    assert told is None or (told.count == waiting.dropped and isinstance(told, Dropped))
    # What was given out before it was dropped may have arrived or not.
    assert numbered - waiting.dropped <= len(given_out) <= numbered
