"""Masks: which rows of a part of a block pass, a byte a row, 1 or 0."""

from itertools import compress

NO: bytes = b"\0"
YES: bytes = b"\1"


def both(one: bytes, other: bytes) -> bytes:
    """Returns the rows that are in both masks, which are of one length."""
    # A number of 4,096 bytes: one operation instead of one for each row.
    found = int.from_bytes(one, "little") & int.from_bytes(other, "little")
    return found.to_bytes(len(one), "little")


def either(one: bytes, other: bytes) -> bytes:
    """Returns the rows that are in one of the masks, or in both."""
    found = int.from_bytes(one, "little") | int.from_bytes(other, "little")
    return found.to_bytes(len(one), "little")


def without(one: bytes, other: bytes) -> bytes:
    """Returns the rows of one mask that are not in the other."""
    return both(one, other.translate(_INVERTED))


def rows_of(mask: bytes) -> list[int]:
    """Returns the numbers of the rows in a mask, from 0."""
    return list(compress(range(len(mask)), mask))


_INVERTED = bytes([1]) + bytes(255)
