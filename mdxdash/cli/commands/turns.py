"""`mdxdash turns`: the turns of a recording, with how long the user waited in each."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from mdxdash.cli.anonymous_events import event_hider
from mdxdash.cli.options import fail, read_filter
from mdxdash.cli.output.standard_output import NEWLINE, show, write_json, write_json_text
from mdxdash.cli.output.text_table import table
from mdxdash.cli.recorded_turns import turns_of
from mdxdash.cli.recording_argument import read_events, recording_argument, report_damages
from mdxdash.dialogue.annotations.tiers import AnnotationError, Annotations, annotate
from mdxdash.dialogue.annotations.webvtt import webvtt_bytes
from mdxdash.dialogue.interval import Interval
from mdxdash.dialogue.latencies import Latencies
from mdxdash.dialogue.tracker import Dialogue
from mdxdash.dialogue.turn import Turn
from mdxdash.dialogue.turn_formats import (
    CSV_COLUMNS,
    HEAD,
    summary_json,
    summary_line,
    summary_rows,
    turn_json,
    turn_line,
    turn_row,
)
from mdxdash.events.spreadsheet import UTF8_MARK, csv_rows
from mdxdash.filters.filter import EMPTY
from mdxdash.language.translation import _
from mdxdash.recordings.reader import Recording
from mdxdash.settings.extras import install_hint

ANNOTATIONS: Final = ("textgrid", "eaf", "vtt")
"""The formats for other tools, which hold intervals instead of turns."""

SUFFIXES: Final = {
    ".jsonl": "jsonl",
    ".csv": "csv",
    ".textgrid": "textgrid",
    ".eaf": "eaf",
    ".vtt": "vtt",
}
"""The format for the ending of a file's name, in lower case."""


@click.command(name="turns")
@recording_argument
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "jsonl", "csv", *ANNOTATIONS]),
    help="The format.  [default: by the ending of -o FILE, else table]",
)
@click.option("--filter", "filter_text", default="", help="Only turns with one of these events.")
@click.option("--anonymous", "hides_words", is_flag=True, help="Only the length of users' words.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write to this file instead of stdout.",
)
def command(
    recording: Recording,
    format_: str | None,
    filter_text: str,
    hides_words: bool,
    output: Path | None,
) -> None:
    """Show the turns of a recording: what was said, and how long the user waited.

    ANSWER is the time from the end of the user's words to the voice. It is DECIDED, the time until
    the script or a server has decided what to say, and VOICE, the time from there to the voice.
    MOUTH is the time from the voice to the moving mouth.

    The formats textgrid (Praat), eaf (ELAN) and vtt (subtitles) have all intervals of a dialogue,
    or what was said, as annotations.

    FILE is a recording, or other text that mdxdash opens; `-` is standard input.
    """
    if format_ is None:
        format_ = SUFFIXES.get(output.suffix.lower(), "table") if output else "table"
    if format_ in ANNOTATIONS:
        if filter_text:
            fail(_("--filter: --format {format} has intervals, not turns").format(format=format_))
        try:
            encoded = _encode(format_, _annotations(recording, hides_words))
        except AnnotationError as error:
            fail(str(error))
        _write([encoded], output, recording.path)
    else:
        turns = turns_of(recording, read_filter(filter_text), hides_words=hides_words)
        if output is not None or format_ == "csv":
            _write(_lines(turns, format_), output, recording.path)
        else:
            _show(turns, format_)
    report_damages(recording)


def _show(turns: Iterator[Turn], format_: str) -> None:
    latencies = Latencies()
    if format_ == "table":
        show(HEAD)
    for turn in turns:
        latencies.add(turn)
        if format_ == "table":
            show(turn_line(turn))
        else:
            write_json_text(turn_json(turn) + NEWLINE)
    if format_ == "table":
        heads, *rows = summary_rows(latencies)
        show(f"\n{summary_line(latencies)}\n\n{table(heads, rows)}")
    else:
        write_json({"summary": summary_json(latencies)})


def _lines(turns: Iterator[Turn], format_: str) -> Iterator[bytes]:
    if format_ == "csv":
        yield UTF8_MARK + csv_rows([CSV_COLUMNS])
        yield from map(turn_row, turns)
    elif format_ == "jsonl":
        yield from (turn_json(turn) + NEWLINE for turn in turns)
    else:
        yield from (f"{line}\n".encode() for line in (HEAD, *map(turn_line, turns)))


def _annotations(recording: Recording, hides_words: bool) -> Annotations:
    intervals: dict[int, Interval] = {}
    dialogue = Dialogue(on_interval=lambda each: intervals.__setitem__(each.number, each))
    first: float | None = None
    last = 0.0
    hide = event_hider(recording) if hides_words else None
    for chunk in read_events(recording, EMPTY):
        for event in chunk:
            first = event.time if first is None else min(first, event.time)
            last = max(last, event.time)
            dialogue.add(hide(event) if hide is not None else event)
    return annotate(intervals.values(), first or 0.0, last)


def _encode(format_: str, annotations: Annotations) -> bytes:
    if format_ == "vtt":
        return webvtt_bytes(annotations)
    try:
        # An optional extra each.
        if format_ == "eaf":
            from mdxdash.dialogue.annotations.eaf import eaf_bytes  # noqa: PLC0415

            return eaf_bytes(annotations)
        from mdxdash.dialogue.annotations.textgrid import textgrid_bytes  # noqa: PLC0415

        return textgrid_bytes(annotations)
    except ImportError:
        fail(
            _("--format {format} needs a library: {install}").format(
                format=format_, install=install_hint("annotations")
            )
        )


def _write(pieces: Iterator[bytes] | list[bytes], output: Path | None, source: Path) -> None:
    if output is None:
        for piece in pieces:
            # The mark is for spreadsheets that open a file.
            sys.stdout.buffer.write(piece.removeprefix(UTF8_MARK))
        return
    try:
        if output.exists() and output.samefile(source):
            fail(_("-o {output}: this is the recording itself").format(output=output))
        with output.open("wb") as file:
            file.writelines(pieces)
    except OSError as error:
        fail(f"{error.filename or output}: {error.strerror or error}")
