"""The index of recorded sessions: what it says of each, and when it is read anew."""

import errno
import os
from pathlib import Path

import pytest

from mdxdash.alerts import session_index
from mdxdash.alerts.session_entry import RATE_BARS, SessionEntry, read_entry
from mdxdash.alerts.session_index import FILE_NAME, scan
from mdxdash.events.log import EventLog
from mdxdash.recordings.journal import Journal


def record(folder: Path, name: str, events: int = 50) -> Path:
    """A session of an agent that is lost at its end."""
    path, log = folder / name, EventLog()
    with Journal(path, log):
        log.append("connected", "chat", time=1e9)
        for number in range(events):
            log.append("received", "chat", "A", f"{number}", time=1e9 + number)
        log.append("fault", "chat", text="bad", time=1e9 + events)
        log.append("disconnected", "chat", text="closed", time=1e9 + 100)
    return path


def entries(folder: Path) -> list[SessionEntry]:
    return [entry for entry in scan(folder) if entry is not None]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the sessions that are read through."""
    names: list[str] = []
    real = session_index.read_entry

    def counted(path: Path) -> object:
        names.append(path.name)
        return real(path)

    monkeypatch.setattr(session_index, "read_entry", counted)
    return names


def test_a_session_is_told_at_a_glance_the_newest_first(tmp_path: Path) -> None:
    record(tmp_path, "2026-11-22T10-00-00.jsonl")
    record(tmp_path, "2026-11-23T10-00-00.jsonl", events=10)
    newest, oldest = entries(tmp_path)
    assert (newest.file, newest.events) == ("2026-11-23T10-00-00.jsonl", 13)
    assert (oldest.agents, oldest.seconds) == (("chat",), 100.0)
    assert oldest.alerts == {"fault": 1, "lost": 1}
    assert len(oldest.rate) == RATE_BARS
    assert sum(oldest.rate) == oldest.events
    assert oldest.rate[0] > oldest.rate[-2] == 0


def test_each_session_is_read_through_once_and_again_when_it_changed(
    tmp_path: Path, read: list[str]
) -> None:
    first = record(tmp_path, "2026-11-22T10-00-00.jsonl")
    before = entries(tmp_path)
    assert entries(tmp_path) == before
    assert read == [first.name]
    with first.open("a", encoding="utf-8") as file:
        file.write("\n")
    second = record(tmp_path, "2026-11-23T10-00-00.jsonl")
    entries(tmp_path)
    assert read == [first.name, second.name, first.name]


@pytest.mark.parametrize("content", ["", "{", '{"version":0,"sessions":[]}', "[1]"])
def test_an_index_that_is_missing_or_of_no_use_is_rebuilt(
    tmp_path: Path, read: list[str], content: str
) -> None:
    record(tmp_path, "2026-11-22T10-00-00.jsonl")
    before = entries(tmp_path)
    (tmp_path / FILE_NAME).write_text(content, encoding="utf-8")
    assert entries(tmp_path) == before
    assert len(read) == 2
    entries(tmp_path)
    assert len(read) == 2


def test_a_session_that_is_gone_leaves_the_index(tmp_path: Path) -> None:
    first = record(tmp_path, "2026-11-22T10-00-00.jsonl")
    record(tmp_path, "2026-11-23T10-00-00.jsonl")
    entries(tmp_path)
    first.unlink()
    assert [entry.file for entry in entries(tmp_path)] == ["2026-11-23T10-00-00.jsonl"]
    assert first.name not in (tmp_path / FILE_NAME).read_text(encoding="utf-8")


def test_what_cannot_be_read_says_so_and_the_others_are_listed(tmp_path: Path) -> None:
    record(tmp_path, "2026-11-22T10-00-00.jsonl")
    (tmp_path / "2026-11-23T10-00-00.jsonl").write_bytes(b"\x1f\x8b\x00 no gzip")
    assert [bool(entry.problem) for entry in entries(tmp_path)] == [True, False]


def test_a_file_that_goes_while_it_is_listed_says_so_in_words(tmp_path: Path) -> None:
    (entry,) = read_entry(tmp_path / "2026-11-23T10-00-00.jsonl")
    assert entry is not None
    assert entry.problem == f"{os.strerror(errno.ENOENT)} (2026-11-23T10-00-00.jsonl)"


def test_no_folder_has_no_sessions(tmp_path: Path) -> None:
    assert entries(tmp_path / "nothing") == []
