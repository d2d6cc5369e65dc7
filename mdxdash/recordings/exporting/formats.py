"""Exports events as JSON Lines, CSV for a spreadsheet, text, or one page of HTML.

Each function takes chunks of events and yields pieces of the file, so that the largest recording
needs little memory.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

import msgspec

from mdxdash.events.encoding import json_lines
from mdxdash.events.event import Event
from mdxdash.events.spreadsheet import UTF8_MARK, cell, csv_rows
from mdxdash.events.text import local_time, text_line
from mdxdash.recordings.file_format import VERSION, Header, header_line
from mdxdash.version import __version__

Chunks = Iterable[Sequence[Event]]
Export = Callable[[Chunks, Header], Iterator[bytes]]

_COLUMNS: Final = (
    "seq",
    "time",
    "kind",
    "agent",
    "type",
    "args",
    "text",
    "module",
    "level",
    "agent_time",
    "ticks",
    "size",
    "cut",
    "echo",
    "round_trip_ms",
    "lost",
    "via",
    "by",
)


def jsonl_pieces(chunks: Chunks, header: Header) -> Iterator[bytes]:
    """Yields a recording, with each acknowledgement in its sent event."""
    yield header_line(
        msgspec.structs.replace(header, format="mdxdash", version=VERSION, mdxdash=__version__)
    )
    for chunk in chunks:
        yield json_lines(chunk)


def csv_pieces(chunks: Chunks, header: Header) -> Iterator[bytes]:
    """Yields a row for each event, under its field names; times are local, round trips in ms."""
    yield UTF8_MARK + csv_rows([_COLUMNS])
    for chunk in chunks:
        yield csv_rows(map(_row, chunk))


def text_pieces(chunks: Chunks, header: Header) -> Iterator[bytes]:
    """Yields a line for each event, as `serve --format text` prints it."""
    for chunk in chunks:
        yield "".join(text_line(event) + "\n" for event in chunk).encode("utf-8", "replace")


def html_pieces(chunks: Chunks, header: Header) -> Iterator[bytes]:
    """Yields a page of HTML that looks like the stream."""
    from mdxdash.recordings.exporting import html  # noqa: PLC0415  its library takes 20 ms to load

    return html.html_pieces(chunks, header)


EXPORTS: Final[dict[str, Export]] = {
    "jsonl": jsonl_pieces,
    "csv": csv_pieces,
    "text": text_pieces,
    "html": html_pieces,
}
"""The exports by the name of their format."""

FORMATS: Final = {
    ".jsonl": "jsonl",
    ".csv": "csv",
    ".html": "html",
    ".htm": "html",
    ".txt": "text",
    ".log": "text",
}
"""The format for the suffix of a file's name."""


def _row(event: Event) -> tuple[object, ...]:
    trip = event.round_trip
    return (
        event.seq,
        local_time(event.time).isoformat(" ", "milliseconds"),
        event.kind,
        cell(event.agent),
        cell(event.type),
        cell(event.args),
        cell(event.text),
        cell(event.module),
        cell(event.level),
        cell(event.agent_time),
        event.ticks or "",
        event.size or "",
        "cut" if event.cut else "",
        event.echo or "",
        "" if trip is None else f"{trip * 1000:.1f}",
        "lost" if event.lost else "",
        event.via,
        event.by,
    )
