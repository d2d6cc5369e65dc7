"""What `mdxdash sessions` lists of a recording; only its first and last events are decoded."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from mdxdash.events.encoding import EVENT_START
from mdxdash.events.event import Event
from mdxdash.recordings.file_format import HEADER_START, Header
from mdxdash.recordings.file_lock import is_claimed
from mdxdash.recordings.importing.input_format import UNREADABLE
from mdxdash.recordings.importing.json_lines import JsonLines
from mdxdash.recordings.record_blocks import Block, blocks
from mdxdash.recordings.sessions import start_in_name
from mdxdash.settings.regular_file import open_regular

T = TypeVar("T")

_BLOCK: Final = 2**20

_CONNECTED: Final = re.compile(rb'"kind":"connected","agent":("(?:[^"\\\n]|\\.)*")')


class SessionFile(msgspec.Struct, frozen=True):
    """What is listed of a recording."""

    file: str
    """Its path."""
    started: str
    """When it began, ISO 8601."""
    seconds: float
    """From the first to the last event."""
    agents: tuple[str, ...]
    """Names of the agents, in the order in which they connected first."""
    events: int
    bytes: int
    running: bool
    """Whether it is being written now."""


def describe(path: Path) -> SessionFile:
    """Reads through a recording and summarizes it. Raises `OSError`."""
    events, agents = 0, dict[str, None]()
    for block in _whole_blocks(path):
        events += block.startswith(EVENT_START) + block.count(b"\n" + EVENT_START)
        # Finding a word is much faster than trying an expression.
        if b'"connected"' in block:
            for name in _CONNECTED.findall(block):
                if (agent := _decoded(name, str)) is not None:
                    agents.setdefault(agent)
    header, first, last = _ends(path)
    return SessionFile(
        file=str(path),
        started=header.started or start_in_name(path),
        seconds=round(last.time - first.time, 3) if first and last else 0.0,
        agents=tuple(agents),
        events=events,
        bytes=path.stat().st_size,
        running=is_claimed(path),
    )


def _whole_blocks(path: Path) -> Iterator[bytes]:
    """Yields the file in blocks of whole lines, without an unfinished last line. Of a line that is
    longer than any recorded one, the parts count as lines."""
    for block in blocks(path, JsonLines(Header()), Block(0, b""), torn=False):
        yield block.data


def _ends(path: Path) -> tuple[Header, Event | None, Event | None]:
    """Returns the header, the first and the last event."""
    with open_regular(path) as file:
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
    except UNREADABLE:
        return None
