"""The queue between the event loop, where events happen, and the thread that records them."""

from collections import deque
from collections.abc import Iterator
from typing import Final, NamedTuple

from mdxdash.events.storage.event_batch import EventBatch

QUEUE: Final = 500_000
"""Events that may wait for the thread: seconds of the heaviest traffic, while one write hangs."""

_RUN: Final = 4096
"""Events that are handed to the thread together, if so many wait."""


class Run(NamedTuple):
    """Lines of events with consecutive numbers."""

    first: int
    last: int
    data: bytes


class EventQueue:
    """Batches of events, which one thread puts and another one takes. When it is full, the oldest
    are dropped: whoever takes sees that by the numbers."""

    def __init__(self) -> None:
        self._waiting: deque[EventBatch] = deque()
        # Each count is of events, and is written by one thread only: no lock is needed.
        self._put = 0
        self._dropped = 0
        self._taken = 0

    def put(self, batch: EventBatch) -> None:
        """Adds events, at least one. Does not wait."""
        if len(batch) > _RUN:
            for start in range(0, len(batch), _RUN):
                self.put(EventBatch(batch[start : start + _RUN]))
            return
        self._waiting.append(batch)
        self._put += len(batch)
        while self._put - self._dropped - self._taken > QUEUE:
            try:
                self._dropped += len(self._waiting.popleft())
            except IndexError:  # the other thread has just taken the last one
                return

    def runs(self) -> Iterator[Run]:
        """Takes what waits now, encoded, unless somebody else has encoded it already."""
        run: list[EventBatch] = []
        length = 0
        for _ in range(len(self._waiting)):
            try:
                batch = self._waiting.popleft()
            except IndexError:  # they have made room for newer ones
                break
            self._taken += len(batch)
            if run and (length >= _RUN or batch[0].seq != run[-1][-1].seq + 1):
                yield _joined(run)
                run, length = [], 0
            run.append(batch)
            length += len(batch)
        if run:
            yield _joined(run)


def _joined(batches: list[EventBatch]) -> Run:
    lines = b"".join([batch.lines for batch in batches])
    return Run(batches[0][0].seq, batches[-1][-1].seq, lines)
