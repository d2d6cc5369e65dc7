"""What is listed of a recording."""

from datetime import datetime
from pathlib import Path

import pytest

from mdxdash.events.encoding import json_line
from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.recordings.file_format import Gap, Header, gap_line, header_line
from mdxdash.recordings.journal import Journal
from mdxdash.recordings.session_summary import describe


def test_a_recording_is_described(tmp_path: Path) -> None:
    path = tmp_path / "2026-11-21T00-00-00.jsonl"
    lines = [
        header_line(Header("mdxdash", 1, started="2026-11-21T00:00:00+09:00")),
        json_line(Event(1, 1e9, "connected", "chat")),
        json_line(Event(2, 1e9 + 1, "received", "chat", "A", 'is "kind":"connected","agent":"no"')),
        gap_line(Gap(3, 4, "full")),
        json_line(Event(5, 1e9 + 2, "connected", "部屋")),
        json_line(Event(6, 1e9 + 7.5, "connected", "chat")),
        b'{"seq":7,"time"',
    ]
    path.write_bytes(b"".join(lines))
    found = describe(path)
    assert (found.events, found.seconds) == (4, 7.5)
    assert found.agents == ("chat", "部屋")
    assert found.started == "2026-11-21T00:00:00+09:00"
    assert found.bytes == path.stat().st_size and not found.running


def test_a_recording_without_a_header_began_at_the_time_in_its_name(tmp_path: Path) -> None:
    path = tmp_path / "2026-11-21T00-00-00.jsonl"
    path.write_bytes(b"")
    found = describe(path)
    assert datetime.fromisoformat(found.started) == datetime(2026, 11, 21).astimezone()
    assert (found.events, found.seconds, found.agents, found.bytes) == (0, 0.0, (), 0)


def test_a_recording_that_is_being_written_is_running(tmp_path: Path) -> None:
    with Journal(tmp_path / "one.jsonl", EventLog()) as journal:
        assert describe(journal.path).running


def test_events_are_counted_across_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "one.jsonl"
    events = [Event(seq, 1e9 + seq, "connected", f"agent-{seq % 3}") for seq in range(1, 200)]
    path.write_bytes(header_line(Header("mdxdash", 1)) + b"".join(map(json_line, events)))
    whole = describe(path)
    for size in (40, 101, 1000):
        monkeypatch.setattr("mdxdash.recordings.record_blocks.BLOCK", size)
        found = describe(path)
        assert (found.events, found.agents) == (whole.events, whole.agents)
    assert (whole.events, whole.agents) == (199, ("agent-1", "agent-2", "agent-0"))
