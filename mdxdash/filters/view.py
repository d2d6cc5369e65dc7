"""A View: the events of a log that pass a filter, in order, kept up to date in slices.

The log and the view on it are two things: the log is complete, the view is what somebody looks
at. A new filter is tried from the newest event backwards, so that the rows on the screen are there
at once while the rest is looked through in slices of a few milliseconds: the newest events one by
one, those that the log keeps as columns some thousand at once. Whoever shows the view calls
`advance` now and then. Rows come and go at either end and between, so a position is kept as the
`seq` of its event (`row_of`), never as the number of its row.

With a context there are further rows: the events around those that pass.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from time import perf_counter

from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.events.storage.event_block import EventBlock
from mdxdash.filters.columns.block_predicate import Part, by_signature, everything
from mdxdash.filters.columns.masks import NO, rows_of
from mdxdash.filters.filter import EMPTY, Context, Filter
from mdxdash.filters.regex import PatternStopped
from mdxdash.filters.surroundings import within
from mdxdash.filters.view_rows import ViewRows

_SLICE = 500
"""Events looked through between two looks at the clock."""

_COLUMNS_GAIN = 16
"""So many times as many are looked through where they are columns, unless there are regular
expressions or a context: a whole block then."""

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
        self.matching = Context(now=now, marked=log.marked)
        """What filters need to match events of the log."""
        self._changed: deque[int] = deque()
        self._unsubscribe = [
            log.subscribe_changes(lambda event: self._changed.append(event.seq)),
            log.subscribe_marks(self._changed.append),
        ]
        self._row_subscribers: list[Callable[[int], None]] = []
        self._cleared_before = 0
        self.context = 0
        """The events before and after each one that passes that have a row too."""
        self.generation = 0
        """Counts how often all rows were looked for anew."""
        self.set_filter(filter_ or EMPTY)

    def set_filter(self, filter_: Filter) -> None:
        """Shows other events from now on. Rows appear with the next calls of `advance`."""
        self.filter = filter_
        self.stopped = ""
        """Why no more events pass: a regular expression of the filter took too long."""
        self._passes = filter_.compile(self.matching, self._stop)
        self._slice = _FIRST_SLICE_OF_PATTERNS if filter_.has_patterns else _SLICE
        self._shows_echoes = filter_.mentions("is:echo")
        self._shows_ends = filter_.has_words
        self._passing_in_block = filter_.compile_columns(self.matching)
        self._shown_in_block = by_signature(self._may_be_shown)
        self._restart()

    def set_context(self, events: int) -> None:
        """Shows so many events before and after each one that passes, too, whether they pass or
        not. Rows appear with the next calls of `advance`."""
        if events != self.context:
            self.context = events
            self._restart()

    def _stop(self, reason: str) -> None:
        self.stopped = reason
        self._passes = lambda event: False
        self._passing_in_block = lambda part, wanted: NO * part.size

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

    def subscribe_rows(self, subscriber: Callable[[int], None]) -> Callable[[], None]:
        """Calls `subscriber` with the `seq` of each row that comes or goes among those that were
        looked at before. Returns a function that ends the subscription."""
        self._row_subscribers.append(subscriber)
        return lambda: self._row_subscribers.remove(subscriber)

    def _restart(self) -> None:
        self._shown = ViewRows()
        self._only_context: set[int] = set()
        self._scanned_down_to = self._taken_up_to = self._end
        self._begun_at = perf_counter()
        self._around = 0 if self.filter.is_empty else self.context
        self.generation += 1

    def __len__(self) -> int:
        return len(self._shown)

    @property
    def passing(self) -> int:
        """The number of rows that pass: without those that are only context."""
        return len(self) - len(self._only_context)

    def is_context(self, seq: int) -> bool:
        """Returns whether a row is shown only as the context of another one."""
        return seq in self._only_context

    @property
    def complete(self) -> bool:
        """Whether every event in memory has been looked at."""
        return self.searched and self._taken_up_to >= self._end and not self._changed

    @property
    def searched(self) -> bool:
        """Whether every older event in memory has been looked at; new ones may wait."""
        return self._scanned_down_to <= self._lowest

    @property
    def looked_at(self) -> range:
        """The `seq` of the events that were looked at so far."""
        return range(self._scanned_down_to, self._taken_up_to)

    def seq_at(self, row: int) -> int:
        """Returns the `seq` shown at a row. Raises `IndexError` where there is no such row."""
        return self._shown.seq_at(row)

    def event_at(self, row: int) -> Event:
        """Returns the event shown at a row. Raises `IndexError`, also when it has left memory."""
        try:
            return self.log[self.seq_at(row)]
        except KeyError:
            raise IndexError(row) from None

    def row_of(self, seq: int) -> int:
        """Returns the row of an event, or of the next one that is shown, or `len(self)` after the
        last."""
        return self._shown.row_of(seq)

    def rows_between(self, start: int, stop: int) -> list[int]:
        """Returns the `seq` of the rows with `start <= seq < stop`, in order."""
        return [start + row for row in rows_of(self.mask(start, stop))]

    def mask(self, start: int, stop: int) -> bytes:
        """Returns the mask of the events with `start <= seq < stop` that have a row."""
        return self._shown.mask(start, stop)

    def shows(self, seq: int) -> bool:
        """Returns whether the event of that `seq` has a row."""
        return self._shown.shows(seq)

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

    def passes_any(self, seqs: Iterable[int]) -> bool:
        """Returns whether any of these events passes: what consists of them is shown then. One that
        has left memory does not."""
        if self.filter.is_empty:
            return True
        log = self.log
        return any(seq in log and self.passes(log[seq]) for seq in seqs)

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
        """The first `seq` that can be looked at."""
        return max(self.log.first_seq, self._cleared_before)

    @property
    def _end(self) -> int:
        """One past the last `seq` that can be looked at."""
        return self.log.next_seq

    def _stop_of(self, start: int, block: EventBlock | None) -> int:
        """Returns where the slice of new events ends that begins at `start`."""
        stop = start + self._slice_in(block)
        return min(stop, self._end) if block is None else min(stop, self._end, block.stop)

    def _start_of(self, stop: int, block: EventBlock | None) -> int:
        """Returns where the slice of older events begins that ends before `stop`."""
        first = self.log.newest_from if block is None else block.first
        return max(stop - self._slice_in(block), self._lowest, first)

    def _slice_in(self, block: EventBlock | None) -> int:
        gains = block is not None and not self.filter.has_patterns and not self._around
        return self._slice * (_COLUMNS_GAIN if gains else 1)

    def _matching(self, start: int, stop: int, block: EventBlock | None) -> bytes:
        """Returns the mask of those events that pass; all are in the block, or in none."""
        began = perf_counter()
        if block is None:
            found = self._passing(start, stop)
        else:
            found = self._passing_of(Part(block, start - block.first, stop - block.first))
        slow = perf_counter() - began > _SLICE_SECONDS
        self._slice = max(1, self._slice // 2) if slow else min(_SLICE, self._slice * 2)
        return found

    def _passing(self, start: int, stop: int) -> bytes:
        passes, events = self._passes, self.log.slice(start, stop)
        # A call for each event is most of the cost, so `_admits` is written out here.
        if self._shows_ends:
            if self._shows_echoes:
                return bytes([passes(e) for e in events])
            return bytes([e.echo is None and passes(e) for e in events])
        ends = _is_speech_end
        if self._shows_echoes:
            return bytes([passes(e) and (e.by != "speech" or not ends(e)) for e in events])
        if self.filter.is_empty:
            return bytes([e.echo is None and (e.by != "speech" or not ends(e)) for e in events])
        return bytes(
            [e.echo is None and passes(e) and (e.by != "speech" or not ends(e)) for e in events]
        )

    def _passing_of(self, part: Part) -> bytes:
        try:
            return self._passing_in_block(part, self._candidates(part))
        except PatternStopped as error:
            self._stop(str(error))
            return NO * part.size

    def _candidates(self, part: Part) -> bytes:
        """Returns the mask of the events that may be shown, if they pass."""
        return self._shown_in_block(part, everything(part))

    def _admits(self, event: Event) -> bool:
        return self._may_be_shown(event) and self._passes(event)

    def _may_be_shown(self, event: Event) -> bool:
        if event.echo is not None and not self._shows_echoes:
            return False
        return self._shows_ends or not _is_speech_end(event)

    def _take_new(self, deadline: float) -> bool:
        before = len(self)
        while self._taken_up_to < self._end and perf_counter() < deadline:
            start = self._taken_up_to = max(self._taken_up_to, self.log.first_seq)
            block = self.log.block_of(start)
            stop = self._stop_of(start, block)
            found = self._matching(start, stop, block)
            self._shown.add(start, found)
            self._taken_up_to = stop
            if self._around:
                self._surround(start, stop, found)
        return len(self) > before

    def _scan_back(self) -> bool:
        before = len(self)
        stop = self._scanned_down_to
        block = self.log.block_of(stop - 1)
        start = self._start_of(stop, block)
        found = self._matching(start, stop, block)
        self._scanned_down_to = start
        self._shown.add(start, found)
        if self._around:
            self._surround(start, stop, found)
        return len(self) > before

    def _drop_old(self) -> bool:
        lowest = self._lowest
        if not self._shown.drop_before(lowest):
            return False
        if self._around:
            self._only_context = {seq for seq in self._only_context if seq >= lowest}
            self._update_context(lowest, lowest)
        return True

    def _take_changes(self, deadline: float) -> bool:
        changed = bool(self._changed)
        while self._changed and perf_counter() < deadline:
            seq = self._changed.popleft()
            if seq not in self.log or not self._scanned_down_to <= seq < self._taken_up_to:
                continue
            passes, passed = self._admits(self.log[seq]), self._is_passing_row(seq)
            if passes and not passed:
                self._insert(seq)
            elif passed and not passes:
                self._remove(seq)
            if passes != passed and self._around:
                self._update_context(seq, seq + 1)
        return changed

    def _is_passing_row(self, seq: int) -> bool:
        return seq not in self._only_context and self.shows(seq)

    def _insert(self, seq: int) -> None:
        if seq in self._only_context:
            self._only_context.remove(seq)
        else:
            self._shown.insert(seq)
        self._report_row(seq)

    def _remove(self, seq: int) -> None:
        self._shown.remove(seq)
        self._report_row(seq)

    def _report_row(self, seq: int) -> None:
        for subscriber in self._row_subscribers:
            subscriber(seq)

    # The context

    def _surround(self, start: int, stop: int, mask: bytes) -> None:
        """Gives the events of a slice that was just looked at, and those beside it, their rows as
        context. `mask` has those of the slice that pass."""
        found = [start + row for row in rows_of(mask)]
        if len(found) * self._around * 2 > stop - start:
            self._update_context(start, stop)
            return
        for first, end in ((start, start), *((seq, seq + 1) for seq in found), (stop, stop)):
            self._update_context(first, end)

    def _update_context(self, start: int, stop: int) -> None:
        """Shows or hides the events with `start <= seq < stop`, and `context` events on each side
        of them, by what passes near them."""
        # The outermost ones of this list are only looked at, since a row may depend on them.
        reach = 2 * self._around
        before = [*islice(self._backwards(start), reach)][::-1]
        after = [*islice(self._forwards(stop), reach)]
        seqs = [*before, *self._forwards(start, stop), *after]
        first = len(before) - min(len(before), self._around)
        end = len(seqs) - len(after) + min(len(after), self._around)
        near = within([self._is_passing_row(seq) for seq in seqs], self._around)
        for seq, wanted in islice(zip(seqs, near, strict=True), first, end):
            if wanted and not self.shows(seq):
                self._insert(seq)
                self._only_context.add(seq)
            elif not wanted and seq in self._only_context:
                self._only_context.remove(seq)
                self._remove(seq)

    def _forwards(self, start: int, stop: int | None = None) -> Iterator[int]:
        """Yields the events from `start` on that were looked at and may be shown."""
        first = max(start, self._scanned_down_to, self._lowest)
        end = self._taken_up_to if stop is None else min(stop, self._taken_up_to)
        signature = self.log.signature_of
        return (seq for seq in range(first, end) if self._may_be_shown(signature(seq)))

    def _backwards(self, stop: int) -> Iterator[int]:
        """Yields the events before `stop` that were looked at and may be shown, latest first."""
        first = max(self._scanned_down_to, self._lowest)
        last = min(stop, self._taken_up_to) - 1
        return (
            seq
            for seq in range(last, first - 1, -1)
            if self._may_be_shown(self.log.signature_of(seq))
        )


def _is_speech_end(event: Event) -> bool:
    """Returns whether an event is the end of a speech; one that failed is a fault, and none."""
    return event.by == "speech" and event.level == "end" and event.kind == "sent"
