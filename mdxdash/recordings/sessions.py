"""The recordings of past sessions in their folder: their names, which are kept, what is in them."""

import os
import re
from datetime import datetime
from pathlib import Path
from typing import Final

import platformdirs

from mdxdash.recordings.file_lock import is_claimed
from mdxdash.settings.resolution import RecordingSettings

_NAME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d(?:-\d+)?\.jsonl")
"""What is kept or removed here. Other files in the folder are somebody else's."""

_NAME_FORMAT: Final = "%Y-%m-%dT%H-%M-%S"


def recordings_directory(settings: RecordingSettings) -> Path:
    """Returns the folder for recordings, whether it exists or not: the user's data directory unless
    the settings name one."""
    if settings.directory is not None:
        return Path(settings.directory).expanduser()
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
    """A new empty file in the folder: `2026-11-23T04-31-05.jsonl`, else with `-2` …

    `now` is local. The order of the names is the order of the sessions. Where nothing can be
    created, the name alone: who writes into it learns why.
    """
    stem = now.strftime(_NAME_FORMAT)
    path = directory / f"{stem}.jsonl"
    number = 2
    while True:
        try:
            directory.mkdir(parents=True, exist_ok=True)
            # Created at once, since another mdxdash may start in the same second.
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            if not path.exists():  # what is there is in the folder's place
                return path
            path = directory / f"{stem}-{number}.jsonl"
            number += 1
        except OSError:
            return path
        else:
            return path


def session_files(directory: Path) -> list[Path]:
    """The recordings in the folder, oldest first; none where there is no folder."""
    try:
        names = [entry.name for entry in os.scandir(directory) if _NAME.fullmatch(entry.name)]
    except OSError:
        return []
    return [directory / name for name in sorted(names, key=_age)]


def remove_old(directory: Path, sessions: int, size: int) -> list[Path]:
    """Removes the oldest recordings until at most `sessions` of them with at most `size` bytes
    together are left. One that is being written is counted, but never removed.

    Tells which are gone. What cannot be removed stays.
    """
    files = session_files(directory)
    sizes = {path: _size(path) for path in files}
    left, total = len(files), sum(sizes.values())
    gone = []
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
        gone.append(path)
    return gone


def _age(name: str) -> tuple[str, int]:
    """Orders names as the sessions began: `…-2` before `…-10`."""
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
