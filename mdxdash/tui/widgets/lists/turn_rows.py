"""A turn as rows, as a conversation is read: the user to the right, the agent to the left, each
answer with its latency beside it, motions and errors below."""

from typing import Final, NamedTuple

from rich.cells import cell_len

from mdxdash.dialogue.turn import Speech, Turn
from mdxdash.events.printable import printable
from mdxdash.events.text import clock
from mdxdash.language.translation import _
from mdxdash.tui.widgets.agent_signs import AgentSign
from mdxdash.tui.widgets.cells import pad
from mdxdash.tui.widgets.line_breaking import break_lines
from mdxdash.tui.widgets.lists.row_parts import RowPart

BAR: Final = "▁▂▃▄▅▆▇█"
SCALE: Final = 2.0
"""Seconds of a bar's full height where no limit is set."""

LEAST_OVERLAP: Final = 0.05
"""Seconds of overlap that are named: typed words take no time, and times are grained to 30 ms."""

_NAME: Final = 8
"""Cells of a speaker's name."""

_AGENT_INDENT: Final = 2
_WIDE_LATENCY: Final = 37
"""Cells of a latency with its parts: `▃ 0.06 s = 0.03 decided + 0.03 voice`."""

_NARROW_LATENCY: Final = 9

_Row = list[RowPart]


class TurnLayout(NamedTuple):
    """How turns are laid out."""

    width: int
    """Cells of a row."""
    limit: float | None = None
    """Seconds within which an answer is wanted; None if nothing says so."""


def turn_rows(
    turn: Turn, layout: TurnLayout, now: float, agent: AgentSign | None = None
) -> list[_Row]:
    """Returns the rows of a turn, at least one. `now` is Unix time, for what still goes on; `agent`
    is the sign of its agent, where there are several."""
    rows = _user_rows(turn, layout, now)
    if agent is not None:
        rows[0].insert(0, RowPart(agent.letter, agent.style))
    for speech in turn.speeches:
        rows += _speech_rows(turn, speech, layout)
    rows += _note_rows(turn, layout)
    return rows


def latency_text(seconds: float) -> str:
    """Returns `0.06 s`."""
    return f"{seconds:.2f} s"


def latency_style(seconds: float, limit: float | None) -> str:
    """Returns the style of a latency: whether it is over the user's limit."""
    if limit is None:
        return "strong"
    return "bad" if seconds > limit else "good"


def latency_bar(seconds: float, limit: float | None) -> str:
    """Returns a latency as a bar of one cell, which is full at the user's limit."""
    return BAR[min(len(BAR) - 1, int(seconds / (limit or SCALE) * len(BAR)))]


