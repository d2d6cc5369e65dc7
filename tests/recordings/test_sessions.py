"""The folder of recordings: names, which are kept, what is told of each."""

import stat
import sys
from datetime import datetime
from pathlib import Path

import pytest

from mdxdash.events.encoding import json_line
from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.recordings.file_format import Gap, Header, gap_line, header_line
from mdxdash.recordings.journal import Journal
from mdxdash.recordings.sessions import describe, new_file, remove_old, session_files

NOW = datetime(2026, 11, 23, 4, 31, 5)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
def test_a_recording_is_for_nobody_else_to_read(folder: Path) -> None:
    assert stat.S_IMODE(new_file(folder, NOW).stat().st_mode) == 0o600


def kept(folder: Path, *names: str, size: int = 100) -> list[Path]:
    """Recordings of `size` bytes each."""
    for name in names:
        (folder / f"{name}.jsonl").write_bytes(b"x" * size)
    return session_files(folder)


def names(paths: list[Path]) -> list[str]:
    return [path.stem for path in paths]


def test_a_file_is_named_for_its_time(folder: Path) -> None:
    assert new_file(folder, NOW).name == "2026-11-23T04-31-05.jsonl"


def test_two_of_one_second_have_different_names(folder: Path) -> None:
    for _ in range(12):
        new_file(folder, NOW).touch()
    assert names(session_files(folder))[-2:] == ["2026-11-23T04-31-05-11", "2026-11-23T04-31-05-12"]


def test_no_folder_has_no_sessions(folder: Path) -> None:
    assert session_files(folder / "none") == []


DAYS = ("2026-11-21T00-00-00", "2026-11-22T00-00-00", "2026-11-23T00-00-00")


def test_the_oldest_go_when_there_are_too_many(folder: Path) -> None:
    kept(folder, *DAYS)
    assert names(remove_old(folder, sessions=1, size=10**9)) == list(DAYS[:2])
    assert names(session_files(folder)) == [DAYS[2]]


def test_the_oldest_go_when_they_are_too_large(folder: Path) -> None:
    kept(folder, *DAYS, size=100)
    assert names(remove_old(folder, sessions=50, size=250)) == [DAYS[0]]


def test_nothing_goes_within_the_limits(folder: Path) -> None:
    kept(folder, *DAYS, size=100)
    assert remove_old(folder, sessions=3, size=300) == []


def test_what_is_being_written_stays(folder: Path) -> None:
    running = folder / f"{DAYS[0]}.jsonl"
    with Journal(running, EventLog()):
        kept(folder, *DAYS[1:])
        assert names(remove_old(folder, sessions=1, size=0)) == list(DAYS[1:])
        assert running.exists()


def test_other_files_are_left_alone(folder: Path) -> None:
    kept(folder, *DAYS, "my notes", "2026-11-20")
    remove_old(folder, sessions=1, size=0)
    assert (folder / "my notes.jsonl").exists() and (folder / "2026-11-20.jsonl").exists()


def test_a_recording_is_described(folder: Path) -> None:
    path = folder / f"{DAYS[0]}.jsonl"
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
