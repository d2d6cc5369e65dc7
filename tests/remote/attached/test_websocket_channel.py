"""A hub elsewhere, reached at its tap."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from websockets.asyncio.client import connect

from mdxdash.events.log import EventLog
from mdxdash.remote.attached.attachment import Attachment
from mdxdash.remote.attached.hub_link import ask_welcome
from mdxdash.remote.attached.line_channel import Opener
from mdxdash.remote.attached.websocket_channel import (
    NotAdmitted,
    has_secret,
    is_tap_address,
    shown_host,
    tap_address,
    tap_opener,
)
from mdxdash.remote.hub_session import HubSession
from mdxdash.remote.protocol import PROTOCOL, Attach
from mdxdash.wire.message import parse_message
from tests.support.faces import runtime_folder, session_in
from tests.support.hub_clients import raw_agent
from tests.support.waiting import GUARD, logged

SECRET = "0123456789abcdef"
LOOK = Attach(PROTOCOL, "attach", events=False)


@pytest.mark.parametrize(
    ("text", "secret", "expected"),
    [
        ("ws://robot:9001/tap", None, "ws://robot:9001/tap"),
        ("ws://robot:9001", None, "ws://robot:9001/tap"),
        ("wss://robot/tap/", "abc", "wss://robot/tap/abc"),
        ("ws://robot:9001/tap/own", "abc", "ws://robot:9001/tap/own"),
        ("ws://[::1]:9001/tap", None, "ws://[::1]:9001/tap"),
    ],
)
def test_addresses(text: str, secret: str | None, expected: str) -> None:
    assert is_tap_address(text)
    assert tap_address(text, secret) == expected
    assert has_secret(text) == ("own" in text)


@pytest.mark.parametrize(
    "text", ["http://robot/tap", "ws:///tap", "ws://robot:99999/tap", "ws://a@b/tap", "ws://b/?x"]
)
def test_what_is_no_such_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected an address"):
        tap_address(text, None)


def test_a_name_is_no_address_and_a_host_is_shown_without_what_is_private() -> None:
    assert not is_tap_address("main")
    assert shown_host("ws://name:word@robot:9001/tap/abc") == "robot:9001"


@asynccontextmanager
async def elsewhere(
    folder: Path, monkeypatch: pytest.MonkeyPatch, **options: object
) -> AsyncIterator[tuple[HubSession, Opener]]:
    """A hub with a tap, and what connects to it."""
    with runtime_folder(monkeypatch):
        async with session_in(folder, tap=True, recording_enabled=False, **options) as session:
            secret = session.settings.hub.secret
            address = tap_address(f"ws://localhost:{session.hub.port}/tap", secret)
            yield session, tap_opener(address)


@asynccontextmanager
async def attached(opener: Opener) -> AsyncIterator[Attachment]:
    welcome = await ask_welcome(opener, LOOK)
    async with Attachment(opener, welcome, EventLog()) as attachment:
        await attachment.link.wait_attached()
        yield attachment


async def test_events_agents_and_sending_work_as_on_the_same_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with elsewhere(tmp_path, monkeypatch, secret=SECRET) as (session, opener):
        async with raw_agent(session.hub, f"/chat/{SECRET}") as agent, attached(opener) as here:
            await agent.send("SAID|こんにちは\n")
            await logged(here.log, lambda event: event.args == "こんにちは")
            assert [e.seq for e in here.log] == [e.seq for e in session.log]
            async with asyncio.timeout(GUARD):
                while not here.hub.connected:
                    await asyncio.sleep(0.01)
            here.hub.send(parse_message("HELLO|robot"))
            assert await agent.recv(decode=False) == b"HELLO|robot\n"
            sent = await logged(here.log, lambda event: event.kind == "sent")
            assert sent.by == "attach"
            assert not here.hub.full_mdf_lines
            assert not here.hub.welcome.settings_file
            assert "***" in "".join(here.hub.mdf_lines)


async def test_a_flood_arrives_whole_and_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with elsewhere(tmp_path, monkeypatch) as (session, opener), attached(opener) as here:
        first = session.log.next_seq
        for number in range(20_000):
            session.log.append("received", "chat", "SAID", f"{number} {'x' * 100}")
        last = await logged(here.log, lambda event: event.args.startswith("19999 "))
        assert last.seq == first + 19_999
        assert len(here.log.slice(first, last.seq + 1)) == 20_000


async def test_a_wrong_secret_or_no_tap_is_not_admitted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with elsewhere(tmp_path, monkeypatch, secret=SECRET) as (session, _):
        for secret in (None, "f" * 16):
            wrong = tap_address(f"ws://localhost:{session.hub.port}/tap", secret)
            with pytest.raises(NotAdmitted, match="another secret"):
                await tap_opener(wrong)()


async def test_what_is_no_hub_is_said_so() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"220 mail ready\r\n")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(OSError, match="no hub of mdxdash"):
            await tap_opener(f"ws://127.0.0.1:{port}/tap")()
    with pytest.raises(OSError):
        await tap_opener(f"ws://127.0.0.1:{port}/tap")()


async def test_a_hub_whose_tap_is_read_only_lets_dashboards_and_programs_only_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with elsewhere(tmp_path, monkeypatch, tap_read_only=True) as (session, opener):
        async with raw_agent(session.hub), attached(opener) as here:
            assert here.read_only
            assert here.hub.send(parse_message("HELLO")).refused
            async with connect(f"ws://localhost:{session.hub.port}/tap") as program:
                for said in ("HELLO", '{"send": "HELLO"}'):
                    await program.send(said)
                    while '"refused"' not in (line := await program.recv()):
                        pass
                    assert "read-only" in str(line)
            assert not any(event.kind == "sent" for event in session.log)


async def test_programs_at_the_tap_are_served_beside_dashboards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with elsewhere(tmp_path, monkeypatch) as (session, opener), attached(opener) as here:
        async with connect(f"ws://localhost:{session.hub.port}/tap") as program:
            await logged(here.log, lambda event: event.text.startswith("tap from"))
            await program.send('{"send": "attach", "id": 1}')
            while '"answer"' not in (await program.recv()):
                pass
            session.log.append("received", "chat", "SAID", "both")
            while "both" not in (await program.recv()):
                pass
        await logged(here.log, lambda event: event.args == "both")
