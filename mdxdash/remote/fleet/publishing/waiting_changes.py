"""What became of sent events, and waits to be published: bounded, the latest for each event. Pure.

What is published and not confirmed yet is kept, and put back when the broker is away.
"""

from collections import deque
from itertools import islice, takewhile
from typing import Final

from mdxdash.remote.protocol import Changed

CHANGES_MAX: Final = 20_000
"""Changes that are kept, those that are not confirmed among them: a dashboard knows as many sent
events of a hub (see `WatchedHub`)."""

MESSAGE_CHANGES: Final = 1_000
"""Changes of one message, at most."""


class WaitingChanges:
    """The changes of one hub's events."""

    def __init__(self) -> None:
        self._waiting: dict[int, Changed] = {}
        """By the number of the event, oldest first."""
        self._unconfirmed: deque[list[Changed]] = deque()
        self._out = 0
        """Changes that are not confirmed."""
        self._dropped = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, changed: Changed) -> None:
        """Adds a change. Where there are too many, the oldest that waits is dropped."""
        self._waiting.pop(changed.seq, None)
        self._waiting[changed.seq] = changed
        self._drop()

    def take(self, published: int) -> list[Changed]:
        """Returns the changes of the next message, oldest first; none while the event of the oldest
        waits itself. `published`: the number up to which events were published."""
        are_out = takewhile(lambda each: each.seq <= published, self._waiting.values())
        found = list(islice(are_out, MESSAGE_CHANGES))
        for each in found:
            del self._waiting[each.seq]
        if found:
            self._unconfirmed.append(found)
            self._out += len(found)
        return found

    def confirm(self) -> None:
        """The broker has the oldest message that it had not confirmed."""
        self._out -= len(self._unconfirmed.popleft())

    def put_back(self) -> None:
        """What was not confirmed waits again, in its order: the broker is away."""
        again = {each.seq: each for message in self._unconfirmed for each in message}
        # What has come since then is newer.
        self._waiting = again | self._waiting
        self._unconfirmed.clear()
        self._out = 0
        self._drop()

    def take_dropped(self) -> int:
        """Returns how many were dropped since it was called last."""
        dropped, self._dropped = self._dropped, 0
        return dropped

    def _drop(self) -> None:
        while self._waiting and len(self._waiting) + self._out > CHANGES_MAX:
            del self._waiting[next(iter(self._waiting))]
            self._dropped += 1
