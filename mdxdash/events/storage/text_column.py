"""A column of texts: one after the other in one piece of UTF-8, all searched at once."""

from array import array
from itertools import accumulate
from typing import Final

SEPARATOR: Final = b"\xff"
"""Between two texts. This byte stands nowhere in UTF-8 (RFC 3629, section 1)."""


class TextColumn:
    """Texts that never change. Halves of surrogate pairs are kept too."""

    __slots__ = ("_offsets", "count", "data", "is_plain")

    def __init__(self, texts: list[str]) -> None:
        self.count = len(texts)
        self.data = _joined(texts)
        """The texts in UTF-8, with `SEPARATOR` between two of them."""
        self.is_plain: bool | None = None
        """For whoever searches without regard to case and width: what was found out about these
        texts. None: nothing yet."""
        self._offsets: array[int] | None = None

    @property
    def offsets(self) -> "array[int]":
        """Where each text begins in `data`, and one more: where another text would begin."""
        # Made when they are needed: most blocks are never searched, nor shown row by row.
        offsets = self._offsets
        if offsets is None:
            ends = accumulate([len(text) + 1 for text in self.data.split(SEPARATOR)], initial=0)
            offsets = self._offsets = array("I", ends)
        return offsets

    def piece(self, start: int, stop: int) -> bytes:
        """Returns the part of `data` with the texts from `start` to before `stop`, at least one."""
        if start == 0 and stop == self.count:
            return self.data
        return self.data[self.offsets[start] : self.offsets[stop] - 1]

    def texts(self, start: int, stop: int) -> list[str]:
        """Returns the texts from `start` to before `stop`, at least one."""
        encoded = self.piece(start, stop).split(SEPARATOR)
        try:
            return [text.decode() for text in encoded]
        except UnicodeDecodeError:
            return [text.decode("utf-8", "surrogatepass") for text in encoded]

    def text(self, position: int) -> str:
        """Returns one of the texts."""
        encoded = self.data[self.offsets[position] : self.offsets[position + 1] - 1]
        try:
            return encoded.decode()
        except UnicodeDecodeError:
            return encoded.decode("utf-8", "surrogatepass")

    @property
    def bytes(self) -> int:
        """Bytes in memory, approximately, with offsets."""
        return len(self.data) + 4 * self.count


def _joined(texts: list[str]) -> bytes:
    joined = "\0".join(texts)
    try:
        if joined.count("\0") == len(texts) - 1:
            # All in one piece: half of the time of one after the other.
            return joined.encode().replace(b"\0", SEPARATOR)
        return SEPARATOR.join([text.encode() for text in texts])
    except UnicodeEncodeError:
        return SEPARATOR.join([text.encode("utf-8", "surrogatepass") for text in texts])
