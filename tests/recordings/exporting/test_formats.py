"""Exports: what a spreadsheet and mdxdash itself read from them."""

import csv
import io
from pathlib import Path

import msgspec
import pytest

from mdxdash.events.event import Event
from mdxdash.recordings.exporting.formats import EXPORTS
from mdxdash.recordings.opening import open_recording
from tests.support.exporting import EVENTS, HEADER, HOSTILE_EVENTS, exported
from tests.support.hostile_text import HARMLESS, active


def rows(events: list[Event]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(exported("csv", events).decode("utf-8-sig"))))


def test_json_lines_open_again_as_the_same_events(tmp_path: Path) -> None:
    path = tmp_path / "again.jsonl"
    path.write_bytes(exported("jsonl"))
    recording = open_recording(path)
    assert [event for chunk in recording.read_chunks() for event in chunk] == EVENTS
    assert recording.header.started == HEADER.started


def test_the_csv_begins_with_the_mark_that_a_spreadsheet_needs_for_japanese() -> None:
    assert exported("csv").startswith(b"\xef\xbb\xbfseq,time,kind,agent,type,args")


def test_the_csv_has_a_row_an_event() -> None:
    found = rows(EVENTS)
    assert [row["seq"] for row in found] == [str(event.seq) for event in EVENTS]
    assert found[1]["args"] == "こんにちは"
    assert found[2]["round_trip_ms"] == "12.3"
    assert found[4]["lost"] == "lost"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＠"])
def test_a_cell_that_a_spreadsheet_would_compute_is_text(start: str) -> None:
    event = Event(1, 1e9, "received", start, f"{start}cmd|' /C calc'!A0", f"{start}1", text=start)
    [row] = rows([event])
    for column in ("agent", "type", "args", "text"):
        assert row[column].startswith("'")


def test_no_cell_has_a_control_character() -> None:
    [row] = rows([EVENTS[5]])
    assert row["text"] == "two␊lines␛[31m"


def test_the_csv_shows_what_was_relayed() -> None:
    assert rows([Event(1, 1e9, "sent", "chat", "A", via="server")])[0]["via"] == "server"


def test_text_is_what_serve_prints() -> None:
    lines = exported("text").decode().splitlines()
    assert len(lines) == len(EVENTS)
    assert lines[1].endswith(" ← chat RECOG_EVENT_STOP|こんにちは")


@pytest.mark.parametrize("form", list(EXPORTS))
@pytest.mark.parametrize("time", [-1e300, 0.0, 1e300])
def test_a_time_that_no_calendar_has_stops_nothing(form: str, time: float) -> None:
    event = msgspec.structs.replace(EVENTS[1], time=time)
    assert "こんにちは" in exported(form, [event]).decode()


def test_in_text_nothing_of_hostile_events_is_left_to_obey() -> None:
    lines = exported("text", HOSTILE_EVENTS).decode().splitlines()
    assert len(lines) == len(HOSTILE_EVENTS)
    assert lines[0].endswith(f" ← {HARMLESS} {HARMLESS}|{HARMLESS}")
    assert not active("\n".join(lines))


def test_in_the_csv_nothing_of_hostile_events_is_computed_or_obeyed() -> None:
    text = exported("csv", HOSTILE_EVENTS).decode("utf-8-sig")
    assert not active(text.replace("\r\n", "\n"))
    for row in rows(HOSTILE_EVENTS):
        texts = {row[each] for each in ("agent", "type", "args", "text", "module", "level")}
        assert texts <= {"", f"'{HARMLESS}"}


def test_the_csv_has_every_field_and_leaves_out_what_does_not_apply() -> None:
    log = Event(
        7, 1e9, "log", "chat", "A", "b", "A|b", "VIManager", "Sent", "2026/11/22 19:48:26.306",
        ticks=5, size=9, cut=True, echo=3, round_trip=0.0123, by="tap",
    )  # fmt: skip
    first, second = rows([log, Event(8, 1e9, "fault")])
    del first["time"], second["time"]
    assert first == {
        **{"seq": "7", "kind": "log", "agent": "chat", "type": "A", "args": "b", "text": "A|b"},
        **{"module": "VIManager", "level": "Sent", "agent_time": "2026/11/22 19:48:26.306"},
        **{"ticks": "5", "size": "9", "cut": "cut", "echo": "3", "round_trip_ms": "12.3"},
        **{"lost": "", "via": "", "by": "tap"},
    }
    assert {name for name, value in second.items() if value} == {"seq", "kind"}
