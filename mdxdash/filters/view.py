"""A View: the events of a log that pass a filter, in order, kept up to date in slices.

The log and the view on it are two things: the log is complete, the view is what somebody looks
at. A new filter is tried from the newest event backwards, so that the rows on the screen are there
at once while the rest is looked through in slices of a few milliseconds. Whoever shows the view
calls `advance` now and then. Rows come and go at either end and between, so a position is kept as
the `seq` of its event (`row_of`), never as the number of its row.
"""

from bisect import bisect_left, bisect_right, insort
from collections import deque
from collections.abc import Callable
from operator import neg
from time import perf_counter

from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.filters.filter import EMPTY, Context, Filter

_SLICE = 500
"""Events looked through between two looks at the clock."""

_FIRST_SLICE_OF_PATTERNS = 4
"""The same for a new filter with regular expressions, each of which may take 5 ms on an event."""

_SLICE_SECONDS = 0.002
"""Seconds that a slice should take at most: after a longer one the next is half as large."""

_TIMED_INTERVAL = 1.0
"""Seconds after which a filter that depends on the time (`last:30s`) is tried anew."""


class View:
    """The rows of a log under a filter. Rows are numbered from 0, oldest first.

    Echoes are left out unless the filter mentions them (`is:echo`): each would repeat what the sent
    row shows with its round trip. So is the end of a speech that is sent as sound, unless the
    filter looks for a text: the row of its beginning shows it.
    """

    def __init__(self, log: EventLog, now: Callable[[], float], *, filter_: Filter | None = None):
        self.log = log
        self._context = Context(now=now, marked=log.marked)
        self._changed: deque[int] = deque()
        self._unsubscribe = (
            log.subscribe_changes(lambda event: self._changed.append(event.seq)),
            log.subscribe_marks(self._changed.append),
        )
        self._cleared_before = 0
        self.set_filter(filter_ or EMPTY)

    def set_filter(self, filter_: Filter) -> None:
        """Shows other events from now on. Rows appear with the next calls of `advance`."""
        self.filter = filter_
        self.stopped = ""
        """Why no more events pass: a regular expression of the filter took too long."""
        self._passes = filter_.compile(self._context, self._stop)
        self._slice = _FIRST_SLICE_OF_PATTERNS if filter_.has_patterns else _SLICE
        self._shows_echoes = filter_.mentions("is:echo")
        self._shows_ends = filter_.has_words
        self._restart()

    def _stop(self, reason: str) -> None:
        self.stopped = reason

    def clear(self) -> None:
        """Leaves out all events that are in the log by now."""
        self._cleared_before = self.log.next_seq
        self._restart()

    def uncover(self) -> None:
        """Shows again what `clear` left out."""
        self._cleared_before = 0
        self._restart()

    def close(self) -> None:
        """Ends the subscription to the log."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()

    def _restart(self) -> None:
        # Newest first, so that a backward scan appends; the rows of what came since, oldest first.
        self._older: list[int] = []
        self._newer: list[int] = []
        self._scanned_down_to = self._taken_up_to = self.log.next_seq
        self._begun_at = perf_counter()

    def __len__(self) -> int:
        return len(self._older) + len(self._newer)

    @property
    def complete(self) -> bool:
        """Whether every event in memory has been looked at."""
        scanned = self._scanned_down_to <= self._lowest
        return scanned and self._taken_up_to >= self.log.next_seq and not self._changed

    def seq_at(self, row: int) -> int:
        """Returns the `seq` shown at a row. Raises `IndexError` where there is no such row."""
        older = len(self._older)
        if row < 0:
            raise IndexError(row)
        return self._older[older - 1 - row] if row < older else self._newer[row - older]

    def event_at(self, row: int) -> Event:
        """Returns the event shown at a row. Raises `IndexError`, also when it has left memory."""
        try:
            return self.log[self.seq_at(row)]
        except KeyError:
            raise IndexError(row) from None

    def row_of(self, seq: int) -> int:
        """Returns the row of an event, or of the next one that is shown, or `len(self)` after the
        last."""
        return self._older_below(seq) + bisect_left(self._newer, seq)

    def shows(self, seq: int) -> bool:
        """Returns whether the event of that `seq` has a row."""
        row = self.row_of(seq)
        return row < len(self) and self.seq_at(row) == seq

    @property
    def begins_at(self) -> int:
        """The first `seq` that can be shown, in memory or not: those before were cleared."""
        return max(1, self._cleared_before)

    @property
    def cleared(self) -> bool:
        """Whether events in memory are left out since the view was cleared."""
        return self._cleared_before > self.log.first_seq

    def passes(self, event: Event) -> bool:
        """Returns whether an event, of the log or from elsewhere, passes the filter."""
        return self._passes(event)

    def advance(self, budget: float) -> bool:
        """Takes in new and changed events, then goes on looking backwards, for about `budget`
        seconds. Returns whether rows were added, removed or changed."""
        now = perf_counter()
        deadline = now + budget
        if self.filter.depends_on_time and now - self._begun_at > _TIMED_INTERVAL:
            self._restart()
        changed = self._drop_old()
        changed |= self._take_new(deadline)
        changed |= self._take_changes(deadline)
        while self._scanned_down_to > self._lowest:
            # At least once: new events that use up the budget must not stop the scan for good.
            changed |= self._scan_back()
            if perf_counter() >= deadline:
                break
        return changed

    @property
    def _lowest(self) -> int:
        return max(self.log.first_seq, self._cleared_before)

    def _older_below(self, seq: int) -> int:
        """Returns how many of the older rows are before that `seq`."""
        return len(self._older) - bisect_right(self._older, -seq, key=neg)

    def _matching(self, start: int, stop: int) -> list[int]:
        began = perf_counter()
        found = self._passing(start, stop)
        slow = perf_counter() - began > _SLICE_SECONDS
        self._slice = max(1, self._slice // 2) if slow else min(_SLICE, self._slice * 2)
        return found

    def _passing(self, start: int, stop: int) -> list[int]:
        passes, events = self._passes, self.log.slice(start, stop)
        # A call for each event is most of the cost, so `_admits` is written out here.
        if self._shows_echoes:
            found = [event for event in events if passes(event)]
        elif self.filter.is_empty:
            found = [event for event in events if event.echo is None]
        else:
            found = [event for event in events if event.echo is None and passes(event)]
        if self._shows_ends:
            return [event.seq for event in found]
        return [event.seq for event in found if event.by != "speech" or not _is_speech_end(event)]

    def _admits(self, event: Event) -> bool:
        if event.echo is not None and not self._shows_echoes:
            return False
        return (self._shows_ends or not _is_speech_end(event)) and self._passes(event)

    def _take_new(self, deadline: float) -> bool:
        before = len(self._newer)
        while self._taken_up_to < self.log.next_seq and perf_counter() < deadline:
            stop = min(self._taken_up_to + self._slice, self.log.next_seq)
            self._newer += self._matching(self._taken_up_to, stop)
            self._taken_up_to = stop
        return len(self._newer) > before

    def _scan_back(self) -> bool:
        start = max(self._scanned_down_to - self._slice, self._lowest)
        found = self._matching(start, self._scanned_down_to)
        self._scanned_down_to = start
        self._older += reversed(found)
        return bool(found)

    def _drop_old(self) -> bool:
        lowest = self._lowest
        if gone := self._older_below(lowest):
            del self._older[-gone:]
        if more := bisect_left(self._newer, lowest):
            del self._newer[:more]
        return gone + more > 0

    def _take_changes(self, deadline: float) -> bool:
        changed = bool(self._changed)
        while self._changed and perf_counter() < deadline:
            seq = self._changed.popleft()
            if seq not in self.log or not self._scanned_down_to <= seq < self._taken_up_to:
                continue
            passes, shown = self._admits(self.log[seq]), self.shows(seq)
            if passes and not shown:
                self._insert(seq)
            elif shown and not passes:
                self._remove(seq)
        return changed

    def _insert(self, seq: int) -> None:
        if self._newer and seq > self._newer[0]:
            insort(self._newer, seq)
        else:
            insort(self._older, seq, key=neg)

    def _remove(self, seq: int) -> None:
        row, older = self.row_of(seq), len(self._older)
        if row < older:
            del self._older[older - 1 - row]
        else:
            del self._newer[row - older]


def _is_speech_end(event: Event) -> bool:
    """Returns whether an event is the end of a speech; one that failed is a fault, and none."""
    return event.by == "speech" and event.level == "end" and event.kind == "sent"
