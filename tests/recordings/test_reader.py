"""Reading recordings: all events, faults for what is missing, and round trips."""

import random
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdxdash.events.encoding import json_line
from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.events.storage.block_events import BlockEvents
from mdxdash.recordings.file_format import (
    Gap,
    Header,
    Mark,
    gap_line,
    header_line,
    mark_line,
)
from mdxdash.recordings.importing.detection import RecordingError
from mdxdash.recordings.journal import Journal
from mdxdash.recordings.opening import open_recording
from mdxdash.recordings.reader import read_window
from tests.support.waiting import until

HEADER = header_line(Header("mdxdash", 1, "ws://localhost:9001/chat", "2026-11-23T04:31:05+09:00"))


def event(seq: int, kind: str = "received", time: float | None = None, **fields: Any) -> Event:
    when = 1e9 + seq / 1000 if time is None else time
    given = {"seq": seq, "time": when, "kind": kind, "agent": "chat", "type": "TEST", **fields}
    return msgspec.convert(given, Event)


def written(path: Path, lines: Iterable[Event | bytes], header: bytes = HEADER) -> Path:
    """A file of a header, events and raw lines."""
    body = b"".join(json_line(line) if isinstance(line, Event) else line for line in lines)
    path.write_bytes(header + body)
    return path


def read(path: Path) -> list[Event]:
    return [each for chunk in open_recording(path).read_chunks() for each in chunk]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "one.jsonl"


@pytest.fixture
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mdxdash.recordings.record_blocks.BLOCK", 500)


def test_what_a_journal_wrote_comes_back(path: Path) -> None:
    log = EventLog()
    with Journal(path, log):
        for seq in range(1, 5001):
            log.extend([event(seq, args=f"{seq}|こんにちは", size=seq, cut=seq % 7 == 0)])
    assert read(path) == list(log)


def test_the_header_is_read(path: Path) -> None:
    recording = open_recording(written(path, [event(1)]))
    assert recording.header.address == "ws://localhost:9001/chat"
    assert recording.header.started == "2026-11-23T04:31:05+09:00"


def test_a_newer_format_is_refused_with_what_to_do(path: Path) -> None:
    written(path, [event(1)], header=b'{"format":"mdxdash","version":3}\n')
    with pytest.raises(RecordingError, match=r"one\.jsonl.*version 3.*newer mdxdash"):
        open_recording(path)


def test_a_file_that_does_not_exist_is_reported(path: Path) -> None:
    with pytest.raises(RecordingError, match=r"one\.jsonl: No such file"):
        open_recording(path)


def test_an_unfinished_last_line_is_reported_with_its_number(path: Path) -> None:
    written(path, [event(1), event(2), json_line(event(3))[:-20]])
    recording = open_recording(path)
    *whole, fault = [each for chunk in recording.read_chunks() for each in chunk]
    assert [each.seq for each in whole] == [1, 2]
    assert fault.kind == "fault" and "line 4 " in fault.text
    assert [damage.line for damage in recording.damages] == [4]


@pytest.mark.usefixtures("_small_blocks")
def test_a_damaged_line_is_reported_and_costs_no_other(path: Path) -> None:
    events = [event(seq) for seq in range(1, 101)]
    lines: list[Event | bytes] = [*events[:60], b'{"seq":61,"ti\xff\n', *events[61:]]
    found = read(written(path, lines))
    assert found[:60] + found[61:] == events[:60] + events[61:]
    assert (found[60].seq, found[60].kind) == (61, "fault")
    assert "line 62 of the recording is damaged" in found[60].text


def test_lines_that_were_deleted_are_reported(path: Path) -> None:
    found = read(written(path, [event(1), event(2), event(7), event(8)]))
    assert [each.seq for each in found] == [1, 2, 3, 4, 5]
    assert found[2].text == "4 events are missing from the recording"


def test_a_gap_is_reported_once(path: Path) -> None:
    gap = gap_line(Gap(3, 6, "No space left on device"))
    found = read(written(path, [event(1), event(2), gap, event(7)]))
    assert [each.kind for each in found] == ["received", "received", "fault", "received"]
    assert found[2].text == "4 events were not recorded: No space left on device"


def test_an_export_through_a_filter_misses_nothing(path: Path) -> None:
    header = header_line(Header("mdxdash", 1, partial=True))
    found = read(written(path, [event(3), event(9), event(70, echo=9)], header))
    assert [(each.seq, each.echo) for each in found] == [(1, None), (2, None), (3, 2)]


