"""Exports: what a spreadsheet, a browser and mdxdash itself read from them."""

import csv
import io
import re
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest

from mdxdash.events.event import Event
from mdxdash.recordings.exporting.formats import EXPORTS
from mdxdash.recordings.file_format import Header
from mdxdash.recordings.reader import open_recording
from tests.support.hostile_text import HARMLESS, HOSTILE, active

HEADER = Header("mdxdash", 1, "ws://localhost:9001/chat", "2026-11-23T04:31:05+09:00")
EVENTS = [
    Event(1, 1e9, "connected", "chat", text="127.0.0.1:5000 /chat"),
    Event(2, 1e9 + 1, "received", "chat", "RECOG_EVENT_STOP", "こんにちは", size=40),
    Event(3, 1e9 + 2, "sent", "chat", "TEST", "<b>&amp;</b>", round_trip=0.0123),
    Event(4, 1e9 + 2, "received", "chat", "TEST", "<b>&amp;</b>", echo=3, round_trip=0.0123),
    Event(5, 1e9 + 3, "sent", "chat", "TEST", "=1+1", lost=True),
    Event(6, 1e9 + 4, "log", "chat", text="two\nlines\x1b[31m", module="MMDAgent", level="Error"),
    Event(7, 1e9 + 5, "refused", "chat", "A", "b", text="W102 holds a newline"),
    Event(8, 1e9 + 86_400, "fault", "chat", text="\u202egone", cut=True),
]


def exported(form: str, events: list[Event] = EVENTS) -> bytes:
    """The file, from chunks of two events."""
    chunks = [events[start : start + 2] for start in range(0, len(events), 2)]
    return b"".join(EXPORTS[form](chunks, HEADER))


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


class Page(HTMLParser):
    """The rows of a page, each the texts of its cells; and all tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.classes: list[str] = []
        self.tags: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "tr":
            self.rows.append([])
            self.classes.append(dict(attrs)["class"] or "")
        elif tag == "td":
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data.strip("\n") if data == "\n" else data


def test_the_page_reads_as_the_stream_does() -> None:
    page = Page(exported("html").decode())
    said = [row[1:] for row in page.rows if len(row) > 1]
    assert said[1] == ["←", "chat", "RECOG_EVENT_STOP", "こんにちは", ""]
    assert said[2] == ["→", "chat", "TEST", "<b>&amp;</b>", "✓ 12 ms"]
    assert said[4] == ["→", "chat", "TEST", "=1+1", "no echo"]
    assert said[5] == ["·", "chat", "MMDAgent: Error", "two\nlines␛[31m", ""]
    assert said[7] == ["!", "chat", "", "<U+202E>gone", "cut"]


@pytest.mark.parametrize(
    ("kind", "sign", "words"),
    [("received", "⇐", "agent → server"), ("sent", "⇒", "server → agent")],
)
def test_the_page_tells_what_passed_through_a_relay(kind: str, sign: str, words: str) -> None:
    event = Event(1, 1e9, kind, "chat", "A", via="server")  # type: ignore[arg-type]
    assert f'title="{words}">{sign}<' in exported("html", [event]).decode()


def test_the_csv_tells_what_passed_through_a_relay() -> None:
    assert rows([Event(1, 1e9, "sent", "chat", "A", via="server")])[0]["via"] == "server"


def test_the_page_names_each_day_once() -> None:
    page = Page(exported("html").decode())
    assert page.classes.count("day") == 2


def test_the_page_needs_nothing_but_itself() -> None:
    text = exported("html").decode()
    assert not re.search(r"https?:|src=|href=|url\(", text)
    assert Page(text).tags <= {
        *("html", "head", "meta", "title", "style", "body", "h1", "small"),
        *("table", "tbody", "tr", "td"),
    }


def test_text_is_what_serve_prints() -> None:
    lines = exported("text").decode().splitlines()
    assert len(lines) == len(EVENTS)
    assert lines[1].endswith(" ← chat RECOG_EVENT_STOP|こんにちは")


@pytest.mark.parametrize("form", list(EXPORTS))
@pytest.mark.parametrize("time", [-1e300, 0.0, 1e300])
def test_a_time_that_no_calendar_has_stops_nothing(form: str, time: float) -> None:
    event = msgspec.structs.replace(EVENTS[1], time=time)
    assert "こんにちは" in exported(form, [event]).decode()


EVIL = [
    Event(1, 1e9, "received", HOSTILE, HOSTILE, HOSTILE, size=9),
    Event(2, 1e9, "sent", HOSTILE, HOSTILE, HOSTILE, via="server"),
    Event(3, 1e9, "refused", HOSTILE, HOSTILE, HOSTILE, text=HOSTILE),
    Event(4, 1e9, "fault", HOSTILE, text=HOSTILE),
    Event(
        5,
        1e9,
        "log",
        HOSTILE,
        text=HOSTILE,
        module=HOSTILE,
        level=HOSTILE,
        agent_time=HOSTILE,
    ),
]


def test_in_text_nothing_of_hostile_events_is_left_to_obey() -> None:
    lines = exported("text", EVIL).decode().splitlines()
    assert len(lines) == len(EVIL)
    assert lines[0].endswith(f" ← {HARMLESS} {HARMLESS}|{HARMLESS}")
    assert not active("\n".join(lines))


def test_on_the_page_nothing_of_hostile_events_is_markup_or_obeyed() -> None:
    text = exported("html", EVIL).decode()
    page = Page(text)
    assert page.tags == Page(exported("html").decode()).tags
    assert page.rows[1][1:] == ["←", HARMLESS, HARMLESS, HARMLESS, ""]
    assert not active(text)


def test_in_the_csv_nothing_of_hostile_events_is_computed_or_obeyed() -> None:
    text = exported("csv", EVIL).decode("utf-8-sig")
    assert not active(text.replace("\r\n", "\n"))
    for row in rows(EVIL):
        told = {row[each] for each in ("agent", "type", "args", "text", "module", "level")}
        assert told <= {"", f"'{HARMLESS}"}
