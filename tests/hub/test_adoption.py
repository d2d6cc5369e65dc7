"""A hub goes on with the sockets of another one, and no agent notices."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from websockets.asyncio.client import ClientConnection
from websockets.frames import Opcode

from mdxdash.events.log import EventLog
from mdxdash.hub.adoption import Adoption, CannotHandOver
from mdxdash.hub.server import HubServer
from mdxdash.hub.snapshot import HubSnapshot
from mdxdash.wire.message import parse_message
from tests.support.hub_clients import agent_at, open_silent_agent, raw_agent, running_hub
from tests.support.raw_connections import dialled, frame, is_cut, request
from tests.support.tls import written_pair
from tests.support.upstream_servers import user_server
from tests.support.waiting import GUARD, logged


@asynccontextmanager
async def successor(hub: HubServer) -> AsyncIterator[HubServer]:
    """The hub that takes over, serving; `hub` has let go."""
    await hub.settle()
    snapshot, descriptors = hub.freeze()
    plain = msgspec.msgpack.encode(snapshot)
    sockets = tuple(socket.socket(fileno=os.dup(each)) for each in descriptors)
    log = EventLog()
    log.skip_to(hub.log.next_seq)
    following = HubServer(hub.settings, log)
    following.adopt(Adoption(msgspec.msgpack.decode(plain, type=HubSnapshot), sockets))
    # Before the event loop runs again, in which both are here: the other one would go on writing.
    hub.let_go()
    async with following:
        following.go_on()
        yield following


async def answer(agent: ClientConnection) -> bytes:
    async with asyncio.timeout(GUARD):
        data = await agent.recv(decode=False)
    assert isinstance(data, bytes)
    return data


async def test_the_agent_goes_on_with_name_counts_and_port():
    async with running_hub() as hub, raw_agent(hub) as agent:
        await agent.send("MODEL_EVENT_ADD|gene\n")
        await logged(hub.log, lambda event: event.type == "MODEL_EVENT_ADD")
        hub.send(parse_message("TEST|1"))
        assert await answer(agent) == b"TEST|1\n"
        before = hub.agents[0]
        async with successor(hub) as following:
            (after,) = following.agents
            assert (after.name, after.connected_at, after.handshake) == (
                before.name,
                before.connected_at,
                before.handshake,
            )
            assert after.counts.sent == 1
            assert after.known.exists("model", "gene")
            await agent.send("TEST|1\n")
            echo = await logged(following.log, lambda event: event.type == "TEST")
            sent = next(event for event in hub.log if event.kind == "sent")
            assert echo.echo == sent.seq
            assert after.counts.received == 2
            following.send(parse_message("TEST|2"))
            assert await answer(agent) == b"TEST|2\n"
            async with agent_at(f"ws://127.0.0.1:{hub.port}/chat-1"):
                await logged(following.log, lambda event: event.agent == "chat-1")
            assert not [event for event in following.log if event.agent == "chat" and event.text]
        assert not [event for event in hub.log if event.kind == "disconnected"]


async def settled(hub: HubServer, frames: int) -> None:
    """Waits until the agent has sent so many messages."""
    async with asyncio.timeout(GUARD):
        while hub.agents[0].counts.frames_in < frames:
            await asyncio.sleep(0.01)


async def test_a_frame_in_two_parts_is_one_message():
    async with running_hub() as hub:
        _, writer = await open_silent_agent(hub)
        line = frame(b"WHOLE|1\n")
        writer.write(frame(b"FIRST\n") + line[:5])
        await settled(hub, 1)
        async with successor(hub) as following:
            writer.write(line[5:])
            event = await logged(following.log, lambda event: event.kind == "received")
            assert (event.type, event.args) == ("WHOLE", "1")
        writer.close()


async def test_fragments_before_and_after_are_one_message():
    async with running_hub() as hub:
        _, writer = await open_silent_agent(hub)
        writer.write(frame(b"FIRST\n") + frame(b"WHO", fin=False))
        await settled(hub, 1)
        async with successor(hub) as following:
            writer.write(frame(b"LE", Opcode.CONT, fin=False) + frame(b"|1\n", Opcode.CONT))
            event = await logged(following.log, lambda event: event.kind == "received")
            assert (event.type, event.args) == ("WHOLE", "1")
        writer.close()


async def test_an_unfinished_line_gets_its_end():
    async with running_hub() as hub:
        _, writer = await open_silent_agent(hub)
        writer.write(frame(b"LONG|A"))
        await settled(hub, 1)
        async with successor(hub) as following:
            writer.write(frame(b"B\n"))
            event = await logged(following.log, lambda event: event.type == "LONG")
            assert (event.args, event.cut) == ("AB", False)
        writer.close()


async def test_lines_that_wait_leave_once_and_in_order():
    async with running_hub() as hub, raw_agent(hub) as agent:
        for number in range(2000):
            hub.send(parse_message(f"LINE|{number:0100}"))
        first = await answer(agent)
        async with successor(hub) as following:
            data = first
            while data.count(b"\n") < 2000:
                data += await answer(agent)
            numbers = [int(line.partition(b"|")[2]) for line in data.splitlines()]
            assert numbers == list(range(2000))
            sent = [e for log in (hub.log, following.log) for e in log if e.kind == "sent"]
            assert [int(event.args) for event in sent] == numbers


async def test_a_handshake_that_has_begun_is_ended_first():
    async with running_hub() as hub, raw_agent(hub):
        reader, writer = await dialled(hub)
        whole = request("/chat-late")
        writer.write(whole[:20])
        await asyncio.sleep(0.05)
        settling = asyncio.create_task(hub.settle())
        await asyncio.sleep(0.05)
        assert not settling.done()
        writer.write(whole[20:])
        await settling
        hub.thaw()
        assert b" 101 " in await reader.readuntil(b"\r\n\r\n")
        assert "chat-late" in [agent.name for agent in hub.connected]
        writer.close()


async def test_messages_for_the_upstream_are_kept_and_it_is_dialled_anew():
    async with user_server() as server:
        async with running_hub(relay=server.url) as hub, agent_at(hub.dial_url) as agent:
            await agent.send("BEFORE\n")
            await logged(hub.log, lambda event: event.type == "BEFORE")
            async with successor(hub) as following:
                await agent.send("AFTER\n")
                await logged(following.log, lambda event: "back after" in event.text)
                async with asyncio.timeout(GUARD):
                    while "AFTER\n" not in server.got:
                        await asyncio.sleep(0.01)


async def loaded(agent: ClientConnection, hub: HubServer) -> None:
    """Has the agent send 100 messages at once."""
    for number in range(100):
        await agent.send(f"LOAD|{number}\n")
    await logged(hub.log, lambda event: event.args == "99")


async def test_what_is_on_its_way_to_the_upstream_comes_once():
    async with user_server() as server:
        server.seconds_a_message = 0.002
        async with running_hub(relay=server.url) as hub, agent_at(hub.dial_url) as agent:
            await loaded(agent, hub)
            async with successor(hub):
                await server.until(100)
                await asyncio.sleep(0.05)
        # The server still takes what it has of the connection before when the new one comes.
        assert sorted(server.got) == sorted(f"LOAD|{number}\n" for number in range(100))


async def test_an_upstream_that_acknowledges_nothing_does_not_keep_the_agent_here():
    async with user_server() as server:
        async with running_hub(relay=server.url) as hub, agent_at(hub.dial_url) as agent:
            await agent.send("BEFORE\n")
            await server.until(1)
            server.stall()
            await loaded(agent, hub)
            async with successor(hub):
                await server.until(101)
        assert server.got == ["BEFORE\n", *[f"LOAD|{number}\n" for number in range(100)]]


async def test_what_the_agent_says_goes_on_to_the_upstream_when_nobody_takes_over():
    async with user_server() as server:
        async with running_hub(relay=server.url) as hub, agent_at(hub.dial_url) as agent:
            await hub.settle()
            hub.thaw()
            await agent.send("AFTER\n")
            await server.until(1)


async def test_it_goes_on_as_before_when_nobody_takes_over():
    async with running_hub() as hub, raw_agent(hub) as agent:
        await hub.settle()
        hub.freeze()
        await agent.send("MEANWHILE\n")
        hub.thaw()
        await logged(hub.log, lambda event: event.type == "MEANWHILE")
        hub.send(parse_message("TEST"))
        assert await answer(agent) == b"TEST\n"


async def test_a_path_stays_exclusive():
    async with running_hub(exclusive=True) as hub, raw_agent(hub):
        async with successor(hub) as following:
            reader, writer = await dialled(following)
            writer.write(request("/chat"))
            assert b" 429 " in await reader.readuntil(b"\r\n\r\n")
            assert await is_cut(reader)
            assert following.refusals
            writer.close()


@pytest.mark.asyncio(loop_factories=["asyncio"])  # the other one has no TLS
async def test_tls_says_that_it_cannot(tmp_path: Path):
    cert, key = written_pair(tmp_path)
    async with running_hub(tls_cert=cert, tls_key=key) as hub:
        with pytest.raises(CannotHandOver, match="TLS"):
            await hub.settle()


async def test_nothing_is_read_before_it_goes_on():
    """Until then the hub before may be the one that goes on."""
    async with running_hub() as hub, raw_agent(hub) as agent:
        await hub.settle()
        snapshot, descriptors = hub.freeze()
        await agent.send("LATER\n")
        sockets = tuple(socket.socket(fileno=os.dup(each)) for each in descriptors)
        following = HubServer(hub.settings, EventLog())
        following.adopt(Adoption(snapshot, sockets))
        with socket.socket(fileno=os.dup(descriptors[-1])) as ours:
            hub.let_go()
            async with following:
                for _ in range(100):  # turns of the loop
                    await asyncio.sleep(0)
                waiting = ours.recv(100, socket.MSG_PEEK)
                assert len(waiting) == len(frame(b"LATER\n"))
                following.go_on()
                await logged(following.log, lambda event: event.type == "LATER")