def test_runs_in_one_file_are_one_sequence(path: Path) -> None:
    run = [event(1, "sent"), event(2, echo=1, round_trip=0.5)]
    found = read(written(path, [*run, HEADER, *run]))
    assert [(each.seq, each.echo) for each in found] == [(1, None), (2, 1), (3, None), (4, 3)]


def test_numbers_follow_over_what_is_missing(path: Path) -> None:
    gap = gap_line(Gap(2, 5, "x"))
    lines = [event(1), gap, event(6, "sent"), event(7, echo=6, round_trip=0.25), event(8, echo=3)]
    found = read(written(path, lines))
    assert [each.echo for each in found] == [None, None, None, 3, 0]
    assert found[2].round_trip == 0.25


@pytest.mark.usefixtures("_small_blocks")
def test_a_sent_event_gets_its_round_trip_back(path: Path) -> None:
    between = [event(seq) for seq in range(2, 60)]
    found = read(written(path, [event(1, "sent"), *between, event(60, echo=1, round_trip=0.02)]))
    assert found[0].round_trip == 0.02 and not found[0].lost


def test_without_an_echo_in_time_it_was_lost(path: Path) -> None:
    found = read(written(path, [event(1, "sent", 1e9), event(2, time=1e9 + 6)]))
    assert found[0].lost


def test_when_the_agent_went_it_was_lost(path: Path) -> None:
    found = read(written(path, [event(1, "sent"), event(2, "disconnected", type="")]))
    assert found[0].lost


@pytest.mark.parametrize(
    "rest",
    [
        [],
        [event(2, time=1e9 + 3)],
        [gap_line(Gap(2, 3, "full")), event(4, time=1e9 + 60)],
        [HEADER, event(1, time=1e9 + 60)],
    ],
    ids=["the end", "too soon", "a gap", "another run"],
)
def test_an_event_is_not_lost_where_its_echo_may_still_come(
    path: Path, rest: list[Event | bytes]
) -> None:
    found = read(written(path, [event(1, "sent", 1e9), *rest]))
    assert not found[0].lost


def test_what_is_not_echoed_is_not_lost(path: Path) -> None:
    sent = event(1, "sent", 1e9, type="__AV_START")
    assert not read(written(path, [sent, event(2, time=1e9 + 60)]))[0].lost


def test_marks_come_back(path: Path) -> None:
    marks = [mark_line(Mark(1, True)), mark_line(Mark(2, True)), mark_line(Mark(1, False))]
    recording = open_recording(written(path, [event(1), event(2), *marks]))
    for _ in recording.read_chunks():
        continue
    assert recording.marked == {2}


@pytest.mark.usefixtures("_small_blocks")
def test_a_window_shows_what_reading_all_showed(path: Path) -> None:
    random_ = random.Random(4)
    lines: list[Event | bytes] = []
    seq = 0
    for _ in range(400):
        seq += 1
        lines.append(event(seq, random_.choice(["sent", "received", "received"])))
        if random_.random() < 0.1 and seq > 3:
            lines[-1] = event(seq, echo=seq - 3, round_trip=0.1)
        if random_.random() < 0.05:
            lines += [gap_line(Gap(seq + 1, seq + 4, "x"))]
            seq += 4
        if random_.random() < 0.02:
            lines += [b"garbage\n"]
        if random_.random() < 0.01:
            lines += [HEADER]
            seq = 0
    recording = open_recording(written(path, lines))
    everything = [each for chunk in recording.read_chunks() for each in chunk]
    assert [each.seq for each in everything] == list(range(1, len(everything) + 1))
    for _ in range(50):
        start = random_.randrange(1, len(everything))
        stop = start + random_.randrange(100)
        assert recording.window(start, stop) == everything[start - 1 : stop - 1]


def test_the_running_session_reads_its_own_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mdxdash.recordings.journal._INDEX_STEP", 2000)
    log = EventLog(limit=10)
    with Journal(path, log) as journal:
        for seq in range(1, 2001):
            log.extend([event(seq)])
        until(lambda: journal.recorded == 2000)
        assert read_window(path, journal.index, 500, 700) == [event(n) for n in range(500, 700)]


