"""The rows of a view: which events are shown, a byte an event, in chunks of consecutive numbers.

A row is counted, not listed: a million rows take a megabyte, and what a scan finds in a block is
taken over as it is.
"""

from bisect import bisect_right
from itertools import accumulate, compress
from typing import Final

CHUNK: Final = 4096
"""Events whose rows are counted together. Blocks of a log that begins at 1 are the same ones."""

_LISTED: Final = 16
"""Chunks whose rows are listed, since they are on the screen."""


class ViewRows:
    """Which events have a row, by `seq`. Rows are numbered from 0 in the order of their events."""

    def __init__(self) -> None:
        self._count = 0
        self._first_chunk = 0
        self._chunks: list[bytearray | None] = []
        """None for a chunk without rows. The last rows of all chunks are in `_ends`."""
        self._counts: list[int] = []
        self._ends: list[int] | None = []
        self._listed: dict[int, list[int]] = {}

    def __len__(self) -> int:
        return self._count

    def add(self, first: int, mask: bytes) -> bool:
        """Gives rows to those events of the mask that pass, the first of which is `first`; they
        had none. Returns whether there are any."""
        added = done = 0
        while done < len(mask):
            number, at = divmod(first + done - 1, CHUNK)
            part = mask[done : done + CHUNK - at]
            index = self._index(number)
            if count := part.count(1):
                self._chunk(index)[at : at + len(part)] = part
                self._counts[index] += count
                self._listed.pop(number, None)
                added += count
            done += len(part)
        if added:
            self._count += added
            self._ends = None
        return added > 0

    def seq_at(self, row: int) -> int:
        """Returns the `seq` of a row. Raises `IndexError` where there is no such row."""
        if not 0 <= row < self._count:
            raise IndexError(row)
        ends = self._row_ends()
        index = bisect_right(ends, row)
        before = ends[index - 1] if index else 0
        number = self._first_chunk + index
        return number * CHUNK + self._positions(number)[row - before] + 1

    def row_of(self, seq: int) -> int:
        """Returns the row of an event, or of the next one that has a row, or the number of rows."""
        number, at = divmod(seq - 1, CHUNK)
        index = number - self._first_chunk
        if index < 0:
            return 0
        if index >= len(self._chunks):
            return self._count
        before = self._row_ends()[index - 1] if index else 0
        chunk = self._chunks[index]
        return before if chunk is None else before + chunk.count(1, 0, at)

    def mask(self, start: int, stop: int) -> bytes:
        """Returns the mask of the events with `start <= seq < stop` that have a row."""
        found = bytearray()
        while start < stop:
            number, at = divmod(start - 1, CHUNK)
            end = min(CHUNK, at + stop - start)
            index = number - self._first_chunk
            chunk = self._chunks[index] if 0 <= index < len(self._chunks) else None
            found += bytes(end - at) if chunk is None else chunk[at:end]
            start += end - at
        return bytes(found)

    def shows(self, seq: int) -> bool:
        """Returns whether an event has a row."""
        number, at = divmod(seq - 1, CHUNK)
        index = number - self._first_chunk
        if not 0 <= index < len(self._chunks):
            return False
        chunk = self._chunks[index]
        return chunk is not None and chunk[at] == 1

    def insert(self, seq: int) -> None:
        """Gives an event a row that has none."""
        self.add(seq, b"\1")

    def remove(self, seq: int) -> None:
        """Takes away the row of an event that has one."""
        number, at = divmod(seq - 1, CHUNK)
        index = number - self._first_chunk
        self._chunk(index)[at] = 0
        self._change(index, -1)

    def drop_before(self, seq: int) -> bool:
        """Takes away the rows of the events before that one. Returns whether there were any."""
        before = self._count
        number, at = divmod(seq - 1, CHUNK)
        if (gone := min(number - self._first_chunk, len(self._chunks))) > 0:
            self._count -= sum(self._counts[:gone])
            for each in range(self._first_chunk, self._first_chunk + gone):
                self._listed.pop(each, None)
            del self._chunks[:gone], self._counts[:gone]
            self._first_chunk += gone
            self._ends = None
        chunk = self._chunks[0] if self._chunks and number == self._first_chunk else None
        if chunk is not None and (rows := chunk.count(1, 0, at)):
            chunk[:at] = bytes(at)
            self._change(0, -rows)
        return self._count < before

    def _change(self, index: int, by: int) -> None:
        self._counts[index] += by
        self._count += by
        self._ends = None
        self._listed.pop(self._first_chunk + index, None)

    def _index(self, number: int) -> int:
        """Returns the index of a chunk, which is made if it is not there."""
        if not self._chunks:
            self._first_chunk = number
        if (missing := self._first_chunk - number) > 0:
            self._chunks[:0] = [None] * missing
            self._counts[:0] = [0] * missing
            self._first_chunk = number
        if (missing := number - self._first_chunk - len(self._chunks) + 1) > 0:
            self._chunks += [None] * missing
            self._counts += [0] * missing
        self._ends = None
        return number - self._first_chunk

    def _chunk(self, index: int) -> bytearray:
        chunk = self._chunks[index]
        if chunk is None:
            chunk = self._chunks[index] = bytearray(CHUNK)
        return chunk

    def _row_ends(self) -> list[int]:
        """Returns how many rows there are up to the end of each chunk."""
        if self._ends is None:
            self._ends = list(accumulate(self._counts))
        return self._ends

    def _positions(self, number: int) -> list[int]:
        """Returns where in a chunk its rows are."""
        listed = self._listed.get(number)
        if listed is None:
            if len(self._listed) >= _LISTED:
                self._listed.clear()
            chunk = self._chunk(number - self._first_chunk)
            listed = self._listed[number] = list(compress(range(CHUNK), chunk))
        return listed
