"""A recording whose process was killed is gone on with."""

from pathlib import Path

import pytest

from mdxdash.events.log import EventLog
from mdxdash.recordings import continuing
from mdxdash.recordings.continuing import continued
from mdxdash.recordings.journal import Journal
from mdxdash.recordings.opening import open_recording
from mdxdash.recordings.reader import read_window
from tests.support.waiting import until


def written(path: Path, count: int) -> None:
    log = EventLog()
    with Journal(path, log):
        for number in range(count):
            log.append("received", "chat", "A", str(number))
        log.toggle_mark(count)


def test_the_next_journal_goes_on_behind_the_last_whole_line(tmp_path: Path):
    path = tmp_path / "s.jsonl"
    written(path, 20_000)
    with path.open("ab") as file:
        file.write(b'{"seq":20001,"ti')
    left = continued(path)
    assert (left.events[-1].seq, left.journal.written_up_to, left.marked) == (
        20_000,
        20_001,
        {20_000},
    )
    log = EventLog()
    log.skip_to(left.events[0].seq)
    log.extend(left.events)
    journal = Journal(path, log)
    journal.restore(left.journal)
    with journal:
        log.append("fault", text="it was killed")
        until(lambda: journal.recorded == 20_001)
    events = [event for chunk in open_recording(path).read_chunks() for event in chunk]
    assert [event.seq for event in events] == list(range(1, 20_002))
    assert path.read_bytes().count(b'{"format"') == 1
    window = read_window(path, journal.index, 9_000, 9_003)
    assert [event.args for event in window] == ["8999", "9000", "9001"]


def test_of_a_large_one_the_end_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(continuing, "TAIL_BYTES", 1000)
    path = tmp_path / "s.jsonl"
    written(path, 100)
    left = continued(path)
    assert left.events[-1].seq == 100
    assert len(left.events) < 20
    assert [event.seq for event in left.events] == list(range(left.events[0].seq, 101))


def test_one_without_an_event_begins(tmp_path: Path):
    path = tmp_path / "s.jsonl"
    path.write_bytes(b'{"format":"mdxdash","version":1}\n')
    left = continued(path)
    assert (left.events, left.journal.written_up_to, left.journal.header_due) == ((), 1, False)
