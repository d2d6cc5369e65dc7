"""Turns as text, JSON and CSV, one line each.

Latencies are in milliseconds in text and CSV, in seconds in JSON, as everywhere in mdxdash.
"""

from typing import Final

import msgspec

from mdxdash.dialogue.latencies import Durations, Latencies
from mdxdash.dialogue.turn import Interruption, Speech, Turn
from mdxdash.events.printable import cell_width, printable
from mdxdash.events.spreadsheet import cell, csv_rows
from mdxdash.events.text import clock, local_time
from mdxdash.language.translation import _, ngettext

HEAD: Final = "TIME          AGENT        ANSWER  DECIDED    VOICE    MOUTH  WHAT WAS SAID"
"""The line over those of `turn_line`."""

CSV_COLUMNS: Final = (
    "turn",
    "time",
    "agent",
    "words",
    "answer",
    "answer_ms",
    "decided_ms",
    "voice_ms",
    "mouth_ms",
    "unanswered",
    "unasked",
    "interrupted_ms",
    "overlap_ms",
    "cut",
)

_AGENT_CELLS: Final = 10


def milliseconds(seconds: float | None) -> str:
    """Returns a duration as `46 ms`; `-` without one."""
    return "-" if seconds is None else f"{seconds * 1000:,.0f} ms"


def interruption_text(interruption: Interruption) -> str:
    """Returns `interrupts gene (3.6 of 6.6 s), cut off`."""
    of = (
        ""
        if interruption.predicted is None
        else _(" of {predicted:.1f}").format(predicted=interruption.predicted)
    )
    cut = _(", cut off") if interruption.cut else ""
    return _("interrupts {model} ({spoken:.1f}{of} s){cut}").format(
        model=interruption.model, spoken=interruption.spoken, of=of, cut=cut
    )


def speech_text(speech: Speech) -> str:
    """Returns what a model said, with what is to be known of it: `gene: はい (cut off)`."""
    remarks = []
    if speech.voice is None:
        remarks.append(_("no voice"))
    if speech.cut:
        remarks.append(_("cut off"))
    if speech.uncertain:
        remarks.append(_("or another text"))
    said = f"{speech.model}: {speech.text}"
    return f"{said} ({', '.join(remarks)})" if remarks else said


def turn_text(turn: Turn) -> str:
    """Returns what was said in a turn."""
    words = _("(unasked)") if turn.words is None else turn.words
    remarks = [interruption_text(each) for each in turn.interruptions]
    if turn.unanswered:
        remarks.append(_("no answer"))
    if remarks:
        words += f" ({'; '.join(remarks)})"
    answer = " / ".join(map(speech_text, turn.speeches))
    return f"{words} → {answer}" if answer else words


def turn_line(turn: Turn) -> str:
    """Returns a turn as a printable line of text, without a newline, under `HEAD`."""
    agent = printable(turn.agent) or "-"
    agent += " " * (_AGENT_CELLS - cell_width(agent))
    durations = (turn.latency, turn.deciding, turn.synthesis, turn.lips)
    numbers = " ".join(f"{milliseconds(each):>8}" for each in durations)
    when = clock(turn.begin if turn.heard is None else turn.heard)
    return f"{when}  {agent} {numbers}  {printable(turn_text(turn))}"


def summary_rows(latencies: Latencies) -> list[tuple[str, ...]]:
    """Returns the rows of a table of latencies: which, how many, median, 95th percentile, longest.
    The first row is its head."""
    return [
        ("LATENCY", "COUNT", "MEDIAN", "P95", "LONGEST"),
        *(
            (
                name,
                f"{len(durations):,}",
                milliseconds(durations.quantile(0.5)),
                milliseconds(durations.quantile(0.95)),
                milliseconds(durations.longest),
            )
            for name, durations in latencies.parts
        ),
    ]


def summary_line(latencies: Latencies) -> str:
    """Returns the numbers of turns in words."""
    number = latencies.turns
    turns = ngettext("{number:,} turn", "{number:,} turns", number).format(number=number)
    interrupted = (
        _(", {interruptions:,} interrupted").format(interruptions=latencies.interruptions)
        if latencies.interruptions
        else ""
    )
    return _(
        "{turns}, {unanswered:,} unanswered{interrupted}; the agent spoke unasked {times}"
    ).format(
        turns=turns,
        unanswered=latencies.unanswered,
        interrupted=interrupted,
        times=ngettext("{unasked:,} time", "{unasked:,} times", latencies.unasked).format(
            unasked=latencies.unasked
        ),
    )


def turn_json(turn: Turn) -> bytes:
    """Returns a turn as a JSON object in UTF-8, without a newline."""
    return msgspec.json.encode(
        {
            **msgspec.to_builtins(turn),
            "answer": turn.text,
            "latency": _seconds(turn.latency),
            "deciding": _seconds(turn.deciding),
            "synthesis": _seconds(turn.synthesis),
            "lips": _seconds(turn.lips),
            "unasked": turn.unasked,
            "unanswered": turn.unanswered,
        }
    )


def summary_json(latencies: Latencies) -> dict[str, object]:
    """Returns the numbers of a session for JSON."""
    return {
        "turns": latencies.turns,
        "unanswered": latencies.unanswered,
        "unasked": latencies.unasked,
        "interrupted": latencies.interruptions,
        **{name: _durations_json(durations) for name, durations in latencies.parts},
    }


def turn_row(turn: Turn) -> bytes:
    """Returns a turn as a row of CSV, under `CSV_COLUMNS`."""
    interruption = turn.interruptions[0] if turn.interruptions else None
    when = local_time(turn.begin if turn.heard is None else turn.heard)
    return csv_rows(
        [
            (
                turn.number,
                when.isoformat(" ", "milliseconds"),
                cell(turn.agent),
                cell(turn.words or ""),
                cell(turn.text),
                *map(_csv_number, (turn.latency, turn.deciding, turn.synthesis, turn.lips)),
                "unanswered" if turn.unanswered else "",
                "unasked" if turn.unasked else "",
                _csv_number(interruption.spoken if interruption else None),
                _csv_number(interruption.overlap if interruption else None),
                "cut" if any(each.cut for each in turn.interruptions) else "",
            )
        ]
    )


def _seconds(seconds: float | None) -> float | None:
    """Returns seconds without the digits that a Unix time cannot hold."""
    return None if seconds is None else round(seconds, 6)


def _csv_number(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds * 1000:.1f}"


def _durations_json(durations: Durations) -> dict[str, object]:
    return {
        "count": len(durations),
        "median": _seconds(durations.quantile(0.5)),
        "p95": _seconds(durations.quantile(0.95)),
        "longest": _seconds(durations.longest),
    }