def test_a_file_that_is_being_written_is_read_as_far_as_it_is_there(path: Path) -> None:
    log = EventLog()
    with Journal(path, log) as journal:
        log.extend([event(1)])
        until(lambda: journal.recorded == 1)
        with path.open("ab") as file:
            file.write(b'{"seq":2,"ti')
        recording = open_recording(path)
        assert [each for chunk in recording.read_chunks() for each in chunk] == [event(1)]
        assert recording.running and not recording.damages


def test_progress_is_in_bytes(path: Path) -> None:
    recording = open_recording(written(path, [event(1)]))
    list(recording.read_chunks())
    assert recording.position == recording.size == path.stat().st_size


OTHER_LINES = st.sampled_from(
    [
        *(
            "received",
            "new type",
            "echo",
            "sent",
            "disconnected",
            "log",
            "skip",
            "gap",
            "mark",
            "header",
        ),
        *("damaged", "blank", "unknown field", "other order", "again", "no number"),
    ]
)


def line_of(kind: str, seq: int) -> bytes:
    """A line of a recording, that of an event with this number unless it is of another kind."""
    match kind:
        case "received" | "skip" | "again":
            return json_line(event(seq, args=f"{seq}|あ", size=seq))
        case "new type":
            return json_line(event(seq, type=f"TEST_{seq % 5}"))
        case "echo":
            return json_line(event(seq, echo=max(1, seq - 3), round_trip=0.25))
        case "sent" | "disconnected" | "log":
            return json_line(event(seq, kind))
        case "gap":
            return gap_line(Gap(seq, seq + 1, "disk"))
        case "mark":
            return mark_line(Mark(max(1, seq - 2), True))
        case "header":
            return HEADER
        case "damaged":
            return b'{"seq":\xff\n'
        case "blank":
            return b" \n"
        case "unknown field":
            return json_line(event(seq)).replace(b"}", b',"later":[1]}')
        case "other order":
            return b'{"kind":"received","time":%d,"seq":%d}\n' % (seq, seq)
        case _:
            return b'{"seq":0,"time":1,"kind":"received"}\n'


@given(
    st.lists(st.tuples(st.integers(0, 12), OTHER_LINES), max_size=12),
    st.integers(100, 700),
    st.booleans(),
)
@settings(max_examples=100, deadline=None)
def test_columns_hold_what_the_events_one_by_one_are(
    runs: list[tuple[int, str]], block: int, torn: bool
) -> None:
    """Runs of received messages with another line behind each, cut into blocks anywhere."""
    kinds = [kind for count, other in runs for kind in (*("received",) * count, other)]
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr("mdxdash.recordings.record_blocks.BLOCK", block)
        patch.setattr("mdxdash.recordings.reader.BLOCK", block)
        seq, lines = 0, list[bytes]()
        for kind in kinds:
            seq += {"skip": 3, "gap": 2, "again": 0}.get(kind, 1)
            lines.append(line_of(kind, seq))
            seq = 0 if kind == "header" else seq
        if torn and lines:
            lines[-1] = lines[-1][:-9]
        path = written(Path(folder) / "one.jsonl", lines)
        alone, columns = open_recording(path), open_recording(path)
        events = [each for chunk in alone.read_chunks() for each in chunk]
        log = EventLog()
        for chunk in columns.read_chunks(columns=True):
            log.extend(chunk)
        assert list(log) == events
        assert (columns.damages, columns.damaged) == (alone.damages, alone.damaged)
        assert (columns.marked, columns.position) == (alone.marked, alone.position)
        for start in range(1, len(events), 7):
            assert columns.window(start, start + 9) == events[start - 1 : start + 8]


@pytest.mark.usefixtures("_small_blocks")
def test_most_of_a_recording_is_read_as_columns(path: Path) -> None:
    events = [event(seq) for seq in range(1, 101)]
    chunks = list(open_recording(written(path, events)).read_chunks(columns=True))
    assert sum(isinstance(chunk, BlockEvents) for chunk in chunks) > len(chunks) // 2
    assert [each for chunk in chunks for each in chunk] == events


@pytest.mark.usefixtures("_small_blocks")
def test_a_sent_event_waits_for_its_echo_behind_columns(path: Path) -> None:
    between = [event(seq) for seq in range(22, 80)]
    before = [event(seq) for seq in range(1, 21)]
    echo = event(80, echo=21, round_trip=0.02)
    lines = [*before, event(21, "sent"), *between, echo]
    found = open_recording(written(path, lines)).read_chunks(columns=True)
    events = [each for chunk in found for each in chunk]
    assert [each.seq for each in events] == list(range(1, 81))
    assert events[20].round_trip == 0.02
