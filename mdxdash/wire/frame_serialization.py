"""Whole frames as bytes (RFC 6455, section 5.2): those of a server, and those of a client, which
are masked, many at once. The websockets library makes each of them with a dozen calls."""

import secrets
from collections.abc import Callable, Iterable, Sequence
from typing import Final

Mask = Callable[[bytes, bytes], bytes]
"""Applies a masking key of four bytes to a payload."""


_MASKED: Final = 0x80

_EXTENDED_LENGTH: Final = 126
"""From here on the length has bytes of its own; this number in the second byte says two."""


def server_frame(head: int, payload: bytes) -> bytes:
    """Returns a frame, which has no mask. `head` is its first byte, with FIN and opcode."""
    if len(payload) < _EXTENDED_LENGTH:  # as nearly all that is sent
        return bytes((head, len(payload))) + payload
    return _head(head, 0, len(payload)) + payload


def masked_frames(frames: Sequence[tuple[int, bytes]], apply_mask: Mask) -> bytes:
    """Returns frames, each with a masking key of its own, behind one another (RFC 6455, section
    5.2). Each is given as its first byte, with FIN and opcode, and its payload."""
    # An unpredictable key for each (section 5.3); asked for together, which is a hundred times
    # faster.
    keys = secrets.token_bytes(4 * len(frames))
    return b"".join(_parts(frames, keys, apply_mask))


def _parts(frames: Iterable[tuple[int, bytes]], keys: bytes, apply_mask: Mask) -> Iterable[bytes]:
    at = 0
    for head, payload in frames:
        key = keys[at : at + 4]
        at += 4
        yield _head(head, _MASKED, len(payload)) + key
        yield apply_mask(payload, key)


def _head(head: int, mask: int, length: int) -> bytes:
    if length < _EXTENDED_LENGTH:
        return bytes((head, mask | length))
    if length < 65_536:
        return bytes((head, mask | _EXTENDED_LENGTH)) + length.to_bytes(2)
    return bytes((head, mask | 127)) + length.to_bytes(8)
