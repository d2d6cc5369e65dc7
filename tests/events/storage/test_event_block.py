"""Events as columns."""

import msgspec
import pytest
from hypothesis import given, settings

from mdxdash.events.event import Event
from mdxdash.events.storage.event_block import EventBlock
from tests.support.random_events import FIELDS, events


@given(events(least=1))
@settings(max_examples=60)
def test_events_come_back_as_they_were(given_events: list[Event]) -> None:
    block = EventBlock(given_events)
    assert block.events(0, len(block)) == given_events
    assert [block.event(position) for position in range(len(block))] == given_events
    assert (block.first, block.stop) == (1, len(given_events) + 1)


def test_every_field_of_an_event_is_tried() -> None:
    names = {field.name for field in msgspec.structs.fields(Event)}
    assert names == {*FIELDS, "seq", "time"}


def test_what_repeats_is_kept_once() -> None:
    block = EventBlock([Event(seq, 1e9, "received", "chat", f"T{seq % 3}") for seq in range(1, 99)])
    assert [signature.type for signature in block.signatures] == ["T1", "T2", "T0"]
    assert block.bytes < 98 * 20 + 1000


@pytest.mark.parametrize("types", [2, 256, 257, 600])
def test_there_may_be_any_number_of_types(types: int) -> None:
    given_events = [
        Event(seq, 1e9, "received", "chat", f"T{seq % types}") for seq in range(1, 1000)
    ]
    assert EventBlock(given_events).events(0, 999) == given_events


def test_a_replaced_event_leaves_the_block_as_it_was() -> None:
    given_events = [Event(seq, 1e9, "sent", "chat", "A") for seq in range(1, 4)]
    block = EventBlock(given_events)
    lost = msgspec.structs.replace(given_events[1], lost=True)
    acked = msgspec.structs.replace(given_events[1], round_trip=0.25)
    once = block.replaced(1, lost)
    twice = once.replaced(1, acked)
    assert block.events(0, 3) == given_events
    assert once.events(0, 3) == [given_events[0], lost, given_events[2]]
    assert twice.events(0, 3) == [given_events[0], acked, given_events[2]]
    assert (
        twice.replaced(0, msgspec.structs.replace(given_events[0], round_trip=1.0)).event(1)
        == acked
    )


def test_the_range_of_times_is_that_of_all_events() -> None:
    times = (5.0, 9.0, 1.0, 7.0)
    block = EventBlock([Event(n, time, "log") for n, time in enumerate(times, start=1)])
    assert block.time_range == (1.0, 9.0)
