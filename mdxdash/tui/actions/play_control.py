"""Plays a recording: the selected event moves on with the time, and so all views follow it.

While nothing plays, the position is the selected event's: whoever moves the cursor seeks.
"""

import time
from bisect import bisect_right

from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.tui.actions.playback import Playback
from mdxdash.tui.panes.seek_bar import SeekBar
from mdxdash.tui.views.stream import Stream


class PlayControl:
    """What the keys for playing do, and what each frame does while it plays."""

    def __init__(self, log: EventLog, stream: Stream) -> None:
        self.playback = Playback()
        self.bar = SeekBar()
        self._log = log
        self._stream = stream
        self._shown: int | None = None
        """The `seq` of the event that playing has selected last."""

    @property
    def begin(self) -> float:
        """The time of the first event in memory."""
        return self._time_of(self._log.first_seq)

    @property
    def end(self) -> float:
        """The time of the last event that was read."""
        return self._time_of(self._log.next_seq - 1)

    def switch(self) -> None:
        """Plays from the selected event on, or pauses; from the beginning where it is at the
        end."""
        if self.playback.playing:
            self.playback.pause()
            return
        position = self._position()
        self.playback.play(self.begin if position >= self.end else position, time.monotonic())
        self._select()

    def change_speed(self, by: int) -> None:
        """Plays faster (1) or slower (-1)."""
        self.playback.change_speed(by)

    def seek(self, seconds: float) -> None:
        """Goes so many seconds forward, or back."""
        self.go_to(self._position() + seconds)

    def go_to(self, position: float) -> None:
        """Goes to a time of the recording; it goes on playing if it plays."""
        playing = self.playback.playing
        self.playback.play(max(self.begin, min(position, self.end)), time.monotonic())
        self.playback.playing = playing
        self._select()

    def advance(self) -> None:
        """Moves on as far as time went by, and draws the bar."""
        if not len(self._log):
            return
        playback = self.playback
        if playback.playing:
            event = self._stream.current
            if event is not None and event.seq != self._shown:
                playback.position = event.time  # somebody has moved the cursor
            playback.advance(time.monotonic(), self.end)
            self._select()
        else:
            playback.position = self._position()
        self.bar.show(
            self.begin, playback.position, self.end, playing=playback.playing, speed=playback.speed
        )

    def _position(self) -> float:
        """Returns the playing time; while nothing plays, the selected event's, unless it is still
        the one that playing has selected."""
        event = self._stream.current
        if event is None or event.seq == self._shown:
            return max(self.begin, min(self.playback.position, self.end))
        return event.time

    def _select(self) -> None:
        """Selects the last event of the playing time that is shown."""
        seqs = range(self._log.first_seq, self._log.next_seq)
        last = bisect_right(seqs, self.playback.position, key=self._time_of) - 1
        row = self._stream.view.row_of(seqs[last] + 1) - 1 if last >= 0 else 0
        if not 0 <= row < self._stream.row_count:
            row = 0
        if not self._stream.row_count:
            return
        event: Event = self._stream.event_at(row)
        if event.seq != self._shown or self._stream.current is not event:
            self._stream.select_event(event.seq)
        self._shown = event.seq

    def _time_of(self, seq: int) -> float:
        return self._log[seq].time if seq in self._log else 0.0
