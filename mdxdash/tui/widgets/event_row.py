"""One event as a row of the stream: time, direction, agent, type, arguments, marks."""

from functools import lru_cache

from rich.cells import cell_len, set_cell_size

from mdxdash.events.event import Event
from mdxdash.events.printable import printable
from mdxdash.events.text import clock, log_prefix, marks, sign
from mdxdash.tui import signs
from mdxdash.tui.widgets.agent_signs import AgentSign
from mdxdash.tui.widgets.event_text import event_text
from mdxdash.tui.widgets.row_list import RowPart

_MARKS_WIDTH = 9
_LEVEL_STYLE = {"Error": "bad", "Warning": "warning", "Debug": "dim"}


def pad(text: str, width: int) -> str:
    """The text in exactly `width` cells, cut with `…` when it is wider."""
    if cell_len(text) > width:
        return set_cell_size(text, width - 1) + "…"
    return set_cell_size(text, width)


@lru_cache(maxsize=4096)
def _type_cell(type_: str, width: int) -> str:
    return pad(printable(type_), width)


def event_parts(
    event: Event, width: int, *, marked: bool, agent_width: int, agent: AgentSign | None = None
) -> list[RowPart]:
    """The row's parts for a pane of `width` cells; with 0 `agent_width` the agent's name is left
    out. `agent` is its sign, where there are several."""
    narrow = width < 100
    when = clock(event.time)[: 8 if narrow else 12]
    style = _kind_style(event)
    parts = [
        RowPart(signs.MARKED if marked else " ", "mark"),
        RowPart(f"{when} ", "dim"),
        RowPart(f"{sign(event)} ", style),
    ]
    if agent is not None:
        parts.append(RowPart(f"{agent.letter} ", agent.style))
    if agent_width:
        parts.append(RowPart(pad(printable(event.agent), agent_width) + " ", "dim"))
    noted = marks(event)
    rest = width - sum(cell_len(part.text) for part in parts) - (_MARKS_WIDTH if noted else 0)
    parts += _content(event, rest, 20 if narrow else 26, style)
    if noted:
        note_style = "bad" if event.lost else "warning" if event.cut else "good"
        parts.append(RowPart(noted.rjust(_MARKS_WIDTH), note_style))
    return parts


def _content(event: Event, width: int, type_width: int, style: str) -> list[RowPart]:
    """The event's message or text, in exactly `width` cells."""
    width = max(1, width)
    if event.kind == "log":
        prefix = pad(printable(log_prefix(event).rstrip(" :")), type_width) + " "
        text = " ".join(event.text[:width].split("\n"))
        return [
            RowPart(prefix, style or "dim"),
            RowPart(pad(printable(text), width - type_width - 1), style),
        ]
    if not event.type:
        return [RowPart(pad(printable(event_text(event)[:width]), max(1, width)), style)]
    name = _type_cell(event.type, type_width) + " "
    # A cell holds no more than a character: what is cut here would be cut below, after it was
    # looked at character by character.
    rest = printable(event.args[:width])
    if event.text:
        rest = f"{rest}  {printable(event_text(event)[:width])}"
    return [
        RowPart(name, style or "strong"),
        RowPart(pad(rest, max(1, width - type_width - 1)), ""),
    ]


def _kind_style(event: Event) -> str:
    if event.kind == "log":
        return _LEVEL_STYLE.get(event.level, "")
    return {
        "received": "",
        "sent": "sent",
        "connected": "good",
        "disconnected": "warning",
        "refused": "bad",
        "fault": "bad",
    }[event.kind]
