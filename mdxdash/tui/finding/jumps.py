"""Where a jump in the stream leads: to a time, over a gap."""

import asyncio
from bisect import bisect_left
from typing import Final, Literal

from mdxdash.events.log import EventLog
from mdxdash.filters.view import View

_AT_A_TIME: Final = 2_000
"""Events looked through before the event loop has its turn again: about a millisecond."""

_WAIT: Final = 0.02
"""Seconds between two looks whether a view has its rows."""


def first_at(log: EventLog, time: float) -> int:
    """Returns the `seq` of the first event in memory at a Unix time or later; `next_seq` if there
    is none."""
    seqs = range(log.first_seq, log.next_seq)
    return log.first_seq + bisect_left(seqs, time, key=lambda seq: log[seq].time)


async def rows_from(view: View, seq: int) -> None:
    """Waits until a view, which somebody else advances, has its rows from an event on."""
    while view.looked_at.start > seq and not view.searched:
        await asyncio.sleep(_WAIT)


async def beyond_gap(view: View, seq: int, direction: Literal[1, -1], seconds: float) -> int | None:
    """Returns the row that ends the next gap after an event, or with -1 the gap before it: at least
    `seconds` seconds without a row. None if there is no such gap among the rows of the view."""
    await rows_from(view, seq if direction > 0 else 1)
    log = view.log
    before: float | None = log[seq].time if seq in log else None
    if direction > 0:
        for start in range(seq + 1, log.next_seq, _AT_A_TIME):
            for row in view.rows_between(start, start + _AT_A_TIME):
                if row not in log:
                    continue
                time = log[row].time
                if before is not None and time - before >= seconds:
                    return row
                before = time
            await asyncio.sleep(0)
        return None
    later: int | None = None
    for stop in range(seq, 0, -_AT_A_TIME):
        for row in reversed(view.rows_between(max(1, stop - _AT_A_TIME), stop)):
            if row not in log:
                return None
            if later is not None and log[later].time - log[row].time >= seconds:
                return later
            later = row
        await asyncio.sleep(0)
    return None
