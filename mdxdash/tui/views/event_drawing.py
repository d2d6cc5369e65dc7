"""How an event of the stream is drawn as a row: its columns, the agent's sign, what stands out."""

from collections.abc import Mapping

from mdxdash.events.event import Event
from mdxdash.filters.view import View
from mdxdash.tui.rows.highlights import Highlights
from mdxdash.tui.rows.row_columns import RowColumns
from mdxdash.tui.views.speech_rows import SpeechRows
from mdxdash.tui.widgets.agent_signs import AgentSign, AgentSigns
from mdxdash.tui.widgets.events.event_row import RowSurroundings, event_lines, event_parts
from mdxdash.tui.widgets.events.hit_lighting import Hits, light_hit
from mdxdash.tui.widgets.lists.row_parts import RowPart

NOBODY = AgentSign(" ", "")
"""Stands where an event concerns no agent."""


class EventDrawing:
    """Draws the events that a view shows."""

    def __init__(self, view: View, columns: RowColumns, highlights: Mapping[str, str]) -> None:
        """`highlights` are colours by the texts of filters: see `Highlights`."""
        self.columns = columns
        """How the rows are laid out."""
        self.hits: Hits | None = None
        """What a find has found among the rows, which is lit."""
        self.agent_signs = AgentSigns()
        self.speech_rows = SpeechRows(view.log)
        """How far each speech is that is sent as sound."""
        self._view = view
        self._highlights = Highlights(highlights, view.matching)
        self._agent_width = 0
        self._several = False

    def show_agents(self, width: int) -> bool:
        """Takes over how wide the longest name of an agent is, 0 if none is to be shown, and
        whether there are several; returns whether that changes the rows."""
        layout = (width, len(self.agent_signs) > 1)
        if layout == (self._agent_width, self._several):
            return False
        self._agent_width, self._several = layout
        return True

    def name_width(self, width: int) -> int:
        """Returns the cells that the agents' names take in rows of a width."""
        return self.columns.name_width(self._agent_width, width)

    def parts(self, row: int, width: int) -> list[RowPart]:
        """Returns a row in one line; nothing for one that is not there any more."""
        try:
            event = self.speech_rows.grown(self._view.event_at(row))
        except IndexError:
            return []
        parts = event_parts(event, width, self._around(row, event, width), self.columns)
        return self._lit(parts, event)

    def lines(self, row: int, width: int) -> list[list[RowPart]]:
        """Returns a row in as many lines as it needs; an empty one for one that is not there any
        more."""
        try:
            event = self.speech_rows.grown(self._view.event_at(row))
        except IndexError:
            return [[]]
        lines = event_lines(event, width, self._around(row, event, width), self.columns)
        found = [self.hits is not None and _has_hit(line, self.hits) for line in lines]
        return [
            self._lit(line, event) if hit or not any(found) else line
            for line, hit in zip(lines, found, strict=True)
        ]

    def _lit(self, parts: list[RowPart], event: Event) -> list[RowPart]:
        """Returns the parts of a row with what was found in it lit; dim where the row is there only
        for what stands around it."""
        if self.hits is not None and self.hits.found.shows(event.seq):
            parts = light_hit(parts, self.hits.spans)
        if self._view.is_context(event.seq):
            parts = [
                part if part.style == "found" else part._replace(style="dim") for part in parts
            ]
        return parts

    def _around(self, row: int, event: Event, width: int) -> RowSurroundings:
        """Returns what a row shows beside its event."""
        # Asked for before there are several, so that the first to come is A.
        sign = self.agent_signs[event.agent] if event.agent else NOBODY
        return RowSurroundings(
            event.seq in self._view.log.marked,
            sign if self._several else None,
            self.name_width(width),
            None if self.columns.time == "clock" else self._since(row, event),
            self._highlights.style_of(event) if self._highlights else "",
        )

    def _since(self, row: int, event: Event) -> float | None:
        """Returns the seconds that the time column shows; None for the first row."""
        view = self._view
        try:
            if self.columns.time == "session":
                return event.time - view.log[view.log.first_seq].time
            return event.time - view.event_at(row - 1).time if row else None
        except LookupError:
            return None


def _has_hit(line: list[RowPart], hits: Hits) -> bool:
    return any(any(True for _ in hits.spans(part.text)) for part in line)
