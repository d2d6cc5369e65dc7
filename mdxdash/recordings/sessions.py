"""The files of recorded sessions: their folder, their names, and how many are kept."""

import os
import re
from datetime import datetime
from pathlib import Path
from typing import Final

import platformdirs

from mdxdash.recordings.file_lock import is_claimed
from mdxdash.settings.model import RecordingSettings
from mdxdash.settings.regular_file import make_private_folder
from mdxdash.settings.user_path import user_path

_NAME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d(?:-\d+)?\.jsonl")
"""Names of files that are listed and removed here. Other files in the folder are left alone."""

_NAME_FORMAT: Final = "%Y-%m-%dT%H-%M-%S"


def recordings_directory(settings: RecordingSettings) -> Path:
    """Returns the folder for recordings, whether it exists or not: the user's data directory unless
    the settings name one. Raises `OSError` where they name a home folder that is not there."""
    if settings.directory is not None:
        return user_path(settings.directory)
    return platformdirs.user_data_path("mdxdash", appauthor=False) / "recordings"


def recording_file(settings: RecordingSettings, file: Path | None) -> Path | None:
    """Returns the file to record a session into: `file` if one is named, even where the settings
    record nothing, else a new file in the folder. None when nothing is to be recorded."""
    if file is None and settings.enabled:
        return new_file(recordings_directory(settings), datetime.now())
    return file


def apply_retention(settings: RecordingSettings) -> list[Path]:
    """Removes the oldest recordings that exceed the settings, as `remove_old` does. Blocks."""
    return remove_old(recordings_directory(settings), settings.sessions, settings.bytes)


def new_file(directory: Path, now: datetime) -> Path:
    """Creates an empty file in the folder: `2026-11-23T04-31-05.jsonl`, else with `-2` …

    `now` is local time. The order of the names is the order of the sessions. Never raises: where
    nothing can be created, the path is returned all the same, and writing to it gives the reason.
    """
    stem = now.strftime(_NAME_FORMAT)
    path = directory / f"{stem}.jsonl"
    number = 2
    while True:
        try:
            make_private_folder(directory)
            # Created at once, since another mdxdash may start in the same second.
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            if not path.exists():  # a file has the folder's name
                return path
            path = directory / f"{stem}-{number}.jsonl"
            number += 1
        except OSError:
            return path
        else:
            return path


def session_files(directory: Path) -> list[Path]:
    """Lists the recordings in the folder, oldest first; none where there is no folder."""
    try:
        with os.scandir(directory) as entries:
            names = [entry.name for entry in entries if _is_recording(entry)]
    except OSError:
        return []
    return [directory / name for name in sorted(names, key=_age)]


def _is_recording(entry: os.DirEntry[str]) -> bool:
    """Returns whether it is a regular file with a recording's name; a pipe or a device of that name
    is none."""
    if not _NAME.fullmatch(entry.name):
        return False
    try:
        return entry.is_file()
    except OSError:  # a link to itself
        return False


def remove_old(directory: Path, sessions: int, size: int) -> list[Path]:
    """Removes the oldest recordings until at most `sessions` of them with at most `size` bytes
    together are left. A file that is being written counts, but is never removed.

    Returns those that were removed. A file that cannot be removed stays.
    """
    files = session_files(directory)
    sizes = {path: _size(path) for path in files}
    left, total = len(files), sum(sizes.values())
    removed = []
    for path in files:
        if left <= sessions and total <= size:
            break
        if is_claimed(path):
            continue
        try:
            path.unlink()
        except OSError:
            # Somebody reads it on Windows, or it was removed a moment ago.
            continue
        left -= 1
        total -= sizes[path]
        removed.append(path)
    return removed


def _age(name: str) -> tuple[str, int]:
    """Returns a key that sorts names as the sessions began: `…-2` before `…-10`."""
    stem = name.removesuffix(".jsonl")
    return stem[:19], int(stem[20:] or 1)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def start_in_name(path: Path) -> str:
    """Returns when a session began by its file's name, in ISO 8601; empty for another name."""
    try:
        return datetime.strptime(path.stem[:19], _NAME_FORMAT).astimezone().isoformat()
    except ValueError:
        return ""
