"""What a simulated agent does of its own accord: nothing, a recording, or what a subclass says.

A life is driven by time alone. It is told what the agent hears, and asked what it has to say;
it reads no clock, so that a test can let hours pass at once.
"""

import math
from collections.abc import Iterable

import msgspec

from mdxdash.wire.message import Message


class LogLine(msgspec.Struct, frozen=True):
    """A line of the agent's log that is no message; seen with `Plugin_Remote_AllLog` only."""

    module: str
    level: str
    """`Error`, `Warning`, `Status` or `Debug`."""
    text: str


_ROUNDING = 1e-6

Utterance = Message | LogLine | bytes
"""What leaves the agent: a message, a log line, or a frame's payload exactly as it stands."""


class Life:
    """A life in which nothing happens: the agent only echoes. The base of all others.

    Times are seconds of one steady clock, and never run backwards.
    """

    def start(self, now: float) -> None:
        """The agent has connected for the first time."""

    def touch(self, now: float) -> None:
        """Something came from the server, whatever it was."""

    def hear(self, message: Message, now: float) -> None:
        """A message was issued inside the agent, by the server or by `Simulator.say`."""

    def step(self, now: float) -> list[Utterance]:
        """What the agent says now, in order: all that was due since the last step."""
        return []

    def next_time(self) -> float:
        """When `step` has something to say again; infinity if not before something is heard."""
        return math.inf


class Playback(Life):
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

    def step(self, now: float) -> list[Utterance]:
        said: list[Utterance] = []
        while self._next is not None and self.next_time() <= now + _ROUNDING:
            said.append(self._next[1])
            self._next = next(self._frames, None)
        return said

    def next_time(self) -> float:
        if self._next is None:
            return math.inf
        return self._started + self._next[0] / self._speed

    @property
    def finished(self) -> bool:
        """Whether all frames were said."""
        return self._next is None
