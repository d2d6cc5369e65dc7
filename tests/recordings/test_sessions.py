"""The folder of recordings: how files are named, and which are kept."""

import os
import stat
import sys
from datetime import datetime
from pathlib import Path

import pytest

from mdxdash.events.log import EventLog
from mdxdash.recordings.journal import Journal
from mdxdash.recordings.sessions import (
    apply_retention,
    new_file,
    recording_file,
    recordings_directory,
    remove_old,
    session_files,
    start_in_name,
)
from mdxdash.settings.model import RecordingSettings

NOW = datetime(2026, 11, 23, 4, 31, 5)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
def test_only_its_owner_can_read_a_recording(folder: Path) -> None:
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


def test_what_cannot_be_removed_stays_and_newer_ones_go(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(folder, *DAYS)
    unlink = Path.unlink

    def refuse_the_oldest(path: Path) -> None:
        if path.stem == DAYS[0]:
            raise PermissionError
        unlink(path)

    monkeypatch.setattr(Path, "unlink", refuse_the_oldest)
    assert names(remove_old(folder, sessions=2, size=10**9)) == [DAYS[1]]


def test_the_settings_name_the_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for home in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(home, str(folder))
    assert recordings_directory(RecordingSettings(directory="~/seen")) == folder / "seen"


def test_recordings_are_in_the_users_data_otherwise(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: folder / "data")
    assert recordings_directory(RecordingSettings()) == folder / "data" / "recordings"


@pytest.mark.parametrize("enabled", [True, False])
def test_a_file_that_is_named_is_recorded_into_whatever_the_settings_are(
    folder: Path, enabled: bool
) -> None:
    settings = RecordingSettings(enabled=enabled, directory=str(folder))
    assert recording_file(settings, folder / "mine.jsonl") == folder / "mine.jsonl"
    assert list(folder.iterdir()) == []


def test_without_a_name_a_new_file_is_recorded_into(folder: Path) -> None:
    path = recording_file(RecordingSettings(directory=str(folder)), None)
    assert session_files(folder) == [path]


def test_nothing_is_recorded_when_the_settings_forbid_it(folder: Path) -> None:
    assert recording_file(RecordingSettings(enabled=False, directory=str(folder)), None) is None
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(("sessions", "size"), [(1, 10**9), (50, 100)])
def test_as_many_are_kept_as_the_settings_allow(folder: Path, sessions: int, size: int) -> None:
    kept(folder, *DAYS, size=100)
    settings = RecordingSettings(directory=str(folder), sessions=sessions, bytes=size)
    assert names(apply_retention(settings)) == list(DAYS[:2])
    assert names(session_files(folder)) == [DAYS[2]]


def test_the_name_gives_the_local_time_at_which_a_session_began() -> None:
    began = datetime.fromisoformat(start_in_name(Path("2026-11-23T04-31-05-12.jsonl")))
    assert began == NOW.astimezone()
    assert start_in_name(Path("mine.jsonl")) == ""


def test_where_nothing_can_be_created_there_is_a_name_at_least(folder: Path) -> None:
    (folder / "file").write_text("no folder")
    path = new_file(folder / "file", NOW)
    assert path == folder / "file" / "2026-11-23T04-31-05.jsonl"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_pipes_devices_and_folders_among_the_recordings_are_no_recordings(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "2026-11-23T04-31-05.jsonl")
    (tmp_path / "2026-11-23T04-31-06.jsonl").symlink_to("/dev/zero")
    (tmp_path / "2026-11-23T04-31-07.jsonl").mkdir()
    loop = tmp_path / "2026-11-23T04-31-09.jsonl"
    loop.symlink_to(loop)
    recording = tmp_path / "2026-11-23T04-31-08.jsonl"
    recording.write_bytes(b"")
    assert session_files(tmp_path) == [recording]
    assert remove_old(tmp_path, 0, 0) == [recording]
    assert len(list(tmp_path.iterdir())) == 4


def test_the_folder_is_created_with_those_above_it(folder: Path) -> None:
    assert new_file(folder / "above" / "below", NOW).exists()


def test_the_second_file_of_a_second_comes_after_the_first_and_before_the_tenth(
    folder: Path,
) -> None:
    stem = "2026-11-23T04-31-05"
    kept(folder, f"{stem}-10", f"{stem}-2", stem)
    assert names(session_files(folder)) == [stem, f"{stem}-2", f"{stem}-10"]


def test_a_file_that_vanishes_meanwhile_has_no_size(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(folder, *DAYS, size=100)
    gone = folder / f"{DAYS[0]}.jsonl"
    monkeypatch.setattr("mdxdash.recordings.sessions.session_files", lambda _: [gone])
    gone.unlink()
    assert remove_old(folder, sessions=1, size=0) == []
