"""Speech for an agent to say with moving lips: PCM to the `SND` blocks that Plugin_Remote takes.

A block is `SND`, its payload's length in four decimal digits, and the payload: 16 kHz, 16-bit,
mono, little-endian PCM. No newline follows: one right after a block crashes the agent. Pure.
"""

from collections.abc import Iterator
from typing import Final

SAMPLE_RATE: Final = 16_000
"""Samples a second."""

BLOCK_BYTES: Final = 1280
"""The usual payload: 40 ms of sound."""

BLOCK_MAX_BYTES: Final = 4096
"""The largest payload that the documentation allows."""


def audio_blocks(pcm: bytes, payload: int = BLOCK_BYTES) -> Iterator[bytes]:
    """The blocks of a piece of PCM, `payload` bytes in each, less in the last.

    Raises `ValueError` when `pcm` ends inside a sample or `payload` is no even number of bytes
    between 2 and 4,096.
    """
    if payload % 2 or not 2 <= payload <= BLOCK_MAX_BYTES:
        raise ValueError(f"a block has 2 to {BLOCK_MAX_BYTES:,} bytes in pairs, not {payload:,}")
    if len(pcm) % 2:
        raise ValueError(f"16-bit PCM has an even number of bytes, not {len(pcm):,}")
    for start in range(0, len(pcm), payload):
        piece = pcm[start : start + payload]
        yield b"SND%04d" % len(piece) + piece
