"""Imports JSON Lines: a recording, an export of one, or what `serve --format jsonl` prints."""

from typing import Final

import msgspec

from mdxdash.events.event import Event
from mdxdash.language.translation import N_
from mdxdash.recordings.file_format import Gap, GapLine, Header, Mark, MarkLine
from mdxdash.recordings.importing.input_format import (
    RECORD_MAX,
    UNREADABLE,
    Damage,
    Parsed,
    whole_lines,
)

_events: Final = msgspec.json.Decoder(Event)
_headers: Final = msgspec.json.Decoder(Header)
_gaps: Final = msgspec.json.Decoder(GapLine)
_marks: Final = msgspec.json.Decoder(MarkLine)


class JsonLines:
    """The format of a recording: a JSON object for each event."""

    def __init__(self, header: Header) -> None:
        self.header = header

    def whole(self, data: bytes | bytearray, looked: int = 0) -> int:
        return whole_lines(data, looked)

    def parse(self, data: bytes) -> Parsed:
        try:
            # All lines in one call take a third of the time of a call for each line.
            return Parsed(_events.decode_lines(data), [])
        except UNREADABLE:
            return _line_by_line(data)


def _line_by_line(data: bytes) -> Parsed:
    parsed = Parsed([], [])
    *whole, torn = data.split(b"\n")
    for number, line in enumerate(whole, start=1):
        if line.strip():
            _add(parsed, _read(line, number))
    if torn.strip():
        found = _read(torn, len(whole) + 1)
        if isinstance(found, Damage):
            found = Damage(found.line, _torn_reason(torn))
        _add(parsed, found)
    return parsed


def _torn_reason(torn: bytes) -> str:
    if len(torn) > RECORD_MAX:
        return N_("it is longer than {limit} MiB").format(limit=RECORD_MAX // 2**20)
    return N_("it was not finished when the writing stopped")


def _add(parsed: Parsed, found: Event | Header | Gap | Mark | Damage) -> None:
    if isinstance(found, Event):
        parsed.events.append(found)
    elif isinstance(found, Damage):
        parsed.add_damage(found.line, found.reason)
    else:
        parsed.others.append((len(parsed.events), found))


def _read(line: bytes, number: int) -> Event | Header | Gap | Mark | Damage:
    try:
        if line.startswith(b'{"gap"'):
            return _gaps.decode(line).gap
        if line.startswith(b'{"mark"'):
            return _marks.decode(line).mark
        if line.startswith(b'{"format"'):
            return _headers.decode(line)
        return _events.decode(line)
    except UNREADABLE as error:
        return Damage(number, str(error))
