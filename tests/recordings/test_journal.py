"""The journal: what it writes, and what it does when the disk does not take it."""

import json
import os
import shutil
import stat
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from mdxdash.events.log import EventLog
from mdxdash.recordings.file_lock import is_claimed
from mdxdash.recordings.journal import Journal, JournalSnapshot
from mdxdash.recordings.journal_file import JournalFile
from tests.support.waiting import until


def happen(log: EventLog, count: int = 1, **fields: Any) -> None:
    """Lets `count` events happen."""
    given = {"time": 1e9, "kind": "received", "agent": "chat", "type": "TEST", **fields}
    for _ in range(count):
        log.append(**given)


def lines(path: Path) -> list[dict[str, Any]]:
    """Everything in a recording but its headers."""
    read = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [line for line in read if "format" not in line]


def seqs(path: Path) -> list[int]:
    return [line["seq"] for line in lines(path) if "seq" in line]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mdxdash.recordings.journal.RETRY_INTERVAL", 0.1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "recordings" / "one.jsonl"


@pytest.fixture
def log() -> EventLog:
    return EventLog(limit=1000)


def test_the_header_names_the_format_and_the_session(path: Path, log: EventLog) -> None:
    with Journal(path, log, address=lambda: "ws://localhost:9001/chat"):
        happen(log)
    header = json.loads(path.read_text(encoding="utf-8").splitlines()[0])
    assert (header["format"], header["version"]) == ("mdxdash", 2)
    assert header["address"] == "ws://localhost:9001/chat"
    assert "T" in header["started"] and header["mdxdash"]


def test_each_event_is_a_line_of_its_fields(path: Path, log: EventLog) -> None:
    with Journal(path, log):
        happen(log, args="0|mei|こんにちは", size=40)
    assert lines(path) == [
        {
            "seq": 1,
            "time": 1e9,
            "kind": "received",
            "agent": "chat",
            "type": "TEST",
            "args": "0|mei|こんにちは",
            "size": 40,
        }
    ]


def test_it_writes_while_the_session_goes_on(path: Path, log: EventLog) -> None:
    with Journal(path, log) as journal:
        happen(log, 3)
        until(lambda: journal.recorded == 3)
        assert seqs(path) == [1, 2, 3]


def test_what_happened_before_it_began_is_recorded_too(path: Path, log: EventLog) -> None:
    happen(log, 2)
    with Journal(path, log):
        happen(log)
    assert seqs(path) == [1, 2, 3]


def test_nothing_is_missing_from_a_flood(path: Path, log: EventLog) -> None:
    with Journal(path, log):
        happen(log, 50_000)
    assert seqs(path) == list(range(1, 50_001))


