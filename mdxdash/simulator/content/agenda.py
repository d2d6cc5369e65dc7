"""The planned outputs of a content, in order of time; those with a name can be dropped."""

import heapq
import math
from collections.abc import Hashable

from mdxdash.simulator.behavior import Output


class Agenda:
    """Outputs, each with its time.

    A name identifies what runs until that time: a timer, a motion, a speech. Entries of the same
    time are taken in the order in which they were put.
    """

    def __init__(self) -> None:
        self._entries: list[tuple[float, int, Hashable, Output]] = []
        self._running: dict[Hashable, int] = {}
        self._count = 0

    def put(self, time: float, output: Output, name: Hashable = None) -> None:
        """Plan `output` for `time`. It replaces an entry of the same name."""
        self._count += 1
        if name is not None:
            self._running[name] = self._count
        heapq.heappush(self._entries, (time, self._count, name, output))

    def drop(self, name: Hashable) -> bool:
        """Remove the entry of that name. Returns whether there was one."""
        return self._running.pop(name, None) is not None

    def __contains__(self, name: Hashable) -> bool:
        return name in self._running

    def names(self) -> list[Hashable]:
        """Return the names of the planned entries."""
        return list(self._running)

    def take(self, now: float) -> Output | None:
        """Remove and return the first output that is due; None if there is none."""
        self._discard_dropped()
        if not self._entries or self._entries[0][0] > now:
            return None
        _, _, name, output = heapq.heappop(self._entries)
        self.drop(name)
        return output

    def next_time(self) -> float:
        """Return when the first entry is due; infinity if there is none."""
        self._discard_dropped()
        return self._entries[0][0] if self._entries else math.inf

    def _discard_dropped(self) -> None:
        while self._entries:
            _, count, name, _ = self._entries[0]
            if name is None or self._running.get(name) == count:
                return
            heapq.heappop(self._entries)
