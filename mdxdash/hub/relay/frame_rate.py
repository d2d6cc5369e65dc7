"""Notices when frames come too fast for an agent, and when to warn of it. Pure: times are given,
in seconds."""

from collections import deque
from typing import Final

FRAMES_A_SECOND: Final = 100
"""With more than about so many an agent goes silent (PROTOCOL.md, Pace)."""

WARN_INTERVAL: Final = 10.0
"""Seconds between two warnings."""


class FrameRate:
    """The rate of the frames of one upstream for one agent."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=FRAMES_A_SECOND + 1)
        self._warned_at = float("-inf")

    def should_warn(self, frames: int, now: float) -> bool:
        """Counts `frames` more at the time `now`. Returns whether there were too many within a
        second and the last warning is at least `WARN_INTERVAL` ago."""
        times = self._times
        times.extend([now] * min(frames, FRAMES_A_SECOND + 1))
        too_fast = len(times) > FRAMES_A_SECOND and now - times[0] < 1.0
        if not too_fast or now - self._warned_at < WARN_INTERVAL:
            return False
        self._warned_at = now
        return True
