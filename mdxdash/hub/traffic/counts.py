"""What went to and fro between the hub and one agent, in numbers, across all its connections."""

from collections import deque
from typing import Final

import msgspec

ROUND_TRIPS_KEPT: Final = 1000
"""The last round trips of an agent that are known one by one."""


class CountsSnapshot(msgspec.Struct, frozen=True):
    """`Counts` at one moment, as plain data."""

    frames_in: int
    bytes_in: int
    frames_out: int
    bytes_out: int
    received: int
    sent: int
    lost: int
    round_trips: tuple[float, ...]


class Counts:
    """The numbers of one agent. Whoever shows them only reads them."""

    __slots__ = (
        "bytes_in",
        "bytes_out",
        "frames_in",
        "frames_out",
        "lost",
        "received",
        "round_trips",
        "sent",
    )

    def __init__(self) -> None:
        self.frames_in = 0
        """Messages of the WebSocket that came from the agent, and their bytes."""
        self.bytes_in = 0
        self.frames_out = 0
        """Those that went to it, from here or through the relay."""
        self.bytes_out = 0
        self.received = 0
        """Lines that came, echoes among them."""
        self.sent = 0
        """Lines that left."""
        self.lost = 0
        """Lines that left and got no echo."""
        self.round_trips: deque[float] = deque(maxlen=ROUND_TRIPS_KEPT)
        """Seconds, the latest last."""

    def snapshot(self) -> CountsSnapshot:
        """Returns the numbers as plain data, for another process."""
        return CountsSnapshot(
            self.frames_in,
            self.bytes_in,
            self.frames_out,
            self.bytes_out,
            self.received,
            self.sent,
            self.lost,
            tuple(self.round_trips),
        )

    def restore(self, counts: CountsSnapshot) -> None:
        """Takes over the numbers of another process; the inverse of `snapshot`."""
        self.frames_in, self.bytes_in = counts.frames_in, counts.bytes_in
        self.frames_out, self.bytes_out = counts.frames_out, counts.bytes_out
        self.received, self.sent, self.lost = counts.received, counts.sent, counts.lost
        self.round_trips.extend(counts.round_trips)

    @property
    def last_round_trip(self) -> float | None:
        """Seconds; None as long as there was no echo."""
        return self.round_trips[-1] if self.round_trips else None
