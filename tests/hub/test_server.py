"""The hub over real sockets: its agents, sending, and how it closes."""

import socket
import time

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from mdxdash.hub.address import CannotListen
from mdxdash.hub.server import HubServer
from mdxdash.wire.message import parse_message
from tests.support.hub_clients import open_silent_agent, raw_agent, received, running_hub
from tests.support.waiting import logged


async def test_a_frame_is_an_event():
    async with running_hub() as hub, raw_agent(hub) as agent:
        await agent.send("SYNTH_START|0|mei|こんにちは\n")
        (event,) = await received(hub.log, 1)
        assert (event.kind, event.agent) == ("received", "chat")
        assert (event.type, event.args) == ("SYNTH_START", "0|mei|こんにちは")


async def test_agents_are_named_after_their_paths():
    async with running_hub() as hub, raw_agent(hub), raw_agent(hub), raw_agent(hub, "/chat-1"):
        assert [agent.name for agent in hub.agents] == ["chat", "chat#2", "chat-1"]


async def test_both_loopback_addresses_are_served_on_the_free_port():
    async with running_hub() as hub:
        async with connect(f"ws://127.0.0.1:{hub.port}/chat"):
            await logged(hub.log, lambda event: event.kind == "connected")
        if socket.has_ipv6:
            try:
                socket.create_connection(("::1", hub.port)).close()
            except OSError as error:
                pytest.skip(f"no IPv6 loopback here: {error}")


@pytest.mark.parametrize("payload", [b"A|\xff\xfe\n", "A|\ufffd\n"])
async def test_frames_that_are_not_utf8_are_read_with_replacement(payload: bytes | str):
    async with running_hub() as hub, raw_agent(hub) as agent:
        await agent.send(payload, text=True)
        (event,) = await received(hub.log, 1)
        assert set(event.args) == {"\ufffd"}
        await agent.send("STILL_HERE\n")
        await logged(hub.log, lambda event: event.type == "STILL_HERE")


async def test_what_is_unsafe_is_refused_with_the_reason_and_never_leaves():
    async with running_hub() as hub, raw_agent(hub) as agent:
        for line in ("", "A|\0", "|A", "A|" + "x" * 5000, "A|\ud800"):
            delivery = hub.send(parse_message(line))
            assert delivery.agents == ()
            assert delivery.refused[0].startswith("W10")
        hub.send(parse_message("HARMLESS"))
        assert await agent.recv(decode=False) == b"HARMLESS\n"
        refused = [event for event in hub.log if event.kind == "refused"]
        assert len(refused) == 5
        assert all(event.text.startswith("W10") for event in refused)


async def test_a_target_is_a_name_a_glob_or_everybody():
    async with running_hub() as hub, raw_agent(hub), raw_agent(hub), raw_agent(hub, "/chat-1"):
        message = parse_message("TEST_MESSAGE")
        assert hub.send(message).agents == ("chat", "chat#2", "chat-1")
        assert hub.send(message, "chat-1").agents == ("chat-1",)
        assert hub.send(message, "chat*").agents == ("chat", "chat#2", "chat-1")
        assert hub.send(message, "nobody").agents == ()


async def test_closing_ends_connections_without_a_close_frame_and_within_a_second():
    async with running_hub() as hub:
        reader, writer = await open_silent_agent(hub)
        began = time.monotonic()
        await hub.close()
        assert time.monotonic() - began < 1
        assert await reader.read() == b""
        writer.close()
        await logged(hub.log, lambda event: event.text == "ended by mdxdash")


async def test_an_agent_that_comes_back_is_the_same_agent():
    async with running_hub() as hub:
        async with raw_agent(hub) as agent:
            await agent.send("A\n")
            await received(hub.log, 1)
        await logged(hub.log, lambda event: event.kind == "disconnected")
        async with connect(hub.url):
            back = await logged(hub.log, lambda event: "back after" in event.text)
            assert back.agent == "chat"
            assert [(agent.name, agent.counts.received) for agent in hub.agents] == [("chat", 1)]


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"host": "no-such-host.invalid"}, "unknown host"),
        ({"host": "192.0.2.1"}, "no address of this machine"),
    ],
)
async def test_where_it_cannot_listen_it_says_why(settings: dict[str, str], says: str):
    with pytest.raises(CannotListen, match=says):
        async with running_hub(**settings):
            pass


async def test_a_port_in_use_is_named_with_a_way_out():
    async with running_hub() as hub:
        settings = hub.settings.__class__(port=hub.port)
        with pytest.raises(CannotListen, match=f"port {hub.port} is in use.*--port"):
            async with HubServer(settings, hub.log):
                pass


async def test_an_agent_that_is_cut_off_learns_of_it():
    async with running_hub() as hub, raw_agent(hub) as agent:
        await hub.close()
        with pytest.raises(ConnectionClosed) as caught:
            await agent.recv()
        assert caught.value.rcvd is None


async def test_a_run_of_newlines_in_a_log_line_holds_nobody_up():
    async with running_hub() as hub, raw_agent(hub) as agent:
        head = "[2026/11/22 19:48:26.306] [1] A: Debug: "
        await agent.send(head + "\n" * 65_000 + "x\n\n")
        await logged(hub.log, lambda event: event.kind == "log")
        assert len(hub.log[hub.log.next_seq - 1].text) == 65_001
