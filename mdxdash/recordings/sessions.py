"""The recordings of past sessions in their folder: their names, which are kept, what is in them."""

import os
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from mdxdash.events.event import Event
from mdxdash.recordings.file_format import HEADER_START, Header
from mdxdash.recordings.file_lock import is_claimed

T = TypeVar("T")

_NAME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d(?:-\d+)?\.jsonl")
"""What is kept or removed here. Other files in the folder are somebody else's."""

_NAME_FORMAT: Final = "%Y-%m-%dT%H-%M-%S"

_BLOCK: Final = 2**20

_CONNECTED: Final = re.compile(rb'"kind":"connected","agent":("(?:[^"\\\n]|\\.)*")')

_EVENT: Final = b'{"seq":'


class SessionFile(msgspec.Struct, frozen=True):
    """What there is to say of a recording without reading its events."""

    file: str
    """Its path."""
    started: str
    """When it began, ISO 8601."""
    seconds: float
    """From the first to the last event."""
    agents: tuple[str, ...]
    """Who connected, in the order of their first coming."""
    events: int
    bytes: int
    running: bool
    """Whether it is being written now."""


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


def describe(path: Path) -> SessionFile:
    """Looks through a recording once, without decoding its events. Raises `OSError`."""
    events, agents = 0, dict[str, None]()
    for block in _whole_blocks(path):
        events += block.startswith(_EVENT) + block.count(b"\n" + _EVENT)
        # Finding a word is much faster than trying an expression.
        if b'"connected"' in block:
            for name in _CONNECTED.findall(block):
                agents.setdefault(msgspec.json.decode(name, type=str))
    header, first, last = _ends(path)
    return SessionFile(
        file=str(path),
        started=header.started or _time_in_name(path),
        seconds=round(last.time - first.time, 3) if first and last else 0.0,
        agents=tuple(agents),
        events=events,
        bytes=path.stat().st_size,
        running=is_claimed(path),
    )


def _age(name: str) -> tuple[str, int]:
    """Orders names as the sessions began: `…-2` before `…-10`."""
    stem = name.removesuffix(".jsonl")
    return stem[:19], int(stem[20:] or 1)


def _time_in_name(path: Path) -> str:
    """When a recording was begun that has no header yet."""
    try:
        return datetime.strptime(path.stem[:19], _NAME_FORMAT).astimezone().isoformat()
    except ValueError:
        return ""


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _whole_blocks(path: Path) -> Iterator[bytes]:
    """The file in blocks that end with a line; not the torn last line."""
    with path.open("rb") as file:
        rest = b""
        while more := file.read(_BLOCK):
            data = rest + more
            end = data.rfind(b"\n") + 1
            if end:
                yield data[:end]
            rest = data[end:]


def _ends(path: Path) -> tuple[Header, Event | None, Event | None]:
    """The header, the first and the last event."""
    with path.open("rb") as file:
        head = file.read(_BLOCK)
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _BLOCK))
        tail = file.read()
    first_line, _, rest = head.partition(b"\n")
    header = Header()
    if first_line.startswith(HEADER_START):
        header = _decoded(first_line, Header) or header
    first = next(_events(rest.split(b"\n")), None)
    last = next(_events(reversed(tail.split(b"\n"))), None)
    return header, first, last


def _events(lines: Iterable[bytes]) -> Iterator[Event]:
    for line in lines:
        event = _decoded(line, Event)
        if event is not None:
            yield event


def _decoded(line: bytes, type_: type[T]) -> T | None:
    try:
        return msgspec.json.decode(line, type=type_)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
