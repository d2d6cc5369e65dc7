"""What happens when a macro is triggered while it still runs on the same agent.

By its `overlap` it is left alone (`skip`), runs again afterwards (`queue`), is started anew
(`restart`), or runs twice at the same time (`allow`).
"""

from collections import deque
from collections.abc import Callable
from typing import Final, Literal

from mdxdash.macros.model import Overlap

QUEUE_LIMIT: Final = 100
"""Starts of one macro on one agent that may wait; further ones are dropped."""

Decision = Literal["start", "drop", "queue", "stop and start"]

Start = Callable[[float], object]
"""Starts the macro at that time, in seconds."""


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
            return "stop and start"
        case "allow":
            return "start"


class QueuedStarts:
    """The starts that wait until the macro has ended on the agent, by macro and agent."""

    def __init__(self) -> None:
        self._queues: dict[tuple[str, str], deque[Start]] = {}

    def put(self, macro: str, agent: str, start: Start) -> None:
        """Queues a start; drops it if QUEUE_LIMIT of them wait."""
        queue = self._queues.setdefault((macro, agent), deque())
        if len(queue) < QUEUE_LIMIT:
            queue.append(start)

    def take(self, macro: str, agent: str) -> Start | None:
        """Removes and returns the oldest start; None if none waits."""
        queue = self._queues.get((macro, agent))
        return queue.popleft() if queue else None

    def drop(self, macro: str) -> None:
        """Drops the starts of a macro on all agents."""
        for key in [key for key in self._queues if key[0] == macro]:
            del self._queues[key]

    def clear(self) -> None:
        """Drops all starts."""
        self._queues.clear()
