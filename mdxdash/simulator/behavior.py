"""What a simulated agent does by itself: nothing, play a recording, or what a subclass does.

A behavior is driven by the times that it is given. It reads no clock, so that a test can let hours
pass at once.
"""

import math
from collections.abc import Iterable

import msgspec

from mdxdash.wire.message import Message


class LogLine(msgspec.Struct, frozen=True):
    """A line of the agent's log that is no message; sent with `Plugin_Remote_AllLog` only."""

    module: str
    level: str
    """`Error`, `Warning`, `Status` or `Debug`."""
    text: str


_ROUNDING = 1e-6
"""Seconds by which a time may be early because floats are rounded."""

Output = Message | LogLine | bytes
"""What leaves the agent: a message, a log line, or a frame's payload as it is."""


class Behavior:
    """An agent that only echoes. The base of all behaviors.

    Times are seconds of one steady clock, and never decrease.
    """

    def start(self, now: float) -> None:
        """The agent has connected for the first time."""

    def on_input(self, now: float) -> None:
        """Something came from the server."""

    def on_message(self, message: Message, now: float) -> None:
        """A message was issued inside the agent, by the server or by `Simulator.issue`."""

    def step(self, now: float) -> list[Output]:
        """Return in order what is due until `now` and was not returned before."""
        return []

    def next_time(self) -> float:
        """Return when `step` has output again; infinity if not before the next message."""
        return math.inf


class Playback(Behavior):
    """A recording: pairs of seconds since the connection and a frame's payload, in order of time.

    `speed` 2 plays it in half the time.
    """

    def __init__(self, frames: Iterable[tuple[float, bytes]], *, speed: float = 1.0) -> None:
        self._frames = iter(frames)
        self._speed = speed
        self._started = 0.0
        self._next: tuple[float, bytes] | None = None

    def start(self, now: float) -> None:
        self._started = now
        self._next = next(self._frames, None)

    def step(self, now: float) -> list[Output]:
        due: list[Output] = []
        while self._next is not None and self.next_time() <= now + _ROUNDING:
            due.append(self._next[1])
            self._next = next(self._frames, None)
        return due

    def next_time(self) -> float:
        if self._next is None:
            return math.inf
        return self._started + self._next[0] / self._speed

    @property
    def finished(self) -> bool:
        """Whether all frames were played."""
        return self._next is None
