"""One event as a row of the stream: time, direction, agent, type, arguments, marks."""

from functools import lru_cache
from typing import Final, NamedTuple

from rich.cells import cell_len

from mdxdash.events.event import Event
from mdxdash.events.printable import printable
from mdxdash.events.text import clock, log_prefix, sign
from mdxdash.tui import signs
from mdxdash.tui.rows.message_families import family_style
from mdxdash.tui.rows.row_columns import ALL_COLUMNS, RowColumns, seconds_text
from mdxdash.tui.widgets.agent_signs import AgentSign
from mdxdash.tui.widgets.cells import cut, cut_middle, pad
from mdxdash.tui.widgets.events.event_text import event_marks, event_text
from mdxdash.tui.widgets.line_breaking import break_lines
from mdxdash.tui.widgets.lists.row_parts import RowPart

LINES_MAX: Final = 12
"""Lines that a wrapped row takes at most; the event's own screen shows all of it."""

_LEVEL_STYLE: Final = {"Error": "bad", "Warning": "warning", "Debug": "dim"}
_KIND_STYLE: Final = {
    "received": "",
    "sent": "sent",
    "connected": "good",
    "disconnected": "warning",
    "refused": "bad",
    "fault": "bad",
}


class RowSurroundings(NamedTuple):
    """What a row shows that is not in its event."""

    marked: bool = False
    agent: AgentSign | None = None
    """The agent's sign, where there are several."""
    agent_width: int = 0
    """The cells of the agent's name; with 0 it is left out."""
    since: float | None = None
    """Seconds since the session's first event or the row before, where the time column shows
    them."""
    highlight: str = ""
    """The style of the user's highlight that the event matches; empty for none."""


@lru_cache(maxsize=4096)
def _cell(text: str, width: int) -> str:
    """Returns a type in its column; there are few different ones."""
    return pad(printable(text), width) + " "


@lru_cache(maxsize=4096)
def _name_cell(name: str, width: int) -> str:
    """Returns the name of an agent in its column."""
    return pad(cut_middle(printable(name), width), width) + " "


def event_parts(
    event: Event,
    width: int,
    around: RowSurroundings,
    columns: RowColumns = ALL_COLUMNS,
) -> list[RowPart]:
    """Returns the row in one line, for a pane of `width` cells."""
    parts = _head(event, width, around, columns)
    room = width - _cells(parts)
    noted = event_marks(event) if "echo" in columns.shown else ""
    # Beside what it belongs to, and not at the right edge, which may be far away.
    room = max(1, room - (cell_len(noted) + 2 if noted else 0))
    text, style = _body(event, room, around, columns)
    if text:
        parts.append(RowPart(cut(text, room), style))
    if noted:
        parts.append(RowPart(f"  {noted}" if text else noted, _note_style(event)))
    return parts


def event_lines(
    event: Event,
    width: int,
    around: RowSurroundings,
    columns: RowColumns = ALL_COLUMNS,
) -> list[list[RowPart]]:
    """Returns the row in as many lines as it needs, `LINES_MAX` at most."""
    head = _head(event, width, around, columns)
    indent = _cells(head)
    if indent > width - 20:
        indent = min(4, width // 4)
    room = max(2, width - indent)
    noted = event_marks(event) if "echo" in columns.shown else ""
    text, style = _body(event, room * (LINES_MAX + 1), around, columns)
    pieces = break_lines(text, room)
    if len(pieces) > LINES_MAX:
        pieces = [*pieces[: LINES_MAX - 1], cut(pieces[LINES_MAX - 1] + " " * room, room)]
    beside = width - indent
    lines = [head] if _cells(head) != indent else []
    for piece in pieces:
        first = not lines
        lines.append([*(head if first else [RowPart(" " * indent)]), RowPart(piece, style)])
    if noted:
        note = RowPart(f"  {noted}" if pieces[-1] else noted, _note_style(event))
        if cell_len(pieces[-1]) + cell_len(note.text) <= beside or len(lines) >= LINES_MAX:
            lines[-1].append(note)
        else:
            lines.append([RowPart(" " * indent), RowPart(noted, note.style)])
    return lines


def _head(event: Event, width: int, around: RowSurroundings, columns: RowColumns) -> list[RowPart]:
    """Returns all that stands before the arguments or the text."""
    narrow = width < 100
    shown = columns.shown
    style = _kind_style(event)
    parts = [
        RowPart(signs.HIGHLIGHTED, around.highlight)
        if around.highlight and not around.marked
        else RowPart(signs.MARKED if around.marked else " ", "mark")
    ]
    if "time" in shown:
        parts.append(RowPart(_time(event, around.since, columns, narrow=narrow), "dim"))
    parts.append(RowPart(f"{sign(event)} ", style))
    if around.agent is not None:
        parts.append(RowPart(f"{around.agent.letter} ", around.agent.style))
    if around.agent_width and "agent" in shown:
        parts.append(RowPart(_name_cell(event.agent, around.agent_width), "dim"))
    if "type" in shown:
        type_width = columns.type_width or (20 if narrow else 26)
        if event.kind == "log":
            prefix = _cell(log_prefix(event).rstrip(" :"), type_width)
            parts.append(RowPart(prefix, around.highlight or style or "dim"))
        elif event.type:
            own = around.highlight or (
                family_style(event.type).type if style in ("", "sent") else style
            )
            parts.append(RowPart(_cell(event.type, type_width), own))
    return parts


def _time(event: Event, since: float | None, columns: RowColumns, *, narrow: bool) -> str:
    cells = 8 if narrow else 12
    if columns.time == "clock":
        return clock(event.time)[:cells] + " "
    text = "" if since is None else seconds_text(since, narrow=narrow)
    return text.rjust(cells)[-cells:] + " "


def _body(event: Event, most: int, around: RowSurroundings, columns: RowColumns) -> tuple[str, str]:
    """Returns the arguments or the text, printable, and their style. A cell holds no more than a
    character: of longer ones only `most` are looked at, and one more, so that they are cut."""
    style = around.highlight or _kind_style(event)
    most += 1
    if event.kind == "log":
        return _beginning(event.text, most).replace(printable("\n"), " "), style
    if not event.type:
        return _beginning(event_text(event), most), style
    text = _beginning(event.args, most) if "arguments" in columns.shown else ""
    if event.text:
        reason = _beginning(event_text(event), most)
        # Why something was refused is the news; what was refused may be long.
        first, second = (reason, text) if event.kind == "refused" else (text, reason)
        text = f"{first}  {second}" if text else reason
    if style in ("", "sent"):
        style = family_style(event.type).arguments
    return text, style


def _beginning(text: str, most: int) -> str:
    """Returns so many characters of a text, printable. Where they take fewer cells, as letters with
    combining marks do, `…` tells that the rest is missing."""
    shown = printable(text[:most])
    return f"{shown}…" if len(text) > most and cell_len(shown) < most else shown


def _note_style(event: Event) -> str:
    return "bad" if event.lost else "warning" if event.cut else "good"


def _kind_style(event: Event) -> str:
    if event.kind == "log":
        return _LEVEL_STYLE.get(event.level, "")
    return _KIND_STYLE[event.kind]


def _cells(parts: list[RowPart]) -> int:
    return sum([cell_len(part.text) for part in parts])
