"""Whether frames come too fast for an agent: told once in a while, not for each. Pure: times are
given, in seconds."""

from collections import deque
from typing import Final

FRAMES_A_SECOND: Final = 100
"""More than about so many, and an agent falls silent."""

TELL_INTERVAL: Final = 10.0


class FrameRate:
    """The frames of one server for one agent."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=FRAMES_A_SECOND + 1)
        self._told_at = float("-inf")

    def should_warn(self, frames: int, now: float) -> bool:
        """Takes in that so many frames have gone to the agent: whether they were too many within
        a second, and that has not been told lately."""
        times = self._times
        times.extend([now] * min(frames, FRAMES_A_SECOND + 1))
        too_fast = len(times) > FRAMES_A_SECOND and now - times[0] < 1.0
        if not too_fast or now - self._told_at < TELL_INTERVAL:
            return False
        self._told_at = now
        return True
