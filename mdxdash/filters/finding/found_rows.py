"""The hits of a find: the rows of a view that a second filter matches. A find hides nothing.

Hits are looked for as the view looks for its rows, newest first and in slices, but only among the
rows of the view; so they are counted off the event loop's time and stay right while events come,
change and leave memory.
"""

from collections.abc import Callable

from mdxdash.events.event import Event
from mdxdash.filters.columns.block_predicate import Part
from mdxdash.filters.filter import Filter
from mdxdash.filters.view import View


class FoundRows(View):
    """The hits. Advance the view of the rows first, then this."""

    def __init__(self, rows: View, now: Callable[[], float], filter_: Filter) -> None:
        """
        * `rows`: the view whose rows are searched.
        * `now`: returns Unix time, for terms such as `last:30s`.
        """
        self._rows = rows
        self._rows_generation = rows.generation
        super().__init__(rows.log, now, filter_=filter_)
        self._unsubscribe.append(rows.subscribe_rows(self._changed.append))

    def advance(self, budget: float) -> bool:
        restarted = self._rows_generation != self._rows.generation
        if restarted:
            self._rows_generation = self._rows.generation
            self._restart()
        return super().advance(budget) or restarted

    @property
    def complete(self) -> bool:
        return self._rows.complete and super().complete

    @property
    def searched(self) -> bool:
        return self._rows.searched and super().searched

    def position(self, seq: int) -> int:
        """Returns the number of a hit, from 1; 0 for an event that is none."""
        return self.row_of(seq) + 1 if self.shows(seq) else 0

    def nearest(self, seq: int) -> int | None:
        """Returns the hit at `seq` or after it, else the last one before it; None as long as that
        is not known, or there is none."""
        if self._scanned_down_to > seq and not self.searched:
            return None
        row = min(self.row_of(seq), len(self) - 1)
        return self.seq_at(row) if row >= 0 else None

    def next(self, seq: int, direction: int) -> int | None:
        """Returns the next hit after `seq`, or with `direction` -1 before it; after the last one
        the first, and the reverse. None as long as that is not known, or there is none."""
        row = self.row_of(seq)
        if direction > 0:
            if self._scanned_down_to > seq + 1 and not self.searched:
                return None
            row += self.shows(seq)
        else:
            row -= 1
        if not 0 <= row < len(self) and not self.searched:
            return None
        return self.seq_at(row % len(self)) if len(self) else None

    @property
    def _lowest(self) -> int:
        return max(super()._lowest, self._rows.looked_at.start)

    @property
    def _end(self) -> int:
        return self._rows.looked_at.stop

    def _passing(self, start: int, stop: int) -> bytes:
        passes, log, rows = self._passes, self.log, self._rows.mask(start, stop)
        return bytes(
            [yes and passes(log[seq]) for seq, yes in zip(range(start, stop), rows, strict=True)]
        )

    def _candidates(self, part: Part) -> bytes:
        first = part.block.first
        return self._rows.mask(first + part.start, first + part.stop)

    def _admits(self, event: Event) -> bool:
        return self._rows.shows(event.seq) and self._passes(event)
