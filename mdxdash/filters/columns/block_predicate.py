"""How a condition is put to many events at once, which are kept as columns.

A `BlockPredicate` gets a part of a block and the rows of it that matter, and returns those of them
that pass: the same as the condition's `Predicate` says of each event.
"""

from collections.abc import Callable, Container, Sequence, Set
from typing import NamedTuple

from mdxdash.events.event import Event
from mdxdash.events.storage.event_block import EventBlock
from mdxdash.filters.columns.masks import NO, YES, both, either, rows_of, without


class Part(NamedTuple):
    """The events of a block from position `start` to before `stop`, at least one: the rows of a
    mask."""

    block: EventBlock
    start: int
    stop: int

    @property
    def size(self) -> int:
        """How many there are."""
        return self.stop - self.start


BlockPredicate = Callable[[Part, bytes], bytes]
"""Gets a part of a block and a mask of its rows that matter; returns a mask of those that pass."""


def everything(part: Part) -> bytes:
    """Returns the mask of all rows."""
    return YES * part.size


def by_signature(passes: Callable[[Event], bool]) -> BlockPredicate:
    """Makes the block predicate of a condition on nothing but what is in a signature: it is decided
    once for each signature of a block."""

    def of_signature(part: Part, wanted: bytes) -> bytes:
        block = part.block
        decisions = bytes(map(passes, block.signatures))
        if 0 not in decisions:
            return wanted
        if 1 not in decisions:
            return NO * part.size
        codes = block.codes[part.start : part.stop]
        if isinstance(codes, bytes):
            found = codes.translate(decisions.ljust(256, NO))
        else:
            found = bytes(map(decisions.__getitem__, codes))
        return both(found, wanted) if 0 in wanted else found

    return of_signature


def by_event(passes: Callable[[Event], bool]) -> BlockPredicate:
    """Makes the block predicate of a condition for which the events have to be made."""

    def of_events(part: Part, wanted: bytes) -> bytes:
        block, start = part.block, part.start
        rows = rows_of(wanted)
        if not rows:
            return wanted
        if len(rows) > part.size // 8:
            first = rows[0]
            made = block.events(start + first, start + rows[-1] + 1)
            events = [made[row - first] for row in rows]
        else:
            events = [block.event(start + row) for row in rows]
        return mask_of(
            [row for row, event in zip(rows, events, strict=True) if passes(event)], part
        )

    return of_events


def with_numbers(numbers: Container[int]) -> BlockPredicate:
    """Makes the block predicate of the events whose `seq` is among some."""

    def of_numbers(part: Part, wanted: bytes) -> bytes:
        first = part.block.first + part.start
        if isinstance(numbers, Set) and len(numbers) < part.size:
            rows = [seq - first for seq in numbers if 0 <= seq - first < part.size]
            found = mask_of(rows, part) if rows else NO * part.size
        else:
            found = bytes([seq in numbers for seq in range(first, first + part.size)])
        return both(found, wanted) if 1 in found else found

    return of_numbers


def all_of(predicates: Sequence[BlockPredicate]) -> BlockPredicate:
    """Makes the block predicate of several conditions that must all hold, tried in this order."""

    def of_all(part: Part, wanted: bytes) -> bytes:
        for predicate in predicates:
            if 1 not in wanted:
                break
            wanted = predicate(part, wanted)
        return wanted

    return of_all


def any_of(predicates: Sequence[BlockPredicate]) -> BlockPredicate:
    """Makes the block predicate of several conditions of which one must hold."""

    def of_any(part: Part, wanted: bytes) -> bytes:
        found = NO * part.size
        for predicate in predicates:
            if 1 not in found:
                found = predicate(part, wanted)
            elif 1 in (left := without(wanted, found)):  # what passes already is not tried again
                found = either(found, predicate(part, left))
        return found

    return of_any


def not_of(predicate: BlockPredicate) -> BlockPredicate:
    """Makes the block predicate of the opposite."""
    return lambda part, wanted: without(wanted, predicate(part, wanted))


def mask_of(rows: Sequence[int], part: Part) -> bytes:
    """Returns the mask of some rows."""
    mask = bytearray(part.size)
    for row in rows:
        mask[row] = 1
    return bytes(mask)
