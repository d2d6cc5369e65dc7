"""What is worked out once for all that get the same new events."""

import pytest

from mdxdash.events.encoding import json_lines
from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.events.storage import event_batch
from mdxdash.events.storage.event_batch import EventBatch
from mdxdash.events.storage.event_store import memory_sizes

EVENTS = [Event(seq, 1.5, "received", "chat", "T", "x" * seq) for seq in range(1, 10_000)]


def test_its_lines_are_those_of_its_events() -> None:
    assert EventBatch(EVENTS).lines == json_lines(EVENTS)
    assert EventBatch(()).lines == b""


def test_its_memory_is_that_of_its_events() -> None:
    assert EventBatch(EVENTS).memory == memory_sizes(EVENTS)


def test_it_is_encoded_and_measured_once(monkeypatch: pytest.MonkeyPatch) -> None:
    batch = EventBatch(EVENTS)
    before = batch.lines, batch.memory
    for name in ("json_lines", "memory_sizes"):
        monkeypatch.delattr(event_batch, name)
    assert (batch.lines, batch.memory) == before


def test_all_subscribers_of_a_log_get_the_same_batch() -> None:
    log, got = EventLog(), list[EventBatch]()
    for _ in range(2):
        log.subscribe_batches(got.append)
    log.append("received", "chat", "T")
    log.extend([Event(2, 1.5, "fault"), Event(3, 1.5, "fault")])
    assert [id(each) for each in got[::2]] == [id(each) for each in got[1::2]]
    assert [[event.seq for event in each] for each in got[::2]] == [[1], [2, 3]]
