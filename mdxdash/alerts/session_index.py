"""The index of the recorded sessions: a file beside them, so that each is read through only once.

It is rebuilt where it is missing or old: an entry counts as long as the size and the time of its
file are those that it was made from. Whoever deletes it loses nothing.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from mdxdash.alerts.session_entry import SessionEntry, read_entry
from mdxdash.recordings.file_lock import is_claimed
from mdxdash.recordings.sessions import session_files
from mdxdash.settings.regular_file import read_regular
from mdxdash.settings.toml_source import SettingsError, write_bytes

FILE_NAME: Final = "index.json"

_VERSION: Final = 1
"""Of its format, and of what is found in a session."""

_MOST_BYTES: Final = 16 * 2**20


class _Index(msgspec.Struct, frozen=True):
    version: int
    sessions: list[SessionEntry]


def scan(directory: Path) -> Iterator[SessionEntry | None]:
    """Yields the entries of all sessions in a folder, the newest first; None after each slice of
    work in between. Blocks for some milliseconds a slice; writes the index when it has changed."""
    known = _read(directory / FILE_NAME)
    entries: list[SessionEntry] = []
    changed = False
    for path in reversed(session_files(directory)):
        entry = known.get(path.name)
        if entry is None or not _is_current(entry, path):
            for entry in read_entry(path):
                if entry is None:
                    yield None
            assert entry is not None
            if not entry.problem and not is_claimed(path):
                changed = True
        if not entry.problem and not is_claimed(path):
            entries.append(entry)
        yield entry
    if changed or len(entries) != len(known):
        _write(directory / FILE_NAME, entries)


def _is_current(entry: SessionEntry, path: Path) -> bool:
    try:
        status = path.stat()
    except OSError:
        return False
    return (entry.size, entry.modified) == (status.st_size, status.st_mtime_ns)


def _read(path: Path) -> dict[str, SessionEntry]:
    try:
        found = msgspec.json.decode(read_regular(path, _MOST_BYTES), type=_Index)
    except (OSError, ValueError, msgspec.MsgspecError):
        return {}
    return {entry.file: entry for entry in found.sessions} if found.version == _VERSION else {}


def _write(path: Path, entries: list[SessionEntry]) -> None:
    # It is only faster next time.
    with contextlib.suppress(SettingsError):
        write_bytes(path, msgspec.json.encode(_Index(_VERSION, entries)), private=True)
