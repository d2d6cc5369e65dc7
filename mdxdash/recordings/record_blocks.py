"""Reads a file in blocks of whole records, to its end or as it grows.

Every byte is read once and searched once, however long a record is.
"""

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from mdxdash.language.translation import N_
from mdxdash.recordings.importing.input_format import RECORD_MAX, InputFormat
from mdxdash.settings.regular_file import open_regular

BLOCK: Final = 2**19
"""Bytes read at a time: large enough to be fast, small enough to take only milliseconds."""

_RECORD_POLLS: Final = 5
"""Looks without anything new after which the last record of a followed file counts as whole."""


class Block(NamedTuple):
    """Whole records; with `data` empty, only their position."""

    offset: int
    data: bytes


def blocks(path: Path, format_: InputFormat, begin: Block, *, torn: bool) -> Iterator[Block]:
    """Yields the file from `begin` on; with `torn`, also an unfinished last record. Raises
    `OSError`."""
    with open_regular(path) as file:
        file.seek(begin.offset)
        splitter = _Splitter(format_, begin)
        while more := file.read(BLOCK):
            if (block := splitter.take(more)) is not None:
                yield block
        if torn and (block := splitter.rest()) is not None:
            yield block


def followed_blocks(path: Path, format_: InputFormat, begin: Block) -> Iterator[Block | None]:
    """Yields the file from `begin` on, and None each time when nothing more is there yet. Whole
    lines to which nothing was added for some time count as a whole record.

    Raises `OSError`, also when the file was removed or replaced, or became shorter.
    """
    with open_regular(path) as file:
        file.seek(begin.offset)
        splitter = _Splitter(format_, begin)
        polls = 0
        while True:
            if more := file.read(BLOCK):
                polls = 0
                if (block := splitter.take(more)) is not None:
                    yield block
                continue
            polls += 1
            _check_followed(path, file)
            if polls == _RECORD_POLLS and splitter.ends_line:
                yield splitter.rest()
            yield None


def _check_followed(path: Path, file: BinaryIO) -> None:
    """Raises `OSError` when an open file is no longer the one at its path, or became shorter than
    what was read of it."""
    status = os.fstat(file.fileno())
    try:
        same = os.path.samestat(path.stat(), status)
    except FileNotFoundError:
        raise OSError(errno.ENOENT, N_("the file was removed")) from None
    if not same:
        raise OSError(errno.ENOENT, N_("another file has this name now; open it again"))
    if status.st_size < file.tell():
        raise OSError(errno.EINVAL, N_("the file became shorter; open it again"))


class LineNumbers:
    """The numbers of lines in a file, from 1, by their offsets. Counted when somebody asks for one,
    which is seldom: where lines are damaged."""

    def __init__(self, path: Path, begin: int) -> None:
        """`begin` is where the first line begins."""
        self._path = path
        self._known = {begin: 1}

    def at(self, offset: int) -> int:
        """Returns the number of the line that begins at that offset. Raises `OSError`."""
        at = max(known for known in self._known if known <= offset)
        number = self._known[at]
        with open_regular(self._path) as file:
            file.seek(at)
            while at < offset and (data := file.read(min(BLOCK, offset - at))):
                at += len(data)
                number += data.count(b"\n")
        self._known[offset] = number
        return number


class _Splitter:
    """Cuts what is read of a file after its last whole record."""

    def __init__(self, format_: InputFormat, begin: Block) -> None:
        self._format = format_
        self._offset = begin.offset
        self._data = bytearray()

    @property
    def ends_line(self) -> bool:
        """Whether what is left ends in a newline."""
        return self._data.endswith(b"\n")

    def take(self, more: bytes) -> Block | None:
        """Takes the next bytes; returns a block if a record ends in them."""
        looked = len(self._data)
        if looked > BLOCK:  # of a long record each byte is copied once
            self._data += more
            end = self._format.whole(self._data, looked)
            if not end and len(self._data) > RECORD_MAX:
                end = len(self._data)
            return self._cut(end)
        data = bytes(self._data) + more if looked else more
        end = self._format.whole(data, looked)
        self._data = bytearray(memoryview(data)[end:])
        return self._block(data[:end]) if end else None

    def rest(self) -> Block | None:
        """Returns what is left as a block."""
        return self._cut(len(self._data))

    def _cut(self, end: int) -> Block | None:
        if not end:
            return None
        data = bytes(memoryview(self._data)[:end])
        del self._data[:end]
        return self._block(data)

    def _block(self, data: bytes) -> Block:
        block = Block(self._offset, data)
        self._offset += len(data)
        return block