def test_what_overflows_the_queue_is_a_gap(
    path: Path, log: EventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mdxdash.recordings.event_queue.QUEUE", 10)
    monkeypatch.setattr("mdxdash.recordings.journal.WRITE_INTERVAL", 3600)
    with Journal(path, log):
        happen(log, 25)
    assert lines(path)[0] == {"gap": {"from": 1, "to": 15, "reason": "the disk was too slow"}}
    assert seqs(path) == list(range(16, 26))


def test_a_session_without_events_leaves_no_file(path: Path, log: EventLog) -> None:
    with Journal(path, log):
        assert path.exists()
    assert not path.exists()


def test_half_a_character_costs_no_event(path: Path, log: EventLog) -> None:
    with Journal(path, log):
        happen(log, 2)
        happen(log, text="\ud83d", kind="fault")
    assert [line.get("text") for line in lines(path)] == [None, None, "\\ud83d"]


def test_marks_are_recorded(path: Path, log: EventLog) -> None:
    with Journal(path, log):
        happen(log, 2)
        log.toggle_mark(2)
        log.toggle_mark(2)
        log.acknowledge(1, 0.5)
    marks = [line["mark"] for line in lines(path) if "mark" in line]
    assert marks == [{"seq": 2, "on": True}, {"seq": 2, "on": False}]


def test_the_status_counts_what_is_in_the_file(path: Path, log: EventLog) -> None:
    with Journal(path, log) as journal:
        happen(log, 1234)
        until(lambda: journal.status == "● REC 1,234")


def test_the_file_is_claimed_while_it_is_written(path: Path, log: EventLog) -> None:
    with Journal(path, log):
        happen(log)
        assert is_claimed(path)
    assert not is_claimed(path)


def test_two_do_not_write_one_file(path: Path, log: EventLog) -> None:
    with Journal(path, log), Journal(path, EventLog()) as second:
        assert "another mdxdash is writing this file" in second.warning


def test_another_run_goes_on_in_the_same_file(path: Path, log: EventLog) -> None:
    with Journal(path, log):
        happen(log, 2)
    second = EventLog()
    with Journal(path, second):
        happen(second)
    assert seqs(path) == [1, 2, 1]
    assert path.read_text(encoding="utf-8").count('{"format":"mdxdash"') == 2


def test_a_torn_line_is_cut_off_before_the_file_goes_on(path: Path, log: EventLog) -> None:
    with Journal(path, log):
        happen(log, 2)
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"seq":3,"time":1763')
    second = EventLog()
    with Journal(path, second):
        happen(second)
    assert path.read_bytes().startswith(whole + b'{"format"')


def test_a_file_that_is_no_recording_is_left_alone(path: Path, log: EventLog) -> None:
    path.parent.mkdir()
    path.write_text("my thesis", encoding="utf-8")
    with Journal(path, log) as journal:
        happen(log)
        assert "no recording" in journal.warning
    assert path.read_text(encoding="utf-8") == "my thesis"


@contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    """No file may grow over `size` bytes."""
    resource = pytest.importorskip("resource", reason="the system cannot limit a file's size")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_reported_and_loses_nothing_while_memory_lasts(
    path: Path, log: EventLog
) -> None:
    with Journal(path, log) as journal:
        with file_size_limit(20_000):
            happen(log, 500)
            until(lambda: bool(journal.warning))
            assert "events wait" in journal.warning and str(path) in journal.warning
        until(lambda: not journal.warning)
    assert seqs(path) == list(range(1, 501))


def test_only_whole_lines_are_on_a_full_disk(path: Path, log: EventLog) -> None:
    with Journal(path, log) as journal, file_size_limit(20_000):
        happen(log, 10)
        until(lambda: journal.recorded == 10)
        happen(log, 500)
        until(lambda: bool(journal.warning))
        assert path.read_bytes().endswith(b"\n")
        assert seqs(path) == list(range(1, 11))


def test_what_memory_does_not_hold_becomes_a_gap(path: Path, log: EventLog) -> None:
    with Journal(path, log, waiting_bytes=10_000) as journal:
        with file_size_limit(5000):
            for _ in range(20):
                happen(log, 50)
                until(lambda: journal._next_seq == log.next_seq)
            until(lambda: "lost to it" in journal.warning)
        until(lambda: not journal.warning)
        happen(log)
    gaps = [line["gap"] for line in lines(path) if "gap" in line]
    missing = [seq for gap in gaps for seq in range(gap["from"], gap["to"] + 1)]
    assert sorted(seqs(path) + missing) == list(range(1, 1002))
    assert journal.lost == len(missing)


def test_a_removed_directory_is_made_again_and_the_file_begins_with_the_gap(
    path: Path, log: EventLog
) -> None:
    with Journal(path, log) as journal:
        happen(log, 5)
        until(lambda: journal.recorded == 5)
        shutil.rmtree(path.parent)
        happen(log, 2)
        until(lambda: journal.recorded == 2)
    first, *rest = lines(path)
    assert first["gap"]["from"] == 1 and first["gap"]["to"] == 5
    assert [line["seq"] for line in rest] == [6, 7]
    assert path.read_bytes().startswith(b'{"format":"mdxdash"')


def test_a_path_that_cannot_be_written_is_a_warning_until_it_can(path: Path, log: EventLog) -> None:
    path.parent.write_text("a file where the folder should be", encoding="utf-8")
    with Journal(path, log) as journal:
        happen(log, 3)
        assert str(path) in journal.warning
        path.parent.unlink()
        until(lambda: not journal.warning)
    assert seqs(path) == [1, 2, 3]


@pytest.mark.skipif(sys.platform == "win32", reason="folders there have no such permission")
def test_recording_begins_once_there_is_permission(path: Path, log: EventLog) -> None:
    if os.geteuid() == 0:
        pytest.skip("everything is permitted to root")
    path.parent.mkdir(mode=stat.S_IRUSR | stat.S_IXUSR)
    with Journal(path, log) as journal:
        happen(log)
        assert "Permission denied" in journal.warning
        path.parent.chmod(stat.S_IRWXU)
        until(lambda: not journal.warning)
    assert seqs(path) == [1]


class HangingFile(JournalFile):
    """A file on a disk that does not come back until it is released."""

    released = threading.Event()

    def append(self, lines: bytes) -> None:
        self.released.wait(20)
        super().append(lines)


def test_a_disk_that_does_not_respond_is_reported(
    path: Path, log: EventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mdxdash.recordings.journal.JournalFile", HangingFile)
    monkeypatch.setattr("mdxdash.recordings.journal.HANGING_AFTER", 0.05)
    with Journal(path, log) as journal:
        happen(log)
        until(lambda: "the disk does not answer" in journal.warning)
        assert journal.status == "○ REC 0"
        HangingFile.released.set()
        until(lambda: not journal.warning)
    assert seqs(path) == [1]


def test_internal_errors_are_reported_too(path: Path, log: EventLog) -> None:
    def fail() -> str:
        raise RuntimeError("no address")

    with Journal(path, log, address=fail) as journal:
        happen(log)
        until(lambda: "no address" in journal.warning)


def test_a_folder_is_not_recorded_into(path: Path, log: EventLog) -> None:
    path.mkdir(parents=True)
    with Journal(path, log) as journal:
        assert "not a file" in journal.warning


def test_the_index_has_the_positions_of_lines(
    path: Path, log: EventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mdxdash.recordings.journal._INDEX_STEP", 1)
    with Journal(path, log) as journal:
        for _ in range(3):
            happen(log, 5)
            until(lambda: journal.recorded == log.next_seq - 1)
    data = path.read_bytes()
    assert len(journal.index) == 3
    for seq, offset in journal.index:
        assert data[offset:].startswith(b'{"seq":%d,' % seq)


def test_another_journal_goes_on_in_the_same_file_without_a_gap_or_a_second_header(tmp_path: Path):
    path, first_log = tmp_path / "s.jsonl", EventLog()
    with Journal(path, first_log) as first:
        for number in range(100):
            first_log.append("received", "chat", "A", str(number))
        left = msgspec.msgpack.decode(msgspec.msgpack.encode(first.suspend()), type=JournalSnapshot)
        second_log = EventLog()
        second_log.extend(first_log.slice(1, 101))
        second = Journal(path, second_log)
        second.restore(left)
        with second:
            second_log.append("received", "chat", "B")
            until(lambda: second.recorded == 101)
    lines = path.read_bytes().splitlines()
    assert [line.startswith(b'{"format"') for line in lines] == [True] + [False] * 101
    assert [msgspec.json.decode(line)["seq"] for line in lines[1:]] == list(range(1, 102))
    assert not second.warning


def test_a_suspended_journal_goes_on_when_no_other_does(tmp_path: Path):
    path, log = tmp_path / "s.jsonl", EventLog()
    with Journal(path, log) as journal:
        log.append("received", "chat", "A")
        journal.suspend()
        log.append("received", "chat", "B")
        assert path.read_bytes().count(b'"seq"') == 1
        journal.resume()
        until(lambda: journal.recorded == 2)
    assert path.read_bytes().count(b'{"format"') == 1


def test_a_journal_that_is_suspended_before_its_first_event_leaves_its_file(tmp_path: Path):
    path, log = tmp_path / "s.jsonl", EventLog()
    path.touch()
    with Journal(path, log, reserved=True) as journal:
        left = journal.suspend()
        following = Journal(path, log)
        following.restore(left)
        with following:
            log.append("received", "chat", "A")
        assert path.read_bytes().count(b'"seq"') == 1
