"""Counts refused connections, and records them so that equal ones are not the same news for ever.

An agent with a wrong path in its `.mdf` dials again every 0.5 s. Its first refusal is recorded at
once, the ones after it as numbers, at growing intervals.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec

from mdxdash.hub.address import format_address
from mdxdash.language.translation import N_

RECORDED_PER_SECOND: Final = 50
"""Refusals that are recorded one by one. Of more only the number is recorded: a flood of them must
not push the agents' events out of memory."""

INTERVALS: Final = (10.0, 60.0, 600.0)
"""Seconds over which equal refusals are added up: the first number comes after 10 s, the next after
another 60 s, all others 600 s apart. After as long without one, the next refusal is news again."""

KINDS_KEPT: Final = 256
"""Different refusals that are counted; those that did not happen for the longest are forgotten."""

_Key = tuple[str, str]
"""Host and reason."""


class RefusalCount(msgspec.Struct, frozen=True):
    """Equal refused connections of one host, with their number. Times are Unix time in seconds."""

    host: str
    """The other end, without its port: `127.0.0.1`."""
    reason: str
    count: int
    first_at: float
    last_at: float
    dialled: str = ""
    """The path that was dialled, as it may be shown, if it is the reason; `***` hides a secret."""
    expected: str = ""
    """The path that was expected instead, as it may be shown."""


class CountedRefusal(msgspec.Struct, frozen=True):
    """One of `Refusals.snapshot`: equal refusals, and when they are news again."""

    count: RefusalCount
    last: float
    """When the last one was, in monotonic seconds."""
    stage: int
    """The index in `INTERVALS`."""


class _Entry:
    """The equal refusals of one host."""

    def __init__(self, count: RefusalCount) -> None:
        self.count = count
        self.unrecorded = 0
        self.since = 0.0
        """When counting of the unrecorded began, in monotonic seconds."""
        self.last = 0.0
        """When the last one was, in monotonic seconds."""
        self.stage = 0
        """The index in `INTERVALS`."""
        self.timer: asyncio.TimerHandle | None = None


class Refusals:
    """The refused connections of one hub."""

    def __init__(self, record: Callable[[str], None]) -> None:
        """`record` is called with the text of each event."""
        self._record = record
        self._entries: dict[_Key, _Entry] = {}
        """The one that happened last is the last."""
        self._second = 0
        self._this_second = 0

    @property
    def counts(self) -> tuple[RefusalCount, ...]:
        """The different refusals with their numbers, the latest last."""
        return tuple(entry.count for entry in self._entries.values())

    def add(
        self, address: tuple[Any, ...] | None, reason: str, *, dialled: str = "", expected: str = ""
    ) -> None:
        """Counts a refused connection, and records it unless equal ones were recorded before.

        * `address`: the socket's; None for a connection that has ended already.
        * `dialled`, `expected`: paths as they may be shown, where a wrong path is the reason.
        """
        where = format_address(address)
        host = where.rpartition(":")[0] or where
        entry = self._entries.pop((host, reason), None)
        now, unix_time = time.monotonic(), time.time()
        if entry is None:
            count = RefusalCount(host, reason, 0, unix_time, unix_time, dialled, expected)
            entry = _Entry(count)
            is_news = True
        else:
            is_news = not entry.unrecorded and now - entry.last >= INTERVALS[entry.stage]
        self._entries[host, reason] = entry
        before = entry.count
        entry.count = msgspec.structs.replace(before, count=before.count + 1, last_at=unix_time)
        if is_news:
            entry.stage = 0
            self._record_limited(
                N_("connection from {where}: {reason}").format(where=where, reason=reason)
            )
        else:
            self._add_up(entry, now)
        entry.last = now
        if len(self._entries) > KINDS_KEPT:
            self._forget_oldest()

    def snapshot(self) -> tuple[CountedRefusal, ...]:
        """Returns what was counted, for another process; `close` records the rest before."""
        return tuple(
            CountedRefusal(entry.count, entry.last, entry.stage) for entry in self._entries.values()
        )

    def restore(self, counted: Sequence[CountedRefusal]) -> None:
        """Takes over what another process has counted; the inverse of `snapshot`."""
        for each in counted:
            entry = self._entries[each.count.host, each.count.reason] = _Entry(each.count)
            entry.last = each.last
            entry.stage = min(each.stage, len(INTERVALS) - 1)

    def close(self) -> None:
        """Records the numbers that are not recorded yet, since the hub closes."""
        for entry in self._entries.values():
            self._record_number(entry)
        self._record_rest()

    def _add_up(self, entry: _Entry, now: float) -> None:
        if not entry.unrecorded:
            entry.since = entry.last
            delay = max(0.0, entry.since + INTERVALS[entry.stage] - now)
            loop = asyncio.get_running_loop()
            entry.timer = loop.call_later(delay, self._record_number, entry)
        entry.unrecorded += 1

    def _record_number(self, entry: _Entry) -> None:
        if entry.timer is not None:
            entry.timer.cancel()
            entry.timer = None
        if not entry.unrecorded:
            return
        took = time.monotonic() - entry.since
        times = (
            N_("once more")
            if entry.unrecorded == 1
            else N_("{unrecorded:,} times more").format(unrecorded=entry.unrecorded)
        )
        self._record(
            N_("connections from {host}: {reason}: {times} in {took:.0f} s").format(
                host=entry.count.host, reason=entry.count.reason, times=times, took=took
            )
        )
        entry.unrecorded = 0
        entry.stage = min(entry.stage + 1, len(INTERVALS) - 1)

    def _forget_oldest(self) -> None:
        entry = self._entries.pop(next(iter(self._entries)))
        self._record_number(entry)

    def _record_limited(self, text: str) -> None:
        second = int(time.monotonic())
        if second != self._second:
            self._record_rest()
            self._second = second
        self._this_second += 1
        if self._this_second <= RECORDED_PER_SECOND:
            self._record(text)
        elif self._this_second == RECORDED_PER_SECOND + 1:
            asyncio.get_running_loop().call_later(1, self._record_rest)

    def _record_rest(self) -> None:
        rest, self._this_second = self._this_second - RECORDED_PER_SECOND, 0
        if rest > 0:
            text = (
                N_("one more connection within a second")
                if rest == 1
                else N_("{rest:,} more connections within a second")
            )
            self._record(text.format(rest=rest))
