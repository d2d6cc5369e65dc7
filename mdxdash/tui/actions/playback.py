"""The playing of a recording: which moment of it is shown, as time goes by."""

from typing import Final

SPEEDS: Final = (1, 2, 4, 8, 16)


class Playback:
    """A position in a recording that moves on while it plays. Positions are Unix times, `now` is
    seconds on a clock that only goes forward."""

    def __init__(self) -> None:
        self.position = 0.0
        self.playing = False
        self._speed = 0
        self._now = 0.0

    @property
    def speed(self) -> int:
        """How many times as fast as it happened it plays."""
        return SPEEDS[self._speed]

    def play(self, position: float, now: float) -> None:
        """Plays from a position on."""
        self.position, self.playing, self._now = position, True, now

    def pause(self) -> None:
        """Stops where it is."""
        self.playing = False

    def change_speed(self, by: int) -> None:
        """Goes to a faster (1) or slower (-1) speed, if there is one."""
        self._speed = max(0, min(len(SPEEDS) - 1, self._speed + by))

    def advance(self, now: float, end: float) -> float:
        """Moves on as far as time went by, to `end` at most, where it pauses. Returns the
        position."""
        if self.playing:
            self.position += max(0.0, now - self._now) * self.speed
            if self.position >= end:
                self.position, self.playing = end, False
        self._now = now
        return self.position
