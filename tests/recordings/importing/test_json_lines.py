"""Importing JSON Lines."""

import pytest

from mdxdash.events.encoding import json_line, json_lines
from mdxdash.events.event import Event
from mdxdash.recordings.file_format import (
    Gap,
    Header,
    Mark,
    gap_line,
    header_line,
    mark_line,
)
from mdxdash.recordings.importing.input_format import Damage
from mdxdash.recordings.importing.json_lines import JsonLines

HEADER = Header("mdxdash", 1, "ws://localhost:9001/chat")
EVENTS = [Event(seq, 1e9 + seq, "received", "chat", "A", "日本") for seq in (1, 2, 3)]


def test_events_come_as_they_were_written() -> None:
    assert JsonLines(HEADER).parse(json_lines(EVENTS)) == (EVENTS, [])


def test_other_lines_come_with_the_index_of_the_event_after_them() -> None:
    gap, mark = Gap(2, 3, "x"), Mark(1, True)
    lines = (
        header_line(HEADER)
        + json_line(EVENTS[0])
        + gap_line(gap)
        + mark_line(mark)
        + json_line(EVENTS[1])
    )
    assert JsonLines(HEADER).parse(lines) == (EVENTS[:2], [(0, HEADER), (1, gap), (1, mark)])


def test_a_damaged_line_costs_no_other() -> None:
    lines = json_line(EVENTS[0]) + b'{"seq":2,\xff\n' + json_line(EVENTS[2])
    events, [(before, damage)] = JsonLines(HEADER).parse(lines)
    assert events == [EVENTS[0], EVENTS[2]]
    assert before == 1
    assert isinstance(damage, Damage)
    assert damage.line == 2
    assert damage.reason


def test_empty_lines_are_no_damage_and_count() -> None:
    events, others = JsonLines(HEADER).parse(b"\n  \r\n" + json_line(EVENTS[0]) + b"\nbad\n")
    assert events == EVENTS[:1]
    assert [(before, other.line) for before, other in others if isinstance(other, Damage)] == [
        (1, 5)
    ]


def test_an_unfinished_last_line_is_a_damage_with_this_reason() -> None:
    lines = json_line(EVENTS[0]) + json_line(EVENTS[1])[:-9]
    events, others = JsonLines(HEADER).parse(lines)
    assert events == EVENTS[:1]
    assert others == [(1, Damage(2, "it was not finished when the writing stopped"))]


def test_a_last_line_without_its_newline_is_an_event() -> None:
    lines = b"bad\n" + json_line(EVENTS[0]).rstrip(b"\n")
    events, [(_, damage)] = JsonLines(HEADER).parse(lines)
    assert events == EVENTS[:1]
    assert isinstance(damage, Damage)
    assert damage.line == 1


def test_fields_of_a_newer_version_are_left_out() -> None:
    line = b'{"seq":1,"time":1000000001.0,"kind":"fault","colour":"red"}\n'
    assert JsonLines(HEADER).parse(line).events == [Event(1, 1e9 + 1, "fault")]


def test_whole_records_end_with_a_line() -> None:
    format_ = JsonLines(HEADER)
    assert [format_.whole(data) for data in (b"", b"{", b"{}\n", b"{}\n{")] == [0, 0, 3, 3]


@pytest.mark.parametrize(
    "line",
    [
        b'{"seq":1,"time":1e300,"kind":"log"}',
        b'{"seq":1,"time":-1e300,"kind":"log"}',
        b'{"seq":1,"time":1,"kind":"sent","round_trip":1e300}',
    ],
)
def test_a_time_that_no_calendar_has_is_a_damage(line: bytes) -> None:
    parsed = JsonLines(Header()).parse(line + b'\n{"seq":2,"time":1,"kind":"log"}\n')
    assert [event.seq for event in parsed.events] == [2]
    assert [type(other) for _, other in parsed.others] == [Damage]
