"""What a view shows as a file, from the recording and from memory."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from mdxdash.events.event import Event, Kind
from mdxdash.events.log import EventLog, Older
from mdxdash.filters.filter import parse
from mdxdash.filters.view import View
from mdxdash.recordings.exporting.view_export import (
    EventRange,
    ExportTarget,
    ViewExport,
    check_target,
    event_range,
)
from mdxdash.recordings.file_format import Header
from mdxdash.recordings.journal import Journal
from mdxdash.recordings.opening import open_recording
from mdxdash.recordings.reader import read_window
from tests.support.waiting import until

NOW = 1e9 + 1000
HEADER = Header(partial=True)


@pytest.fixture
def outlived(tmp_path: Path) -> tuple[EventLog, Older]:
    """1,000 events, a second apart, of which the newest hundred or so are in memory: A and B by
    turns, each tenth of them the echo of the one before."""
    log = EventLog(100)
    with Journal(tmp_path / "session.jsonl", log) as journal:
        for seq in range(1, 1001):
            echo = seq - 1 if seq % 10 == 0 else None
            kind: Kind = "sent" if seq % 10 == 9 else "received"
            trip = 0.01 if echo else None
            type_, at = "AB"[seq % 2], 1e9 + seq
            log.append(kind, "chat", type_, str(seq), time=at, echo=echo, round_trip=trip)
        until(lambda: journal.recorded == 1000)
    assert log.first_seq > 500
    return log, partial(read_window, journal.path, journal.index)


def written(
    tmp_path: Path, log: EventLog, older: Older | None, text: str = "", name: str = "out.jsonl"
) -> tuple[list[int], ViewExport]:
    export = ViewExport(View(log, lambda: NOW, filter_=parse(text)), older, NOW)
    export.write(tmp_path / name, HEADER)
    recording = open_recording(tmp_path / name)
    chunks = list(recording.read_chunks())
    return [int(event.args) for chunk in chunks for event in chunk], export


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("", lambda seq: True),
        ("type:A", lambda seq: seq % 2 == 0),
        ("last:300s", lambda seq: seq >= 700),
        ("is:marked", lambda seq: seq == 999),
        ("is:acked", lambda seq: seq % 10 == 9),
        ("args:17", lambda seq: seq == 17),
    ],
)
def test_all_that_passes_is_written_once_wherever_it_is(
    outlived: tuple[EventLog, Older], tmp_path: Path, text: str, passes: Callable[[int], bool]
):
    log, older = outlived
    for seq in range(999, log.first_seq, -10):
        log.acknowledge(seq, 0.01)
    log.toggle_mark(999)
    expected = [seq for seq in range(1, 1001) if passes(seq)]
    found, export = written(tmp_path, log, older, text)
    assert found == expected
    assert export.from_recording == len([seq for seq in expected if seq < log.first_seq])
    assert export.from_memory == len([seq for seq in expected if seq >= log.first_seq])
    assert export.missing == 0


def test_what_leaves_memory_while_it_is_written_is_in_it(
    outlived: tuple[EventLog, Older], tmp_path: Path
):
    log, older = outlived

    def flooded(start: int, stop: int) -> list[Event]:
        for _ in range(2000):
            log.append("received", "chat", "LATER", time=NOW)
        return list(older(start, stop))

    assert written(tmp_path, log, flooded)[0] == list(range(1, 1001))


def test_without_a_recording_it_counts_what_is_missing(
    outlived: tuple[EventLog, Older], tmp_path: Path
):
    log, _ = outlived
    first = log.first_seq
    found, export = written(tmp_path, log, None)
    assert found == list(range(first, 1001))
    assert (export.from_recording, export.missing) == (0, first - 1)


def test_what_the_recording_has_not_is_counted(tmp_path: Path, outlived: tuple[EventLog, Older]):
    log, older = outlived

    def with_a_gap(start: int, stop: int) -> list[Event]:
        return [event for event in older(start, stop) if not 11 <= event.seq <= 20]

    found, export = written(tmp_path, log, with_a_gap)
    assert found == [*range(1, 11), *range(21, 1001)]
    assert export.missing == 10


def test_what_was_cleared_stays_away(outlived: tuple[EventLog, Older], tmp_path: Path):
    log, older = outlived
    view = View(log, lambda: NOW)
    view.clear()
    for _ in range(1001, 1006):
        log.append("received", "chat", "NEW", time=NOW)
    assert event_range(view) == EventRange(1001, 1001, 1006)
    export = ViewExport(view, older, NOW)
    export.write(tmp_path / "out.txt", HEADER)
    assert (export.from_recording, export.from_memory) == (0, 5)


def test_a_page_shows_no_echoes_unless_they_were_asked_for(
    outlived: tuple[EventLog, Older], tmp_path: Path
):
    log, older = outlived
    for text, count in (("", 900), ("is:echo", 100)):
        export = ViewExport(View(log, lambda: NOW, filter_=parse(text)), older, NOW)
        export.write(tmp_path / "out.html", HEADER)
        assert export.from_recording + export.from_memory == count


@pytest.mark.parametrize("name", ["new.csv", "new.HTML", "new.jsonl", "new.txt"])
def test_a_new_file_can_be_exported_to(tmp_path: Path, name: str):
    assert check_target(tmp_path / name, tmp_path / "session.jsonl") == ExportTarget("", False)


def test_a_file_that_exists_can_be_overwritten(tmp_path: Path):
    path, recording = tmp_path / "old.csv", tmp_path / "session.jsonl"
    for each in (path, recording):
        each.write_text("")
    assert check_target(path, recording) == ExportTarget("", True)
    assert check_target(path, None) == ExportTarget("", True)
    assert check_target(path, tmp_path / "none.jsonl") == ExportTarget("", True)


@pytest.mark.parametrize("name", ["new", "new.pdf", "csv"])
def test_the_suffix_must_be_that_of_a_format(tmp_path: Path, name: str):
    found = check_target(tmp_path / name, None)
    assert found.problem.startswith(f'"{name}": expected a name that ends in one of .jsonl')
    assert not found.exists


def test_the_recording_itself_cannot_be_exported_to(tmp_path: Path):
    recording = tmp_path / "session.jsonl"
    recording.write_text("")
    found = check_target(tmp_path / "." / "session.jsonl", recording)
    assert found == ExportTarget(f"{recording}: this is the recording itself", True)


def test_a_folder_or_a_file_in_none_cannot_be_exported_to(tmp_path: Path):
    folder = tmp_path / "folder.csv"
    folder.mkdir()
    problem = f"{folder}: expected a file in a folder"
    assert check_target(folder, None) == ExportTarget(problem, False)
    problem = f"{tmp_path / 'none'}: expected a file in a folder"
    assert check_target(tmp_path / "none" / "new.csv", None) == ExportTarget(problem, False)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_cannot_be_exported_to(tmp_path: Path):
    path = tmp_path / "pipe.csv"
    os.mkfifo(path)
    assert check_target(path, None) == ExportTarget(f"{path}: this is not a regular file", True)


def test_the_events_that_a_view_can_show_are_counted():
    shown = EventRange(start=3, held_from=10, stop=14)
    assert (shown.older, shown.held) == (7, 4)
