"""The line under a recording: which moment is shown, in which part of it, and how fast it plays."""

from textual.content import Content
from textual.events import Click
from textual.message import Message

from mdxdash.events.text import clock
from mdxdash.tui import signs
from mdxdash.tui.widgets.elapsed import elapsed
from mdxdash.tui.widgets.live_text import LiveText


class SeekBar(LiveText):
    """Draws the position. A click seeks."""

    class Sought(Message):
        """A part of the recording was clicked: 0 is its beginning, 1 its end."""

        def __init__(self, part: float) -> None:
            super().__init__()
            self.part = part

    def __init__(self) -> None:
        super().__init__(id="seek-bar")
        self._bar = (0, 1)
        """The first cell of the bar, and how many it has."""

    def show(self, begin: float, position: float, end: float, *, playing: bool, speed: int) -> None:
        """Draws what is given. Times are Unix times."""
        sign = signs.RUNNING if playing else signs.STOPPED
        left = f" {sign} {speed:>2}×  {clock(position)[:8]} {elapsed(position - begin):>8} "
        right = f" {elapsed(end - begin)} "
        cells = max(1, self.size.width - len(left) - len(right))
        self._bar = (len(left), cells)
        part = (position - begin) / (end - begin) if end > begin else 0.0
        at = max(0, min(cells - 1, round(part * (cells - 1))))
        self.show_text(
            Content.assemble(
                (left, "bold" if playing else ""),
                ("━" * at, "$accent"),
                ("●", "$accent"),
                ("─" * (cells - 1 - at), "dim"),
                right,
            )
        )

    def on_click(self, event: Click) -> None:
        first, cells = self._bar
        if first <= event.x < first + cells:
            event.stop()
            self.post_message(self.Sought((event.x - first) / max(1, cells - 1)))
