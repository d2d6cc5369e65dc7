"""Sessions with a control socket of their own, and faces that connect to it."""

import asyncio
import json
import os
import signal
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from mdxdash.macros.files.watched_file import MacroFile
from mdxdash.remote.control_folder import NoControlFolder, control_folder
from mdxdash.remote.control_socket import hub_address
from mdxdash.remote.hub_session import HubSession
from mdxdash.remote.running_hubs import running_hubs
from mdxdash.settings.resolution import resolve
from tests.support.waiting import GUARD


@contextmanager
def runtime_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Lets control sockets be in a folder of the test's own; its name is short, as a socket's must
    be. Hubs in other processes that are left there end with it: they have no parent that ends."""
    with tempfile.TemporaryDirectory(prefix="mdxdash-") as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        own = control_folder()
        try:
            yield Path(folder)
        finally:
            with suppress(NoControlFolder):  # the test has made it unsafe
                end_hubs(own)


def end_hubs(folder: Path) -> None:
    """Ends the hubs that run in other processes, with their control sockets in a folder.

    It is to be that of the test, as it was when the test began: for one that the test has made
    unsafe `control_folder` gives that of the user, whose hubs nobody wants to end.
    """
    for hub in running_hubs(folder):
        if hub.state is not None and hub.state.welcome.pid != os.getpid():
            with suppress(ProcessLookupError):
                os.kill(hub.state.welcome.pid, signal.SIGTERM)


def session_in(folder: Path, *, macros: str | None = None, **options: object) -> HubSession:
    """A session that listens at a free port, not started yet; `macros` is the text of its file."""
    if macros is not None:
        (folder / "mdxdash.toml").write_text(macros, encoding="utf-8")
    settings = resolve({"port": 0, **options}, {}, None, folder)
    file = MacroFile(settings.file)
    file.refresh()
    record_file = None if options.get("recording_enabled") is False else folder / "session.jsonl"
    return HubSession(settings, file, record_file=record_file)


class RawFace:
    """A face at the level of lines."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.lines: list[dict[str, Any]] = []
        """Those that came so far."""

    def say(self, **line: Any) -> None:
        """Sends a line."""
        self.writer.write(json.dumps(line).encode() + b"\n")

    async def line(self) -> dict[str, Any] | None:
        """The next line; None at the end of the connection."""
        try:
            data = await asyncio.wait_for(self.reader.readline(), GUARD)
        except ConnectionError:
            return None
        if not data:
            return None
        found = json.loads(data)
        assert isinstance(found, dict)
        self.lines.append(found)
        return found

    @property
    def events(self) -> list[dict[str, Any]]:
        """The events that came so far."""
        return [line for line in self.lines if "is" not in line]

    async def notice(self, kind: str, **values: object) -> dict[str, Any]:
        """The next line of this kind with these values."""
        return await self.first(
            lambda line: (
                line.get("is") == kind and all(line.get(key) == values[key] for key in values)
            )
        )

    async def event(self, **values: object) -> dict[str, Any]:
        """The next event with these values."""
        return await self.first(
            lambda line: "is" not in line and all(line.get(key) == values[key] for key in values)
        )

    async def first(self, wanted: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        """The next wanted line."""
        async with asyncio.timeout(GUARD):
            while (line := await self.line()) is not None:
                if wanted(line):
                    return line
        raise AssertionError(f"the connection ended: {self.lines[-3:]}")

    async def ask(self, do: str, **values: object) -> dict[str, Any]:
        """The answer to a request."""
        self.say(do=do, id=7, **values)
        return await self.notice("answer", id=7)


@asynccontextmanager
async def connected(name: str = "main") -> AsyncIterator[RawFace]:
    """A connection to the control socket that has said nothing yet."""
    address = hub_address(name)
    if address.port:
        reader, writer = await asyncio.open_connection("127.0.0.1", address.port, limit=2**24)
    else:
        reader, writer = await asyncio.open_unix_connection(str(address.path), limit=2**24)
    try:
        yield RawFace(reader, writer)
    finally:
        writer.close()


@asynccontextmanager
async def face(name: str = "main", **attach: Any) -> AsyncIterator[RawFace]:
    """A face that is attached; `attach` are the values of its first line."""
    async with connected(name) as raw:
        raw.say(do="attach", **{"protocol": 1, "face": "attach", **attach})
        yield raw


class StillLink:
    """A link to nobody: keeps what is written, as much as the face is meant to take."""

    def __init__(self, room: float = float("inf")) -> None:
        self.lines: list[dict[str, Any]] = []
        self.room = room
        """Bytes that the face still takes; what is written on top waits."""
        self.waiting = 0
        self.held = False
        self.closed = False

    def write(self, lines: bytes) -> None:
        self.lines += map(json.loads, lines.splitlines())
        taken = min(self.room, len(lines))
        self.room -= taken
        self.waiting += len(lines) - int(taken)

    def hold(self) -> None:
        self.held = True

    def release(self) -> None:
        self.held = False

    def close(self) -> None:
        self.closed = True

    @property
    def seqs(self) -> list[int]:
        """The numbers of the events that were written."""
        return [line["seq"] for line in self.lines if "is" not in line]
