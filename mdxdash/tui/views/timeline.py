"""The timeline: a lane for each thing that takes time, against time.

Its cursor is the event that is selected in the stream. It follows what comes while the stream does.
"""

from collections.abc import Callable
from typing import ClassVar, Final

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from mdxdash.dialogue.history import DialogueHistory
from mdxdash.events.event import Event
from mdxdash.events.printable import printable
from mdxdash.events.text import clock
from mdxdash.language.translation import _
from mdxdash.tui.views.lane_cells import parts
from mdxdash.tui.views.lanes import Lanes
from mdxdash.tui.views.selection import Selection
from mdxdash.tui.widgets.cells import pad
from mdxdash.tui.widgets.events.event_text import event_payload
from mdxdash.tui.widgets.live_text import LiveText

_ANSWER_STYLES: Final = {
    "bad": "$text-error",
    "warning": "$text-warning",
    "strong": "bold",
    "good": "$text-success",
    "dim": "$text-muted",
}
"""The colours of the line of answers, by the names of styles of rows."""


class Timeline(Vertical):
    """The lanes with the times and the answers over them, and the selected event below."""

    DEFAULT_CSS: ClassVar[str] = """
    Timeline { height: 1fr; }
    Timeline > Static { height: 1; width: 1fr; }
    Timeline > Lanes { height: 1fr; }
    """

    def __init__(
        self,
        history: DialogueHistory,
        selection: Selection,
        now: Callable[[], float],
        limit: float | None = None,
    ) -> None:
        """`limit` is how soon an answer is wanted, in seconds."""
        super().__init__(id="timeline")
        self._selection = selection
        self._limit = limit
        self.lanes = Lanes(history, selection, now)
        self._marks = LiveText(id="time-marks")
        self._answers = LiveText(id="time-answers")
        self._foot = LiveText(id="time-foot")

    def compose(self) -> ComposeResult:
        yield self._marks
        yield self._answers
        yield self.lanes
        yield self._foot

    def advance(self) -> None:
        """Draws what is new."""
        lanes = self.lanes
        if not lanes.advance():
            return
        marks = " " * lanes.name_cells + lanes.axis.marks()
        self._marks.show_text(Content.styled(marks, "$text-muted"))
        self._answers.show_text(self._answer_line())
        self._foot.show_text(self._foot_line(self._selection.event))

    def _answer_line(self) -> Content:
        name = pad(_("answers"), self.lanes.name_cells - 1) + " "
        cells = parts(self.lanes.answers(self._limit))
        texts = [(part.text, _ANSWER_STYLES.get(part.style, "")) for part, _width in cells]
        return Content.assemble((name, "$text-muted"), *texts)

    def _foot_line(self, event: Event | None) -> Content:
        if event is None:
            return Content("")
        axis, width = self.lanes.axis, self.lanes.size.width
        column = max(0, min(axis.column(event.time), axis.width - 1)) + self.lanes.name_cells
        text = f" {clock(event.time)[:11]}  {printable(event_payload(event))}"
        room = width - column - 2
        if room < cell_len(text) and room < column:
            room = column - 1
            shown = pad(text.strip(), min(room, cell_len(text))) + " "
            line = "─" * (column - cell_len(shown) - 1) + " " + shown + "┼"
        else:
            line = "─" * column + "┼" + pad(text, max(1, room))
        return Content.styled(line, "$text-accent")
