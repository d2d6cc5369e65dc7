"""What the hub tells its keeper, and what a following process reads from it."""

import asyncio
import errno
import socket
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack, suppress
from functools import partial
from pathlib import Path
from unittest.mock import Mock

import msgspec
import pytest

from mdxdash.remote import keeper
from mdxdash.remote.handover.keeping import Keeping, can_keep
from mdxdash.remote.handover.recovery import KeptHub
from mdxdash.remote.hub_session import HubSession
from mdxdash.wire.message import Message
from tests.support.faces import runtime_folder, session_in
from tests.support.hub_clients import agent_at, open_silent_agent, raw_agent
from tests.support.raw_connections import dialled, frame, request
from tests.support.tls import written_pair
from tests.support.waiting import GUARD, logged

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="there are no keepers elsewhere")


@pytest.fixture(autouse=True)
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with runtime_folder(monkeypatch) as folder:
        yield folder


new_pair = keeper.pair


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """The keeper's end, where this test is the keeper."""
    ours, theirs = keeper.pair()
    theirs.settimeout(GUARD)
    monkeypatch.setattr(keeper, "pair", lambda: (ours, socket.socket()))
    monkeypatch.setattr("mdxdash.remote.handover.keeping.subprocess.Popen", lambda *_, **__: None)
    yield theirs
    theirs.close()


def keeping_of(session: HubSession) -> Keeping:
    return Keeping(session, ("/usr/bin/mdxdash",), Path("/var/log/mdxdash.log"))


def kinds(told: socket.socket) -> bytes:
    """The kinds of the messages so far."""
    told.setblocking(False)
    found = b""
    with suppress(BlockingIOError):
        while data := told.recv(keeper.PACKET_BYTES):
            found += data[:1]
    return found


async def test_it_is_told_of_each_connection_and_its_end(tmp_path: Path, told: socket.socket):
    session = session_in(tmp_path)
    async with session, keeping_of(session).running():
        assert kinds(told) == b""
        async with raw_agent(session.hub):
            async with agent_at(f"{session.hub.url}-1"):
                await logged(session.log, lambda event: event.agent == "chat-1")
                assert kinds(told) == b"BAA"
            await logged(session.log, lambda event: event.kind == "disconnected")
            assert kinds(told) == b"R"
    assert kinds(told).endswith(b"E")


