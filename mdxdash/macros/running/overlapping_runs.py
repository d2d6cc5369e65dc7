"""What happens when a macro is triggered while it still runs on the same agent.

By its `overlap` it is left alone (`skip`), runs again afterwards (`queue`), is started anew
(`restart`), or runs twice at the same time (`allow`).
"""

from collections import deque
from collections.abc import Iterator
from typing import Final, Generic, Literal, TypeVar

from mdxdash.language.translation import N_
from mdxdash.macros.model import Overlap

QUEUE_LIMIT: Final = 100
"""Starts of one macro on one agent that may wait; further ones are dropped."""

Decision = Literal["start", "drop", "queue", "stop and start"]

S = TypeVar("S")
"""A start that waits."""


def decide(overlap: Overlap, *, runs: bool) -> Decision:
    """Returns what becomes of a start; `runs` is whether the macro runs on that agent."""
    if not runs:
        return "start"
    match overlap:
        case "skip":
            return "drop"
        case "queue":
            return "queue"
        case "restart":
            return N_("stop and start")
        case "allow":
            return "start"


class QueuedStarts(Generic[S]):
    """The starts that wait until the macro has ended on the agent, by macro and agent."""

    def __init__(self) -> None:
        self._queues: dict[tuple[str, str], deque[S]] = {}

    def put(self, macro: str, agent: str, start: S) -> None:
        """Queues a start; drops it if QUEUE_LIMIT of them wait."""
        queue = self._queues.setdefault((macro, agent), deque())
        if len(queue) < QUEUE_LIMIT:
            queue.append(start)

    def take(self, macro: str, agent: str) -> S | None:
        """Removes and returns the oldest start; None if none waits."""
        queue = self._queues.get((macro, agent))
        return queue.popleft() if queue else None

    def __iter__(self) -> Iterator[tuple[str, S]]:
        """Iterates over the agents and the starts that wait there."""
        for (_, agent), queue in self._queues.items():
            for start in queue:
                yield agent, start

    def drop(self, macro: str) -> None:
        """Drops the starts of a macro on all agents."""
        for key in [key for key in self._queues if key[0] == macro]:
            del self._queues[key]

    def clear(self) -> None:
        """Drops all starts."""
        self._queues.clear()
