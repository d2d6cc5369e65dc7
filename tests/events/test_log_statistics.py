"""The numbers of a log as it grows."""

from mdxdash.events.log import EventLog
from mdxdash.events.log_statistics import LogStatistics

LONG = 10.0
"""Seconds: more than counting takes."""


def happen(log: EventLog, at: float, agent: str = "chat", type_: str = "A", count: int = 1) -> None:
    for _ in range(count):
        log.append("received", agent, type_, time=at)


def test_each_event_is_counted_once_however_often_one_looks():
    log = EventLog()
    numbers = LogStatistics(log)
    for _ in range(3):
        happen(log, 1000.0, count=700)
        numbers.advance(LONG)
        numbers.advance(LONG)
    assert numbers.summary.total().events == 2100
    assert numbers.behind == 0


def test_the_last_minute_is_told_second_by_second_for_each_agent():
    log = EventLog()
    numbers = LogStatistics(log)
    happen(log, 1000.5, count=2)
    happen(log, 1001.0, "other", count=3)
    numbers.advance(LONG)
    assert numbers.rates("chat", 1001.9)[-3:] == [0, 2, 0]
    assert numbers.rates(None, 1001.9)[-3:] == [0, 2, 3]
    assert numbers.rates("chat", 1060.0)[:2] == [0, 0]


def test_seconds_older_than_a_minute_are_forgotten():
    log = EventLog()
    numbers = LogStatistics(log)
    for second in range(1000, 2000):
        happen(log, float(second))
        numbers.advance(LONG)
    assert numbers.rates("chat", 1999.0) == [1] * 60
    assert len(numbers._by_second) <= 61


def test_what_left_memory_uncounted_is_told():
    log = EventLog(limit=100)
    numbers = LogStatistics(log)
    happen(log, 1000.0, count=1000)
    numbers.advance(LONG)
    assert numbers.summary.total().events + numbers.missed == 1000
    assert numbers.missed == log.first_seq - 1
