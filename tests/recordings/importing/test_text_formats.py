"""Importing text: detected by its content, with nothing lost."""

import os
from datetime import datetime
from pathlib import Path

import msgspec
import pytest

from mdxdash.events.event import Event
from mdxdash.events.text import text_line
from mdxdash.recordings.importing.detection import RecordingError
from mdxdash.recordings.opening import open_recording
from tests.support.recorded import RECORDINGS

LOG = """\
[2026/11/22 19:48:26.306] [8303071] VIManager: Captured: TEST_MESSAGE

[2026/11/22 19:48:26.307] [8303072] Variables: Sent: VALUE_EVENT_SET|名前

[2026/11/22 19:48:26.400] [8303080] MMDAgent: Warning: first line
second line
[not a head] third line

[2026/11/22 19:48:27.000] [8303100] MMDAgent: Status: done
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "some.txt"


def read(path: Path, data: bytes | None = None) -> list[Event]:
    if data is not None:
        path.write_bytes(data)
        os.utime(path, (1e9, 1e9))
    return [event for chunk in open_recording(path).read_chunks() for event in chunk]


def test_message_lines_are_received_messages(path: Path) -> None:
    found = read(path, "RECOG_EVENT_STOP|こんにちは\n\nTEST_MESSAGE\r\nA|b|".encode())
    assert [(each.kind, each.type, each.args) for each in found] == [
        ("received", "RECOG_EVENT_STOP", "こんにちは"),
        ("received", "TEST_MESSAGE", ""),
        ("received", "A", "b|"),
    ]
    assert [each.seq for each in found] == [1, 2, 3]
    assert {each.time for each in found} == {1e9}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_agents_log_file_opens_with_its_texts_of_several_lines(
    path: Path, encoding: str, end: str
) -> None:
    found = read(path, LOG.replace("\n", end).encode(encoding))
    assert [(each.module, each.level, each.type, each.args) for each in found] == [
        ("VIManager", "Captured", "TEST_MESSAGE", ""),
        ("Variables", "Sent", "VALUE_EVENT_SET", "名前"),
        ("MMDAgent", "Warning", "", ""),
        ("MMDAgent", "Status", "", ""),
    ]
    assert found[2].text == "first line\nsecond line\n[not a head] third line"
    assert found[0].time == datetime(2026, 11, 22, 19, 48, 26, 306000).timestamp()
    assert (found[0].agent_time, found[0].ticks) == ("2026/11/22 19:48:26.306", 8303071)


def test_shift_jis_is_detected_also_when_it_comes_late(path: Path) -> None:
    late = "X|日本|ソ\n".encode("cp932")
    assert read(path, b"A|1\n" * 20_000 + late)[-1].args == "日本|ソ"


def test_a_log_longer_than_a_block_loses_no_line(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mdxdash.recordings.record_blocks.BLOCK", 100)
    found = read(path, LOG.encode())
    assert [each.level for each in found] == ["Captured", "Sent", "Warning", "Status"]


def test_a_log_that_begins_inside_a_line_is_reported_as_damaged(path: Path) -> None:
    found = read(path, b"d of a line\n" + LOG.encode())
    assert found[0].kind == "fault" and len(found) == 5


SHOWN = [
    Event(0, 1e9 + 0.25, "connected", "chat", text="127.0.0.1:5000 /chat"),
    Event(0, 1e9 + 0.25, "received", "chat", "RECOG_EVENT_STOP", "こんにちは"),
    Event(0, 1e9 + 0.25, "received", "chat#2", "A", "b|", cut=True),
    Event(0, 1e9 + 0.25, "received", "chat", "TEST", "", echo=0),
    Event(0, 1e9 + 0.25, "sent", "chat", "TEST", "1", round_trip=0.012),
    Event(0, 1e9 + 0.25, "sent", "chat", "TEST", "1", lost=True),
    Event(0, 1e9 + 0.25, "refused", "", "A", "b", text="W102 holds a newline"),
    Event(0, 1e9 + 0.25, "refused", text="connection from 10.0.0.1:5: plain HTTP"),
    Event(0, 1e9 + 0.25, "fault", "chat", text="no sign of life for 60 s"),
    Event(0, 1e9, "log", "chat", text="two\nlines", module="MMDAgent", level="Warning"),
    Event(0, 1e9, "log", "chat", "A", "b", text="A|b", module="VIManager", level="Captured"),
    Event(0, 1e9 + 0.25, "disconnected", "chat", text="connection lost"),
    Event(0, 1e9 + 0.25, "received", "chat", "A", "b", via="server"),
    Event(0, 1e9 + 0.25, "sent", "chat", "A", "b", via="server"),
    Event(0, 1e9 + 0.25, "disconnected", "chat", text="server ws://a:1/", via="server"),
]


@pytest.mark.parametrize("event", SHOWN, ids=lambda event: event.kind)
def test_a_printed_line_comes_back_as_its_event(path: Path, event: Event) -> None:
    found = read(path, (text_line(event) + "\n").encode())
    assert found == [msgspec.structs.replace(event, seq=1)]


def test_other_lines_between_printed_lines_are_reported(path: Path) -> None:
    lines = [text_line(SHOWN[0]), "listening on ws://localhost:9001/chat", text_line(SHOWN[1])]
    assert [each.kind for each in read(path, "\n".join(lines).encode())] == [
        "connected",
        "fault",
        "received",
    ]


def test_what_serve_prints_as_json_opens(path: Path) -> None:
    data = b'{"seq":7,"time":1.5,"kind":"received","type":"A"}\n{"seq":9,"time":2,"kind":"fault"}\n'
    assert [(each.seq, each.kind) for each in read(path, data)] == [(1, "received"), (2, "fault")]


@pytest.mark.parametrize(
    ("name", "kind", "count"),
    [
        ("messages.jsonl", "received", 277),
        ("alllog.jsonl", "log", 555),
        ("messages.sent.jsonl", "sent", 121),
        ("alllog.sent.jsonl", "sent", 121),
    ],
)
def test_frames_with_their_times_open(name: str, kind: str, count: int) -> None:
    found = read(RECORDINGS / name)
    assert {each.kind for each in found} == {kind}
    assert len(found) == count
    assert 60 < found[-1].time - found[0].time < 90


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "nothing in it"),
        ("A|b\n".encode("utf-16"), "UTF-16"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "no text"),
        (b"Dear diary,\ntoday it rained.\n", "neither a recording"),
        (b'{"name": "package"}\n', "neither a recording"),
        (b"[1, 2]\n{}\n", "neither a recording"),
    ],
)
def test_what_is_none_of_these_is_refused_with_the_reason(
    path: Path, data: bytes, why: str
) -> None:
    with pytest.raises(RecordingError, match=why):
        read(path, data)


def test_damaged_lines_have_their_numbers(path: Path) -> None:
    printed = text_line(SHOWN[0])
    path.write_text(f"{printed}\nnone\n\n{printed}\nnone\n", encoding="utf-8")
    recording = open_recording(path)
    list(recording.read_chunks())
    assert [damage.line for damage in recording.damages] == [2, 5]
    path.write_text('{"t":1,"text":"A|b"}\n{"t":"x"}\n\n{"t":\n', encoding="utf-8")
    recording = open_recording(path)
    list(recording.read_chunks())
    assert [damage.position for damage in recording.damages] == ["2-4"]


def test_junk_before_the_first_log_line_is_reported_at_the_time_of_that_line(path: Path) -> None:
    fault, first, *_ = read(path, b"junk\n" + LOG.encode())
    assert fault.text.startswith("line 1 of the recording is damaged")
    assert fault.time == first.time


@pytest.mark.parametrize("digits", [400, 5_000])
def test_numbers_that_are_too_long_cost_only_their_own_mark_or_record(
    path: Path, digits: int
) -> None:
    nines = "9" * digits
    log = f"[2026/11/22 19:48:26.306] [{nines}] A: Sent: B\n\n" + LOG
    assert [event.kind for event in read(path, log.encode())] == ["fault"] + ["log"] * 4
    line = f"2026-11-22 19:48:26.306 → chat A|b  [✓ {nines} ms]\n"
    (event,) = read(path, line.encode())
    assert (event.type, event.round_trip) == ("A", None)
    assert nines in event.args