def _user_rows(turn: Turn, layout: TurnLayout, now: float) -> list[_Row]:
    digits = 8 if layout.width < 100 else 10
    time = clock(turn.begin if turn.heard is None else turn.heard)[:digits]
    if turn.words is None:
        return [[RowPart(f" {time} ", "dim"), RowPart(_("unasked"), "dim")]]
    indent = max(digits + _NAME + 5, layout.width // 4)
    remarks = _remarks(turn, now)
    head = [RowPart(pad(f" {time}", indent - _NAME - 3), "dim")]
    rows: list[_Row] = []
    for index, line in enumerate(break_lines(printable(turn.words), layout.width - indent - 1)):
        name = _("user ▏ ") if not index else "▏ "
        front = head if not index else [RowPart(" " * (indent - _NAME - 3))]
        rows.append(
            [
                *front,
                RowPart(" " * (_NAME + 3 - cell_len(name)) + name, "sent"),
                RowPart(line, "sent"),
            ]
        )
    for text, style in remarks:
        free = layout.width - sum(cell_len(part.text) for part in rows[-1]) - 3
        if cell_len(text) <= free:
            rows[-1].append(RowPart(f"   {text}", style))
        else:
            for line in break_lines(text, layout.width - indent - 1):
                rows.append([RowPart(" " * indent), RowPart(line, style)])
    return rows


def _remarks(turn: Turn, now: float) -> list[tuple[str, str]]:
    remarks = []
    for each in turn.interruptions:
        of = (
            ""
            if each.predicted is None
            else _(" of {predicted:.1f}").format(predicted=each.predicted)
        )
        cut = _(", which is cut off") if each.cut else ""
        both = (
            _(", both speak {overlap:.1f} s").format(overlap=each.overlap)
            if each.overlap >= LEAST_OVERLAP
            else ""
        )
        model = printable(each.model)
        remarks.append(
            (
                _("↯ interrupts {model} ({spoken:.1f}{of} s){cut}{both}").format(
                    model=model, spoken=each.spoken, of=of, cut=cut, both=both
                ),
                "warning",
            )
        )
    if turn.answer is None and turn.heard is not None:
        waited = (now if turn.gave_up is None else turn.gave_up) - turn.heard
        if turn.complete:
            remarks.append(
                (_("✕ no answer for {value:.0f} s").format(value=max(0.0, waited)), "bad")
            )
        else:
            remarks.append((_("… waiting {value:.0f} s").format(value=max(0.0, waited)), "dim"))
    return remarks


def _speech_rows(turn: Turn, speech: Speech, layout: TurnLayout) -> list[_Row]:
    """The text on the left, beside its first line the latency if it is the answer."""
    wide = layout.width >= 100
    beside = _latency(turn, layout, wide) if speech == turn.answer else []
    room = (_WIDE_LATENCY if wide else _NARROW_LATENCY) + 2 if beside else 1
    name_cells = _AGENT_INDENT + _NAME + 3
    text_cells = max(10, layout.width - name_cells - room)
    text, style = printable(speech.text) or _("(text unknown)"), ""
    if speech.voice is None:
        text, style = _("{text}  (no voice)").format(text=text), "dim"
    if speech.uncertain:
        text += _("  (or another text)")
    if speech.cut and speech.end is not None and speech.voice is not None:
        text += _("  ╳ cut off after {end:.1f} s").format(end=speech.end - speech.voice)
    rows: list[_Row] = []
    for index, line in enumerate(break_lines(text, text_cells)):
        name = pad(printable(speech.model), _NAME).rstrip() if not index else ""
        space = " " * (_AGENT_INDENT + _NAME - cell_len(name))
        row = [RowPart(f"{space}{name} ▏ ", "strong"), RowPart(line, style)]
        if not index and beside:
            row += [RowPart(" " * (text_cells - cell_len(line) + 2)), *beside]
        rows.append(row)
    return rows


def _latency(turn: Turn, layout: TurnLayout, wide: bool) -> list[RowPart]:
    seconds = turn.latency
    if seconds is None:
        return []
    style = latency_style(seconds, layout.limit)
    parts = [RowPart(f"{latency_bar(seconds, layout.limit)} {latency_text(seconds)}", style)]
    if wide and turn.deciding is not None and turn.synthesis is not None:
        split = _(" = {deciding:.2f} decided + {synthesis:.2f} voice").format(
            deciding=turn.deciding, synthesis=turn.synthesis
        )
        parts.append(RowPart(split, "dim"))
    return parts


def _note_rows(turn: Turn, layout: TurnLayout) -> list[_Row]:
    rows: list[_Row] = []
    indent = " " * (_AGENT_INDENT + _NAME + 1)
    others = [printable(note.text) for note in turn.notes if not note.is_error]
    if others:
        more = (
            _(" and {count} more").format(count=turn.notes_left_out) if turn.notes_left_out else ""
        )
        text = _("· motions: {others}{more}").format(others=", ".join(others), more=more)
        lines = break_lines(text, layout.width - len(indent) - 1)
        rows += [[RowPart(indent), RowPart(line, "dim")] for line in lines]
    for note in turn.notes:
        if note.is_error:
            for line in break_lines(f"! {printable(note.text)}", layout.width - len(indent) - 1):
                rows.append([RowPart(indent), RowPart(line, "bad")])
    return rows
