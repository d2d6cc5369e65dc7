"""The agent's messages for the upstream: those that wait to be sent, and those that were sent and
not acknowledged. Bounded in bytes. Pure: no I/O, no clock.
"""

from collections import deque

import msgspec


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

    def take(self) -> UnacknowledgedMessage:
        """Returns the oldest message that waits, which is to be sent; it is unacknowledged then."""
        message = self._waiting.popleft()
        self._sent.append(message)
        return message

    def acknowledge(self, number: int) -> None:
        """Forgets the sent messages up to this number: the upstream has received them."""
        while self._sent and self._sent[0].number <= number:
            self._bytes -= len(self._sent.popleft().data)

    def acknowledge_all(self) -> None:
        """Forgets all sent messages."""
        self.acknowledge(self._number)

    def requeue(self) -> None:
        """Puts the sent messages, which the upstream may not have received, back in front of those
        that wait."""
        self._waiting.extendleft(reversed(self._sent))
        self._sent.clear()
