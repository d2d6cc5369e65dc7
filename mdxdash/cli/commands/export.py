"""`mdxdash export`: a recording as a file for another program."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import msgspec

from mdxdash.cli.anonymous_events import event_hider
from mdxdash.cli.options import fail, read_filter
from mdxdash.cli.output.standard_output import write_json_text
from mdxdash.cli.recording_argument import read_events, recording_argument, report_damages
from mdxdash.events.event import Event
from mdxdash.events.spreadsheet import UTF8_MARK
from mdxdash.filters.filter import Filter
from mdxdash.language.translation import _
from mdxdash.recordings.exporting.formats import EXPORTS, FORMATS
from mdxdash.recordings.filtering import shows_echoes, without_echoes
from mdxdash.recordings.reader import Recording


@click.command(name="export")
@recording_argument
@click.option("--filter", "filter_text", default="", help="Export only these events.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(list(EXPORTS)),
    help="The format.  [default: by the ending of -o FILE, else jsonl]",
)
@click.option("--anonymous", "hides_words", is_flag=True, help="Only the length of users' words.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write to this file instead of stdout.",
)
def command(
    recording: Recording,
    filter_text: str,
    format_: str | None,
    hides_words: bool,
    output: Path | None,
) -> None:
    """Write a recording as JSON Lines, CSV, text, or a page of HTML.

    FILE is a recording, or other text that mdxdash opens; `-` is standard input.
    """
    filter_ = read_filter(filter_text)
    if format_ is None:
        format_ = FORMATS.get(output.suffix.lower(), "jsonl") if output else "jsonl"
    header = recording.header
    if not (recording.whole and filter_.is_empty):
        header = msgspec.structs.replace(header, partial=True)
    chosen = _chosen(recording, filter_, format_)
    if hides_words:
        hide = event_hider(recording)
        chosen = (list(map(hide, chunk)) for chunk in chosen)
    pieces = EXPORTS[format_](chosen, header)
    if output is None:
        for piece in pieces:
            if format_ == "jsonl":
                write_json_text(piece)
            else:
                # The mark is for spreadsheets that open a file.
                sys.stdout.buffer.write(piece.removeprefix(UTF8_MARK))
    else:
        _write(pieces, output, recording.path)
    report_damages(recording)


def _chosen(recording: Recording, filter_: Filter, format_: str) -> Iterator[Sequence[Event]]:
    chosen = read_events(recording, filter_)
    return chosen if shows_echoes(format_, filter_) else without_echoes(chosen)


def _write(pieces: Iterator[bytes], output: Path, source: Path) -> None:
    try:
        if output.exists() and output.samefile(source):
            fail(_("-o {output}: this is the recording itself").format(output=output))
        with output.open("wb") as file:
            file.writelines(pieces)
    except OSError as error:
        fail(f"{error.filename or output}: {error.strerror or error}")
