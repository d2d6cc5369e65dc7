"""One agent over a real socket: echoes, pace, what waits when it goes."""

import asyncio
from collections import defaultdict

import pytest
from websockets.asyncio.client import connect

from mdxdash.events.event import Event
from mdxdash.hub.server import HubServer
from mdxdash.simulator import Simulator
from mdxdash.wire.message import parse_message
from tests.support.hub_clients import open_silent_agent, raw_agent, received, running_hub
from tests.support.waiting import GUARD, logged

ONCE = pytest.mark.asyncio(loop_factories=["asyncio"])
"""It takes five seconds, and the loop plays no part in it."""


async def test_the_echo_acknowledges_with_its_round_trip():
    async with running_hub() as hub, raw_agent(hub) as agent:
        hub.send(parse_message("A|1"))
        assert await agent.recv(decode=False) == b"A|1\n"
        await agent.send("OTHER\nA|1\n")
        echo = await logged(hub.log, lambda event: event.echo is not None)
        sent = hub.log[echo.echo or 0]
        assert (sent.kind, sent.type, sent.args) == ("sent", "A", "1")
        assert sent.round_trip == echo.round_trip
        assert hub.agents[0].counts.last_round_trip == sent.round_trip


async def test_a_command_is_checked_against_what_the_one_before_it_brings_about():
    async with running_hub() as hub, raw_agent(hub):
        first, second = (hub.send(parse_message("SPEAK_START|mei|a.wav")) for _ in range(2))
        assert (first.agents, first.asked) == (("chat",), ())
        assert second.agents == ()
        assert "A304" in second.asked[0]


async def test_a_log_line_acknowledges_too():
    async with running_hub() as hub, raw_agent(hub) as agent:
        hub.send(parse_message("A|1"))
        await agent.recv()
        await agent.send("[2026/11/22 19:53:48.194] [9324096] Remote: Sent: A|1\n\n")
        echo = await logged(hub.log, lambda event: event.echo is not None)
        assert (echo.kind, echo.module, echo.level) == ("log", "Remote", "Sent")


@ONCE
async def test_what_gets_no_echo_is_marked_after_five_seconds():
    async with running_hub() as hub, raw_agent(hub):
        hub.send(parse_message("NEVER_ECHOED"))
        lost = await logged(hub.log, lambda event: event.lost)
        assert lost.type == "NEVER_ECHOED"
        assert hub.agents[0].counts.lost == 1


async def test_a_full_queue_refuses_with_the_reason_and_one_agent_never_delays_another():
    async with running_hub(queue=10) as hub, raw_agent(hub), raw_agent(hub, "/chat-1") as other:
        for _ in range(11):
            delivery = hub.send(parse_message("FILL"), "chat")
        assert "10 lines already wait" in delivery.refused[0]
        assert hub.send(parse_message("HELLO"), "chat-1").agents == ("chat-1",)
        assert await asyncio.wait_for(other.recv(decode=False), GUARD) == b"HELLO\n"
        refused = [event for event in hub.log if event.kind == "refused"]
        assert [(event.type, event.agent) for event in refused] == [("FILL", "chat")]


async def test_what_still_waits_when_the_agent_goes_is_told_line_by_line():
    async with running_hub() as hub:
        async with raw_agent(hub):
            for number in range(3000):
                hub.send(parse_message(f"NUMBER|{number}"))
        await logged(hub.log, lambda event: event.kind == "disconnected")
        by_kind: defaultdict[str, list[Event]] = defaultdict(list)
        for event in hub.log:
            by_kind[event.kind].append(event)
        assert len(by_kind["sent"]) + len(by_kind["refused"]) == 3000
        assert {event.text for event in by_kind["refused"]} == {
            "the agent was gone before this line left"
        }


async def test_an_unfinished_line_is_shown_when_nothing_more_comes():
    async with running_hub() as hub, raw_agent(hub) as agent:
        await agent.send("HALF")
        (event,) = await received(hub.log, 1)
        assert (event.type, event.cut) == ("HALF", True)


async def test_an_agent_without_a_sign_of_life_is_silent_and_stays_connected():
    async with running_hub(silent_after=0.3) as hub:
        _, writer = await open_silent_agent(hub)
        told = await logged(hub.log, lambda event: event.kind == "fault")
        assert "no sign of life" in told.text
        assert hub.agents[0].state == "silent"
        writer.write(bytes([0x81, 0x82, 0, 0, 0, 0]) + b"A\n")
        await received(hub.log, 1)
        assert hub.agents[0].state == "connected"
        writer.close()


@ONCE
async def test_an_agent_that_answers_pings_is_not_silent():
    async with running_hub(silent_after=0.3) as hub, raw_agent(hub):
        hub.send(parse_message("NEVER_ECHOED"))
        await logged(hub.log, lambda event: event.lost)
        assert not any(event.kind == "fault" for event in hub.log)


async def test_an_agent_that_left_with_lines_waiting_is_served_again():
    async with running_hub() as hub:
        async with raw_agent(hub):
            for number in range(3000):
                hub.send(parse_message(f"NUMBER|{number}"))
        await logged(hub.log, lambda event: event.kind == "disconnected")
        async with raw_agent(hub) as agent:
            await logged(hub.log, lambda event: "back after" in event.text)
            hub.send(parse_message("FIRST|1"))
            assert await asyncio.wait_for(agent.recv(decode=False), GUARD) == b"FIRST|1\n"


async def simulated(hub: HubServer) -> asyncio.Task[None]:
    task = asyncio.create_task(Simulator(hub.url).run())
    await logged(hub.log, lambda event: event.kind == "connected")
    return task


async def test_ten_thousand_lines_reach_the_simulated_agent_in_order_and_all_come_back():
    async with running_hub() as hub:
        agent = await simulated(hub)
        for number in range(10_000):
            assert hub.send(parse_message(f"N|{number}")).agents
        echoes = await received(hub.log, 10_000)
        assert [event.args for event in echoes] == [str(number) for number in range(10_000)]
        assert all(event.echo is not None for event in echoes)
        agent.cancel()


async def test_lines_frames_and_bytes_are_counted_both_ways():
    async with running_hub() as hub, raw_agent(hub) as agent:
        await agent.send("A|1\nB\n")
        await agent.send("C\n")
        await received(hub.log, 3)
        for number in range(3):
            hub.send(parse_message(f"D|{number}"))
        frames = [await agent.recv(decode=False)]
        while b"".join(frames).count(b"\n") < 3:
            frames.append(await agent.recv(decode=False))
        counts = hub.agents[0].counts
        assert (counts.received, counts.frames_in, counts.bytes_in) == (3, 2, 8)
        assert (counts.sent, counts.frames_out) == (3, len(frames))
        assert counts.bytes_out == 12


async def test_the_handshake_is_kept_without_the_secret_and_without_passwords():
    secret = "0123456789abcdef"
    async with running_hub(secret=secret) as hub:
        headers = {"X-App-Type": "MMDAgent", "X-Seen": secret, "Cookie": "a=b"}
        async with connect(hub.dial_url, additional_headers=headers):
            await logged(hub.log, lambda event: event.kind == "connected")
            handshake = hub.agents[0].handshake
            assert handshake.path == "/chat/***"
            shown = dict(handshake.headers)
            assert (shown["X-App-Type"], shown["X-Seen"], shown["Cookie"]) == (
                "MMDAgent",
                "***",
                "***",
            )
            assert handshake.address in hub.log[1].text