async def test_what_a_slow_keeper_has_no_room_for_comes_later_and_in_order(
    tmp_path: Path, told: socket.socket, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(keeper, "PACKET_BYTES", 4_096)
    ours, theirs = new_pair()
    theirs.settimeout(GUARD)
    monkeypatch.setattr(keeper, "pair", lambda: (ours, socket.socket()))
    session = session_in(tmp_path)
    async with session, keeping_of(session).running(), AsyncExitStack() as agents:
        for _ in range(40):
            await agents.enter_async_context(raw_agent(session.hub))
        await agents.aclose()
        await logged(session.log, lambda event: event.kind == "disconnected")
        messages = []
        while len(messages) < 81:
            receive = partial(socket.recv_fds, theirs, 2**18, keeper.SOCKETS)
            data, descriptors, _, _ = await asyncio.to_thread(receive)
            keeper.close_all(descriptors)
            messages.append((data[:1], data[1:9], len(descriptors)))
    agents_held = [number for kind, number, sockets in messages if kind == b"A" and sockets == 1]
    assert agents_held == [number.to_bytes(8) for number in range(1, 41)]
    gone = [number for kind, number, _ in messages if kind == b"R"]
    assert sorted(gone) == agents_held
    assert not [event for event in session.log if event.kind == "fault"]
    theirs.close()


def faults(session: HubSession) -> list[tuple[str, str]]:
    """The agents and the texts."""
    return [(event.agent, event.text) for event in session.log if event.kind == "fault"]


async def test_what_cannot_be_given_after_a_wait_is_a_fault_of_its_agent(
    tmp_path: Path, told: socket.socket, monkeypatch: pytest.MonkeyPatch
):
    session = session_in(tmp_path)
    async with session, keeping_of(session).running(), raw_agent(session.hub):
        too_long = OSError(errno.EMSGSIZE, "Message too long")
        monkeypatch.setattr(keeper, "send", Mock(side_effect=[BlockingIOError(), too_long]))
        async with agent_at(f"{session.hub.url}-1"):
            await logged(session.log, lambda event: event.kind == "fault")
            monkeypatch.setattr(keeper, "send", Mock(side_effect=too_long))
        await logged(session.log, lambda event: event.kind == "disconnected")
        text = "the connection would not survive the hub's process: Message too long"
        assert faults(session) == [("chat-1", text)]  # and none for that it has gone


async def test_a_keeper_that_is_gone_is_no_fault_of_an_agent(
    tmp_path: Path, told: socket.socket, monkeypatch: pytest.MonkeyPatch
):
    session = session_in(tmp_path)
    async with session, keeping_of(session).running():
        monkeypatch.setattr(keeper, "send", Mock(side_effect=BrokenPipeError(32, "Broken pipe")))
        async with raw_agent(session.hub):
            assert faults(session) == []


async def test_where_no_keeper_starts_that_is_one_fault_of_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    none = Mock(side_effect=OSError(errno.EAGAIN, "Resource temporarily unavailable"))
    monkeypatch.setattr("mdxdash.remote.handover.keeping.subprocess.Popen", none)
    session = session_in(tmp_path)
    async with session, keeping_of(session).running(), raw_agent(session.hub):
        async with agent_at(f"{session.hub.url}-1"):
            await logged(session.log, lambda event: event.agent == "chat-1")
        text = "agents would not survive the hub's process: Resource temporarily unavailable"
        assert faults(session) == [("", text)]


async def test_keepers_that_all_end_are_one_fault_of_all(
    tmp_path: Path, told: socket.socket, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("mdxdash.remote.handover.keeping.RESTARTS", 0)
    session = session_in(tmp_path)
    async with session, keeping_of(session).running(), raw_agent(session.hub):
        told.close()
        await logged(session.log, lambda event: event.kind == "fault")
        text = "agents would not survive the hub's process: their keeper has ended too often (1)"
        assert faults(session) == [("", text)]


async def test_what_is_known_of_an_agent_has_room_in_a_message(tmp_path: Path, told: socket.socket):
    session = session_in(tmp_path)
    async with session, keeping_of(session).running():
        more = "".join(f"X-Pad-{number}: {'x' * 7000}\r\n" for number in range(2))
        _, writer = await dialled(session.hub)
        writer.write(request(more=more))
        await logged(session.log, lambda event: event.kind == "connected")
        (agent,) = session.hub.agents
        for _ in range(400):
            session.hub.send(Message("A", "x" * 1_000), "chat")
        assert len(msgspec.msgpack.encode(agent.lasting_description())) < 20_000
        assert kinds(told) == b"BA"
        writer.close()


async def test_a_following_process_gets_agents_and_undecoded_bytes(
    tmp_path: Path, told: socket.socket
):
    session = session_in(tmp_path)
    async with session, keeping_of(session).running():
        _, writer = await open_silent_agent(session.hub)
        line = frame(b"HALF|1\n")
        writer.write(frame(b"WHOLE\n") + line[:7])
        await logged(session.log, lambda event: event.type == "WHOLE")
        await asyncio.sleep(0.05)
        ours, theirs = new_pair()
        for _ in range(2):
            data, descriptors, _, _ = socket.recv_fds(told, keeper.PACKET_BYTES, keeper.SOCKETS)
            keeper.send(ours, data, descriptors)
        keeper.send(ours, b"S", [])
        hub = KeptHub(theirs)
        (kept,) = hub.agents
        assert (kept.known.name, hub.session.name) == ("chat", "main")
        connection = kept.known.connection
        assert connection is not None
        left = hub._connection(kept, connection)
        assert (left.undecoded, left.searches) == (line[:7], False)
        hub.progress.write(kept.number, left.read + 1, b"")
        assert hub._connection(kept, connection).searches
        assert msgspec.msgpack.encode(left)
        writer.close()


async def test_there_is_none_with_tls_or_when_the_settings_say_so(tmp_path: Path):
    cert, key = written_pair(tmp_path)
    assert can_keep(session_in(tmp_path, keeper=True))
    assert not can_keep(session_in(tmp_path, keeper=False))
    assert not can_keep(session_in(tmp_path, keeper=True, tls_cert=cert, tls_key=key))
