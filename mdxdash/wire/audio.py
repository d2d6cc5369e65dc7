"""Speech that an agent plays with moving lips: PCM as the `SND` blocks that Plugin_Remote takes.

A block is `SND`, its payload's length in four decimal digits, and the payload: 16 kHz, 16-bit,
mono, little-endian PCM. No newline follows a block, because it would crash the agent
(PROTOCOL.md).
"""

from collections.abc import Iterator
from typing import Final

from mdxdash.language.translation import N_

SET_MODEL: Final = "__AV_SETMODEL,"
"""Begins the line that says which model the sound behind it is for; its alias follows."""

SAMPLE_RATE: Final = 16_000
"""Samples per second."""

BLOCK_BYTES: Final = 1280
"""The usual payload in bytes: 40 ms of sound."""

BLOCK_MAX_BYTES: Final = 4096
"""The largest payload in bytes that MMDAgent-EX's documentation allows."""


def audio_blocks(pcm: bytes, payload: int = BLOCK_BYTES) -> Iterator[bytes]:
    """Yield the blocks of `pcm`, each with `payload` bytes of it, the last one with the rest.

    Raises:
        ValueError: `pcm` ends inside a sample, or `payload` is not an even number of bytes
            between 2 and 4,096.
    """
    if payload % 2 or not 2 <= payload <= BLOCK_MAX_BYTES:
        raise ValueError(
            N_("a block has 2 to {most:,} bytes in pairs, not {payload:,}").format(
                most=BLOCK_MAX_BYTES, payload=payload
            )
        )
    if len(pcm) % 2:
        raise ValueError(
            N_("16-bit PCM has an even number of bytes, not {count:,}").format(count=len(pcm))
        )
    for start in range(0, len(pcm), payload):
        piece = pcm[start : start + payload]
        yield b"SND%04d" % len(piece) + piece
