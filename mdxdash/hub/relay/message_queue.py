"""The agent's messages for the upstream: those that wait to be sent, and those that were sent and
not acknowledged. Bounded in bytes. Pure: no I/O, no clock.
"""

from collections import deque
from typing import Final

import msgspec

TAKEN_BYTES: Final = 65_536
"""Bytes of the messages that are taken together, unless one alone has more: more are sent when the
transport has said whether the other side reads."""


class UnacknowledgedMessage(msgspec.Struct, frozen=True):
    """A message of the agent that the upstream has not acknowledged."""

    number: int
    """Counts the agent's messages, from 1."""
    data: bytes
    text: bool
    """False for a binary message."""


class KeptMessage(msgspec.Struct, frozen=True):
    """A message that waits for the upstream, in a process that leaves it to another one."""

    data: bytes
    text: bool


class MessageQueue:
    """The messages of one agent in order; its length is the number of those that wait."""

    def __init__(self, limit: int) -> None:
        """`limit` is how many bytes all messages together may have."""
        self.dropped = 0
        """Messages that were not taken, since the queue was full."""
        self._limit = limit
        self._number = 0
        self._bytes = 0
        self._waiting: deque[UnacknowledgedMessage] = deque()
        self._sent: deque[UnacknowledgedMessage] = deque()

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def unacknowledged(self) -> int:
        """The number of messages that were sent and not acknowledged."""
        return len(self._sent)

    def put(self, data: bytes, *, text: bool) -> bool:
        """Adds a message; `text` is false for a binary one. Returns whether it was taken.

        Rather than drop it, the oldest sent messages are forgotten, though they are not
        acknowledged.
        """
        while self._sent and self._bytes + len(data) > self._limit:
            self._bytes -= len(self._sent.popleft().data)
        if self._bytes + len(data) > self._limit:
            self.dropped += 1
            return False
        self._number += 1
        self._bytes += len(data)
        self._waiting.append(UnacknowledgedMessage(self._number, data, text))
        return True

    def snapshot(self) -> tuple[KeptMessage, ...]:
        """Returns the messages that wait, for another process; `requeue` before."""
        return tuple(KeptMessage(message.data, message.text) for message in self._waiting)

    def take(self, most: int = 1) -> list[UnacknowledgedMessage]:
        """Returns the oldest messages that wait, `most` of them and `TAKEN_BYTES` together, but at
        least one. They are to be sent, and are unacknowledged then."""
        waiting = self._waiting
        messages: list[UnacknowledgedMessage] = []
        room = TAKEN_BYTES
        while waiting and len(messages) < most:
            room -= len(waiting[0].data)
            if room < 0 and messages:
                break
            messages.append(waiting.popleft())
        self._sent += messages
        return messages

    def acknowledge(self, number: int) -> int:
        """Forgets the sent messages up to this number: the upstream has received them. Returns how
        many these are."""
        sent, before = self._sent, len(self._sent)
        while sent and sent[0].number <= number:
            self._bytes -= len(sent.popleft().data)
        return before - len(sent)

    def acknowledge_all(self) -> None:
        """Forgets all sent messages."""
        self.acknowledge(self._number)

    def requeue(self) -> None:
        """Puts the sent messages, which the upstream may not have received, back in front of those
        that wait."""
        self._waiting.extendleft(reversed(self._sent))
        self._sent.clear()
