"""The send queue of one agent: which lines leave, when, in which frame.

A line that finds the agent idle leaves at once; lines that wait share frames, and frames are
20 ms apart, since an agent that gets more than about 100 frames a second falls silent. The queue
is bounded: what does not fit is refused, never dropped. Pure: times are given.
"""

from collections import deque
from typing import Final

import msgspec

from mdxdash.events.event import By
from mdxdash.wire.framing import FRAME_INTERVAL, FRAME_MAX_BYTES
from mdxdash.wire.message import Message

DEFAULT_QUEUE_LIMIT: Final = 10_000
"""Lines that may wait for one agent."""


class Outgoing(msgspec.Struct, frozen=True, gc=False):
    """A line on its way out: the message, and the safe bytes that `encode_line` made of it."""

    message: Message
    data: bytes
    by: By = ""


class QueueFull(Exception):
    """More lines wait for an agent than its queue may hold."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"{limit:,} lines already wait for this agent; nothing was added")
        self.limit = limit


class SendQueue:
    """Lines that wait for one agent, oldest first."""

    def __init__(self, limit: int = DEFAULT_QUEUE_LIMIT) -> None:
        self.limit = limit
        self._waiting: deque[Outgoing] = deque()
        self._next_frame_at = float("-inf")

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, outgoing: Outgoing) -> None:
        """Adds a line at the end. Raises `QueueFull`."""
        if len(self._waiting) >= self.limit:
            raise QueueFull(self.limit)
        self._waiting.append(outgoing)

    def delay(self, now: float) -> float:
        """Seconds until the next frame may leave, 0 when it may leave now."""
        return max(0.0, self._next_frame_at - now)

    def take(self) -> list[Outgoing]:
        """Removes the lines of the next frame, at least one; call it when `delay` is 0 and
        something waits, and `left` when the frame is on its way."""
        waiting = self._waiting
        frame = [waiting.popleft()]
        size = len(frame[0].data)
        while waiting and size + len(waiting[0].data) <= FRAME_MAX_BYTES:
            size += len(waiting[0].data)
            frame.append(waiting.popleft())
        return frame

    def left(self, now: float) -> None:
        """The frame has been written: the next one waits from here."""
        self._next_frame_at = now + FRAME_INTERVAL

    def drain(self) -> list[Outgoing]:
        """Removes everything that waits: the agent is gone."""
        left = list(self._waiting)
        self._waiting.clear()
        return left
