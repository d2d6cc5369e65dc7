"""Received events of a file as columns, before they are in a log: a sequence that makes an `Event`
when somebody looks at one.

Nearly all of a large recording is such events, and of a million nobody looks at more than a few.
"""

from collections.abc import Iterator, Sequence
from typing import final, overload

from mdxdash.events.event import Event
from mdxdash.events.storage.event_block import EventBlock


@final
class BlockEvents(Sequence[Event]):
    """The events of a block. All are `received`, and have no fields but `agent`, `type`, `args` and
    `size`. Whether a sequence is one is asked by its `type`: `isinstance` takes a microsecond here,
    for each read of a flood."""

    def __init__(self, block: EventBlock) -> None:
        self.block = block

    def __len__(self) -> int:
        return len(self.block)

    @overload
    def __getitem__(self, index: int) -> Event: ...

    @overload
    def __getitem__(self, index: slice) -> list[Event]: ...

    def __getitem__(self, index: int | slice) -> Event | list[Event]:
        positions = range(len(self.block))[index]
        if isinstance(positions, int):
            return self.block.event(positions)
        return [self.block.event(position) for position in positions]

    def __iter__(self) -> Iterator[Event]:
        return iter(self.block.events(0, len(self.block)))
