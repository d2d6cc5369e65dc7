"""What is to happen when: entries in order of time, of which those with a name can be dropped."""

import heapq
import math
from collections.abc import Hashable

from mdxdash.simulator.life import Utterance


class Agenda:
    """Utterances that are due at a time. A name stands for what runs until then: a timer, a
    motion, somebody speaking. Entries of the same time come in the order in which they were put.
    """

    def __init__(self) -> None:
        self._entries: list[tuple[float, int, Hashable, Utterance]] = []
        self._running: dict[Hashable, int] = {}
        self._count = 0

    def put(self, time: float, utterance: Utterance, name: Hashable = None) -> None:
        """Say `utterance` at `time`. An entry of the same name is replaced."""
        self._count += 1
        if name is not None:
            self._running[name] = self._count
        heapq.heappush(self._entries, (time, self._count, name, utterance))

    def drop(self, name: Hashable) -> bool:
        """Forget the entry of that name. Whether there was one."""
        return self._running.pop(name, None) is not None

    def __contains__(self, name: Hashable) -> bool:
        return name in self._running

    def names(self) -> list[Hashable]:
        """The names of what is running."""
        return list(self._running)

    def take(self, now: float) -> Utterance | None:
        """The first utterance that is due, taken off; None if none is."""
        self._discard_dropped()
        if not self._entries or self._entries[0][0] > now:
            return None
        _, _, name, utterance = heapq.heappop(self._entries)
        self.drop(name)
        return utterance

    def next_time(self) -> float:
        """When the first entry is due; infinity if there is none."""
        self._discard_dropped()
        return self._entries[0][0] if self._entries else math.inf

    def _discard_dropped(self) -> None:
        while self._entries:
            _, count, name, _ = self._entries[0]
            if name is None or self._running.get(name) == count:
                return
            heapq.heappop(self._entries)
