"""New events that came together, with what several want to know of them, worked out once."""

from collections.abc import Iterable
from typing import Final

from mdxdash.events.encoding import json_lines
from mdxdash.events.event import Event
from mdxdash.events.storage.event_store import memory_sizes

_PIECE: Final = 4096
"""Events encoded at a time. Other threads wait meanwhile, for about 1 ms."""


class EventBatch(list[Event]):
    """The events, in order; they are not changed any more."""

    __slots__ = ("_lines", "_memory")

    def __init__(self, events: Iterable[Event]) -> None:
        super().__init__(events)
        self._lines: bytes | None = None
        self._memory: int | None = None

    @property
    def lines(self) -> bytes:
        """The events as lines of JSON, as `json_lines`, for the recording, standard output and
        programs at the tap. Two threads may ask at the same time."""
        lines = self._lines
        if lines is None:
            pieces = [self[start : start + _PIECE] for start in range(0, len(self), _PIECE)]
            lines = self._lines = b"".join(map(json_lines, pieces))
        return lines

    @property
    def memory(self) -> int:
        """Bytes that they take in memory, estimated as `memory_sizes` does."""
        if self._memory is None:
            self._memory = memory_sizes(self)
        return self._memory
