"""Echoes: which line that comes back acknowledges which line that was sent.

An agent broadcasts every message it takes, also to the socket it came from. The first equal line
that comes back acknowledges a sent one; the time between is its round trip. Pure: times are given.
"""

from collections import defaultdict, deque
from typing import Final

import msgspec

from mdxdash.events.event import By
from mdxdash.wire.message import Message

ECHO_TIMEOUT: Final = 5.0
"""Seconds after which a sent line without an echo counts as lost."""


class ExpectedEcho(msgspec.Struct, frozen=True):
    """A sent line whose echo may still come."""

    echo: Message
    seq: int
    sent: float
    """When it left, in monotonic seconds."""
    by: By = ""
    """Who sent it."""


class Acknowledged(msgspec.Struct, frozen=True, gc=False):
    """The sent line that a received one acknowledges."""

    seq: int
    round_trip: float
    """Seconds."""
    by: By
    """Who sent it."""


class EchoMatcher:
    """The sent lines of one agent that wait for their echo, oldest first among equals."""

    def __init__(self) -> None:
        self._waiting: defaultdict[tuple[str, str], deque[tuple[int, float, By]]] = defaultdict(
            deque
        )
        self._order: deque[tuple[float, int, tuple[str, str]]] = deque()

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def expect(self, echo: Message, seq: int, sent_at: float, by: By = "") -> None:
        """A line that `by` sent left at `sent_at` (monotonic seconds); it comes back as `echo`."""
        key = (echo.type, echo.args)
        self._waiting[key].append((seq, sent_at, by))
        self._order.append((sent_at, seq, key))

    def snapshot(self) -> tuple[ExpectedEcho, ...]:
        """Returns the lines that wait, in the order in which they left, for another process."""
        waiting = [
            ExpectedEcho(Message(type_, args), seq, sent_at, by)
            for (type_, args), lines in self._waiting.items()
            for seq, sent_at, by in lines
        ]
        return tuple(sorted(waiting, key=lambda line: line.seq))

    def match(self, type_: str, args: str, now: float) -> Acknowledged | None:
        """The sent line that this received one acknowledges; None when it acknowledges none."""
        key = (type_, args)
        waiting = self._waiting.get(key)
        if not waiting:
            return None
        seq, sent_at, by = waiting.popleft()
        if not waiting:
            del self._waiting[key]
        return Acknowledged(seq, now - sent_at, by)

    def expire(self, now: float, timeout: float = ECHO_TIMEOUT) -> list[int]:
        """The `seq`s of the lines that were sent more than `timeout` ago and got no echo; an echo
        that comes later is taken for an ordinary message."""
        lost = []
        while self._order and self._order[0][0] + timeout <= now:
            _, seq, key = self._order.popleft()
            waiting = self._waiting.get(key)
            if waiting and waiting[0][0] == seq:
                waiting.popleft()
                if not waiting:
                    del self._waiting[key]
                lost.append(seq)
        return lost
