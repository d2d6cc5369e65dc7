"""Sound between the lines for one agent: what gives its frames, and which of them leave now.

Whoever gives sound decides when a frame of it is due (`speech`). Sound in real time is 25 frames a
second, and so at most 75 frames leave with the 50 of the lines, which the agent takes
(PROTOCOL.md, *Audio*).
"""

from typing import Final, Protocol

import msgspec

from mdxdash.hub.traffic.speech_state import SpeechState
from mdxdash.wire.message import Message

BURST: Final = 5
"""Frames of sound that leave at once, at most, where timers have come late: 0.2 s of sound."""


class SoundFrame(msgspec.Struct, frozen=True):
    """A frame of whole audio blocks and lines."""

    data: bytes
    messages: tuple[Message, ...] = ()
    """The messages of the lines in it."""


class SoundSource(Protocol):
    """Gives the frames of sound for one agent. Times are monotonic, in seconds."""

    def next_at(self) -> float:
        """Returns when to call `take`; infinity while there is nothing to send."""

    def take(self, now: float) -> SoundFrame | None:
        """Returns the frame that is due at `now`; None if there is none after all."""

    def stop(self, now: float) -> object:
        """Stops what is played, and what waits."""

    def state(self, now: float) -> SpeechState | None:
        """Returns what is played at `now`; None if nothing is."""

    def lost(self) -> None:
        """The agent is gone, and what it was to play with it."""


def frames_due(sound: SoundSource, now: float) -> list[SoundFrame]:
    """Removes and returns the frames of sound that leave now: the one that is due, and more if the
    machine was late."""
    frames: list[SoundFrame] = []
    while len(frames) < BURST and sound.next_at() <= now:
        if (frame := sound.take(now)) is not None:
            frames.append(frame)
    return frames
