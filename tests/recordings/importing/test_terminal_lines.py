"""Lines that programs print: a time, a direction, or both in front of the message."""

import os
from datetime import datetime
from pathlib import Path

import pytest

from mdxdash.events.event import Event
from mdxdash.recordings.importing.terminal_lines import TerminalLines, is_terminal_line
from mdxdash.recordings.opening import open_recording
from tests.support.recorded import FOREIGN

NOON = datetime(2026, 11, 22, 12).timestamp()


def read(text: str, time: float = NOON) -> list[Event]:
    return TerminalLines(("utf-8",), time).parse(text.encode()).events


def short(event: Event) -> tuple[str, str, str]:
    return event.kind, event.type, event.args


def test_the_output_of_the_documented_sample_server_is_received_messages() -> None:
    recording = open_recording(FOREIGN / "sample-server.txt")
    events = [event for chunk in recording.read_chunks() for event in chunk]
    assert short(events[1]) == ("received", "PLUGIN_EVENT_ENABLE", "Variables")
    assert [event.kind for event in events] == ["connected"] + ["received"] * 30
    assert not any(event.cut for event in events)
    assert recording.damaged == 0


def test_a_session_of_wscat_in_a_terminal_has_both_directions() -> None:
    recording = open_recording(FOREIGN / "wscat.typescript")
    events = [event for chunk in recording.read_chunks() for event in chunk]
    assert short(events[1]) == ("received", "PLUGIN_EVENT_ENABLE", "Variables")
    assert [short(event) for event in events if event.kind == "sent"] == [
        ("sent", "TEST_MESSAGE", "x")
    ]
    assert (events[0].text, events[-1].kind) == ("Client connected", "disconnected")
    assert recording.damaged == 0


@pytest.mark.parametrize(
    ("line", "when"),
    [
        ("2026-11-22T10:00:01.5+00:00 A|b", 1795341601.5),
        ("2026-11-22T19:00:01.5+0900 A|b", 1795341601.5),
        ("[2026-11-22T10:00:01.500Z] A|b", 1795341601.5),
        ("2026-11-22 11:00:01,250: A|b", NOON - 3598.75),
        ("2026/11/22 11:00:01 A|b", NOON - 3599),
        ("11:00:01.25 A|b", NOON - 3598.75),
        ("[11:00:01]\tA|b", NOON - 3599),
        ("11:00:01 | < A|b", NOON - 3599),
        ("23:00:00 A|b", NOON - 13 * 3600),
        ("25:00:00 A|b", NOON),
    ],
)
def test_a_time_in_front_is_the_time_of_the_event(line: str, when: float) -> None:
    (event,) = read(line)
    assert short(event) == ("received", "A", "b")
    assert event.time == pytest.approx(when)


def test_a_log_line_that_a_sample_server_printed_is_a_log_line() -> None:
    (event,) = read(
        "Received message: [2026/11/22 19:48:26.306] [8303071] VIManager: Captured: TEST\n\n"
    )
    assert (event.kind, event.module, event.type) == ("log", "VIManager", "TEST")


def test_arrows_and_signs_give_the_direction() -> None:
    assert [short(event) for event in read("< A|b\n> C|d\n<- E\n-> F\n> < G|h\n> \n")] == [
        ("received", "A", "b"),
        ("sent", "C", "d"),
        ("received", "E", ""),
        ("sent", "F", ""),
        ("received", "G", "h"),
    ]


def test_other_lines_are_counted_with_their_numbers() -> None:
    parsed = TerminalLines(("utf-8",), NOON).parse(b"< A\nno message\n\nat all\n< B\nstop it\n")
    damages = [damage.position for _, damage in parsed.others]  # type: ignore[union-attr]
    assert damages == ["2-4", "6"]


@pytest.mark.parametrize("line", ["", "A|b", "a sentence", "> quoted", "12:00:00 starting up", "<"])
def test_other_text_is_not_detected(line: str) -> None:
    assert not is_terminal_line(line)


def test_a_time_without_a_date_is_before_the_file_was_written(tmp_path: Path) -> None:
    path = tmp_path / "some.log"
    path.write_bytes(b"23:59:59 A\n00:00:01 B\n")
    midnight = datetime(2026, 11, 22).timestamp()
    os.utime(path, (midnight + 2, midnight + 2))
    events = [event for chunk in open_recording(path).read_chunks() for event in chunk]
    assert [event.time for event in events] == [midnight - 1, midnight + 1]
