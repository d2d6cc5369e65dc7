"""Received events as columns, beside a list of them."""

import pytest

from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.events.storage.block_events import BlockEvents
from mdxdash.events.storage.event_block import EventBlock
from tests.support.random_events import block_of_received


def received(first: int, count: int, agents: int = 1) -> list[Event]:
    return [
        Event(seq, float(seq), "received", f"chat{seq % agents}", f"T{seq % 3}", "あ" * (seq % 4))
        for seq in range(first, first + count)
    ]


@pytest.mark.parametrize("agents", [1, 3])
def test_it_is_the_sequence_of_its_events(agents: int) -> None:
    events = received(5, 20, agents)
    columns = BlockEvents(block_of_received(events))
    assert list(columns) == events
    assert (len(columns), columns[0], columns[-1]) == (20, events[0], events[-1])
    assert columns[3:9] == events[3:9]
    with pytest.raises(IndexError):
        columns[20]


@pytest.mark.parametrize("agents", [1, 3])
def test_a_block_of_columns_is_as_one_of_events(agents: int) -> None:
    events = received(5, 20, agents)
    columns, block = block_of_received(events), EventBlock(events)
    for name in ("first", "signatures", "codes", "times", "sizes", "characters", "bytes"):
        assert getattr(columns, name) == getattr(block, name)
    assert sum(count for _, count in columns.counts) == 20


def test_a_log_counts_and_publishes_them() -> None:
    log, published = EventLog(), list[Event]()
    log.subscribe_batches(published.extend)
    log.extend(received(1, 10))
    log.extend(BlockEvents(block_of_received(received(11, 20))))
    log.extend(received(31, 10))
    assert list(log) == published == received(1, 40)
    assert log.counts == {"T0": 13, "T1": 14, "T2": 13}


def test_a_log_takes_only_those_that_come_next() -> None:
    log = EventLog()
    with pytest.raises(ValueError, match="from seq 1 on, got 2"):
        log.extend(BlockEvents(block_of_received(received(2, 3))))
    assert (len(log), log.next_seq) == (0, 1)


def test_what_was_counted_before_is_not_counted_again() -> None:
    log = EventLog()
    log.restore_counts({"T0": 3, "T1": 3, "T2": 3}, 10)
    log.extend(BlockEvents(block_of_received(received(1, 12))))
    assert log.counts == {"T0": 4, "T1": 4, "T2": 4}


def test_the_last_events_stay_though_they_take_more_than_the_log_may() -> None:
    log = EventLog(bytes_limit=1000)
    log.extend(BlockEvents(block_of_received(received(1, 100))))
    log.extend(BlockEvents(block_of_received(received(101, 100))))
    assert list(log) == received(101, 100)
