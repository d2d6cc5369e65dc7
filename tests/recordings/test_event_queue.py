"""The queue in front of the thread that records: order, bound, and what is encoded once."""

import threading

import pytest

from mdxdash.events.encoding import json_lines
from mdxdash.events.event import Event
from mdxdash.events.storage.event_batch import EventBatch
from mdxdash.recordings.event_queue import EventQueue, Run


def batch(first: int, last: int) -> EventBatch:
    return EventBatch(Event(seq, 1.5, "received", "chat", "T") for seq in range(first, last + 1))


def test_consecutive_batches_are_one_run() -> None:
    queue = EventQueue()
    queue.put(batch(1, 3))
    queue.put(batch(4, 4))
    assert [*queue.runs()] == [Run(1, 4, json_lines(batch(1, 4)))]
    assert not [*queue.runs()]


def test_numbers_that_do_not_follow_begin_another_run() -> None:
    queue = EventQueue()
    for each in (batch(1, 2), batch(5, 6)):
        queue.put(each)
    assert [run[:2] for run in queue.runs()] == [(1, 2), (5, 6)]


def test_what_is_encoded_already_is_not_encoded_again(monkeypatch: pytest.MonkeyPatch) -> None:
    queue, events = EventQueue(), batch(1, 5)
    lines = events.lines
    monkeypatch.delattr("mdxdash.events.storage.event_batch.json_lines")
    queue.put(events)
    assert [run.data for run in queue.runs()] == [lines]


def test_the_oldest_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mdxdash.recordings.event_queue.QUEUE", 10)
    queue = EventQueue()
    for first in range(1, 40, 3):
        queue.put(batch(first, first + 2))
    assert [run[:2] for run in queue.runs()] == [(31, 39)]
    queue.put(batch(40, 49))
    assert [run[:2] for run in queue.runs()] == [(40, 49)]


def test_more_at_once_than_it_holds_loses_only_the_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mdxdash.recordings.event_queue.QUEUE", 10_000)
    queue = EventQueue()
    queue.put(batch(1, 20_000))
    runs = [*queue.runs()]
    assert runs[0].first <= 20_000 - 5_000 and runs[-1].last == 20_000


def test_nothing_is_lost_between_two_threads() -> None:
    queue, last = EventQueue(), 30_000
    putting = threading.Thread(
        target=lambda: [queue.put(batch(n, n + 2)) for n in range(1, last, 3)]
    )
    putting.start()
    expected = 1
    while expected <= last:
        for run in queue.runs():
            assert run.first == expected
            expected = run.last + 1
    putting.join()
