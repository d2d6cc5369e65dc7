"""Splits the bytes of a WebSocket client into whole frames (RFC 6455, section 5.2).

What an agent sends all day, text frames that are final and masked, is decoded here in one loop; all
other frames are given out as they came, for a complete parser, but only whole. So what is not
decoded yet is always here, never half in the parser, and can be handed to another process.
"""

from collections.abc import Callable
from typing import Final

_FINAL_TEXT: Final = 0x81
"""The first byte: FIN and the opcode of text."""

_TEXT: Final = 0x1
_OPCODES: Final = frozenset({0x0, _TEXT, 0x2, 0x8, 0x9, 0xA})

_MASKED: Final = 0x80
_SHORT: Final = _MASKED | 126
"""From here on the second byte says that a length of two or eight bytes follows."""

_ANY_LENGTH: Final = 2**64

_HEAD: Final = 2
_MASK: Final = 4

Unmask = Callable[[bytes, bytes], bytes]
"""Takes a payload and its masking key of 4 bytes; returns the payload unmasked."""


class FrameSplitter:
    """The bytes of one client that are not decoded yet, beginning with the head of a frame."""

    def __init__(self, limit: int, unmask: Unmask, pending: bytes = b"") -> None:
        """A text frame with more than `limit` bytes of payload is left to the parser; `pending` is
        the rest of another splitter, to go on with."""
        self._limit = limit
        self._unmask = unmask
        self._data = pending
        self._start = 0
        self.is_empty = not pending
        """Whether no bytes are pending."""

    @property
    def pending(self) -> bytes:
        """The bytes that are not decoded yet."""
        return self._data[self._start :]

    def feed(self, data: bytes) -> None:
        """Adds bytes at the end."""
        # A frame that comes in many small parts is copied for each of them, but it is bounded by
        # the limit: 64 KiB take 5 µs, less than the read.
        self._data = data if self.is_empty else self.pending + data
        self._start = 0
        self.is_empty = not self._data

    def take_messages(self) -> list[bytes]:
        """Removes the final, masked text frames at the front, as far as they are whole. Returns
        their payloads, unmasked."""
        data, start, unmask = self._data, self._start, self._unmask
        size = len(data)
        messages: list[bytes] = []
        while start + _HEAD + _MASK <= size and data[start] == _FINAL_TEXT:
            length = data[start + 1]
            payload = start + _HEAD + _MASK
            if _MASKED <= length < _SHORT:
                length -= _MASKED
            elif length == _SHORT and payload + 2 <= size:
                length = data[start + 2] << 8 | data[start + 3]
                payload += 2
            else:
                break
            end = payload + length
            if end > size or length > self._limit:
                break
            messages.append(unmask(data[payload:end], data[payload - _MASK : payload]))
            start = end
        self._start = start
        self.is_empty = start == size
        return messages

    def take_frames(self, limit: int) -> bytes:
        """Removes the frame at the front, and the frames behind it up to the next text frame, as
        far as they are whole; none if the first is not. Returns their bytes as they came.

        A frame whose opcode or mask is wrong, or with more than `limit` bytes of payload, ends the
        connection as soon as a parser sees its head, so it is taken with all that is there.
        """
        start, size = self._start, len(self._data)
        end = self._end_of_frame(start, limit)
        if end is None or end > size:
            return b""
        while end < size and self._data[end] & 0xF != _TEXT:
            # The limit may be another one behind the first frame, so whoever calls looks again.
            after = self._end_of_frame(end, _ANY_LENGTH)
            if after is None or after > size:
                break
            end = after
        self._start = end
        self.is_empty = end == size
        return self._data[start:end]

    def take_all(self) -> bytes:
        """Removes everything. Returns it as it came."""
        rest = self.pending
        self._data, self._start, self.is_empty = b"", 0, True
        return rest

    def _end_of_frame(self, start: int, limit: int) -> int | None:
        """Returns the index behind the frame that begins at `start`; None if its head is not all
        there; the end of the data for a frame that a parser refuses by its head."""
        data, size = self._data, len(self._data)
        if size - start < _HEAD:
            return None
        length = data[start + 1]
        if data[start] & 0xF not in _OPCODES or length < _MASKED:
            return size
        head = start + _HEAD
        if length >= _SHORT:
            length_bytes = 2 if length == _SHORT else 8
            if size - head < length_bytes:
                return None
            length = int.from_bytes(data[head : head + length_bytes])
            head += length_bytes
        else:
            length -= _MASKED
        return size if length > limit else head + _MASK + length
