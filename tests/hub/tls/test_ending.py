"""The end of a connection over TLS, which takes an answer of the agent (`close_notify`)."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed
from websockets.frames import Opcode

from mdxdash.hub.server import HubServer
from mdxdash.wire.message import Message
from tests.support.hub_clients import running_hub
from tests.support.raw_connections import frame, request
from tests.support.tls import read_all, silent_agent, trusting, written_pair
from tests.support.upstream_servers import user_server
from tests.support.waiting import GUARD, eventually, logged


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    cert, key = written_pair(tmp_path_factory.mktemp("pair") / "tls")
    yield {"tls_cert": cert, "tls_key": key}


@asynccontextmanager
async def silently_connected(
    pair: dict[str, str],
) -> AsyncIterator[tuple[HubServer, ssl.SSLSocket]]:
    """A hub, and the socket of an agent that is connected and does not read."""
    async with running_hub(**pair) as hub:
        agent = await asyncio.to_thread(silent_agent, hub.port)
        await logged(hub.log, lambda event: event.kind == "connected")
        yield hub, agent


def sent(hub: HubServer) -> int:
    return sum(event.kind == "sent" for event in hub.log)


async def talk(connection: ServerConnection) -> None:
    """As a server that sends a line again and again."""
    with pytest.raises(ConnectionClosed):
        while True:
            await connection.send("UP|stream\n")
            await asyncio.sleep(0.005)


async def test_lines_that_wait_when_the_hub_ends_are_refused_and_not_recorded_as_sent(
    pair: dict[str, str],
) -> None:
    async with silently_connected(pair) as (hub, agent):
        for number in range(3000):
            hub.send(Message("NUMBER", str(number)))
        await eventually(lambda: sent(hub))
        await hub.close()
        got = await asyncio.to_thread(read_all, agent)
    assert sent(hub) == got.count(b"NUMBER|") < 3000
    assert sum(event.kind == "refused" for event in hub.log) == 3000 - sent(hub)


async def test_lines_that_the_server_sends_when_the_hub_ends_are_not_recorded_as_sent(
    pair: dict[str, str],
) -> None:
    async with user_server(talk) as server, running_hub(relay=server.url, **pair) as hub:
        agent = await asyncio.to_thread(silent_agent, hub.port)
        await eventually(lambda: sent(hub) > 3)
        await hub.close()
        got = await asyncio.to_thread(read_all, agent)
    assert sent(hub) == got.count(b"UP|")


async def test_agents_that_lines_wait_for_are_let_go_without_an_error(
    pair: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    async def read(number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", hub.port, ssl=trusting())
        writer.write(request(f"/chat-{number}"))
        while await reader.read(65_536):
            pass
        writer.close()

    async with running_hub(**pair) as hub:
        agents = [asyncio.create_task(read(number)) for number in range(40)]
        await eventually(lambda: len(hub.connected) == len(agents))
        for number in range(400):
            hub.send(Message("NUMBER", f"{number}|{'x' * 500}"))
        await eventually(lambda: sent(hub))
        await hub.close()
        await asyncio.gather(*agents)
    assert {event.text for event in hub.log if event.kind == "disconnected"} == {"ended by mdxdash"}
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_an_agent_that_says_goodbye_and_answers_nothing_more_is_cut(
    pair: dict[str, str],
) -> None:
    async with silently_connected(pair) as (hub, agent):
        agent.sendall(frame(b"\x03\xe8", Opcode.CLOSE))
        async with asyncio.timeout(10):  # asyncio itself gives TLS 30 s
            await logged(hub.log, lambda event: event.kind == "disconnected")
        agent.close()


async def test_what_the_server_left_unfinished_does_not_disturb_a_goodbye(
    pair: dict[str, str],
) -> None:
    left = asyncio.Event()

    async def leave_half_a_line(connection: ServerConnection) -> None:
        await connection.send("UNFINISHED|line")
        await (await connection.ping())
        left.set()

    async with (
        user_server(leave_half_a_line) as server,
        running_hub(relay=server.url, relay_guard=True, **pair) as hub,
    ):
        agent = await asyncio.to_thread(silent_agent, hub.port)
        await asyncio.wait_for(left.wait(), GUARD)
        agent.sendall(frame(b"\x03\xe8", Opcode.CLOSE))
        gone = await logged(hub.log, lambda e: e.kind == "disconnected" and not e.via)
        agent.close()
    assert gone.text == "closed by the agent with code 1000"
