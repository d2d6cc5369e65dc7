"""Frames as a client sends them, which are masked: many at once, which the websockets library makes
one by one, in ten times the time."""

import secrets
from collections.abc import Callable, Iterable, Sequence

Mask = Callable[[bytes, bytes], bytes]
"""Applies a masking key of four bytes to a payload."""


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
        length = len(payload)
        if length < 126:
            yield bytes((head, 0x80 | length)) + key
        elif length < 65_536:
            yield bytes((head, 0xFE)) + length.to_bytes(2) + key
        else:
            yield bytes((head, 0xFF)) + length.to_bytes(8) + key
        yield apply_mask(payload, key)
