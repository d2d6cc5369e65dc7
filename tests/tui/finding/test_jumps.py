"""Where jumps lead."""

import asyncio

import pytest

from mdxdash.events.log import EventLog
from mdxdash.filters.filter import parse
from mdxdash.filters.view import View
from mdxdash.tui.finding.jumps import beyond_gap, first_at, rows_from


def log_at(*times: float, limit: int = 100_000) -> EventLog:
    log = EventLog(limit)
    for time in times:
        log.append("received", "chat", "A" if time % 2 else "B", time=time)
    return log


def view_of(log: EventLog, text: str = "") -> View:
    view = View(log, lambda: 0.0, filter_=parse(text))
    view.advance(60.0)
    return view


@pytest.mark.parametrize(("time", "seq"), [(0, 1), (1, 1), (2, 2), (5, 4), (6, 5)])
def test_the_first_event_at_a_time_or_later(time: float, seq: int):
    assert first_at(log_at(1, 2, 3, 5), time) == seq


async def test_gaps_lie_before_the_row_that_ends_them():
    view = view_of(log_at(1, 2, 10, 11, 30))
    assert [await beyond_gap(view, seq, 1, 5.0) for seq in range(1, 6)] == [3, 3, 5, 5, None]
    assert [await beyond_gap(view, seq, -1, 5.0) for seq in range(1, 6)] == [
        None, None, None, 3, 3,
    ]  # fmt: skip


async def test_a_silence_among_the_rows_is_a_gap_although_other_events_came():
    log = log_at(1, 2, 4, 6, 8, 9)
    assert await beyond_gap(view_of(log), 1, 1, 5.0) is None
    assert await beyond_gap(view_of(log, "type:A"), 1, 1, 5.0) == 6


async def test_gaps_are_found_over_many_events():
    log = log_at(*range(1, 5001), *range(6001, 11001))
    view = view_of(log)
    assert await beyond_gap(view, 1, 1, 5.0) == 5001
    assert await beyond_gap(view, 10_000, -1, 5.0) == 5001


async def test_rows_are_waited_for():
    log = log_at(*range(1, 2001), limit=5000)
    view = View(log, lambda: 0.0)
    waiting = asyncio.ensure_future(rows_from(view, 5))
    await asyncio.sleep(0)
    assert not waiting.done()
    view.advance(60.0)
    await asyncio.wait_for(waiting, 10)
