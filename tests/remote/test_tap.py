"""The tap: other programs beside the dashboard, on the same agents."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from mdxdash.hub.address import CannotListen
from mdxdash.hub.server import HubServer
from mdxdash.remote.tap import MOST_CLIENTS
from mdxdash.wire.message import parse_message
from tests.support.hub_clients import raw_agent, received, running_hub
from tests.support.waiting import GUARD, logged

SECRET = "0123456789abcdef"


@asynccontextmanager
async def tapped(hub: HubServer, path: str = "/tap") -> AsyncIterator[ClientConnection]:
    """A program at the tap."""
    before = sum(event.text.startswith("tap from") for event in hub.log)
    async with connect(
        f"ws://localhost:{hub.port}{path}", max_queue=None, close_timeout=0.2
    ) as client:
        await logged(hub.log, lambda e: e.text.startswith("tap from") and e.seq > before)
        yield client


async def next_of(client: ClientConnection, key: str, value: object) -> dict[str, object]:
    """The next line whose `key` is so."""
    async with asyncio.timeout(GUARD):
        while True:
            line = json.loads(await client.recv())
            if key in line and line[key] == value:
                return line


async def refusal(hub: HubServer, path: str) -> int:
    with pytest.raises(InvalidStatus) as caught:
        async with connect(f"ws://localhost:{hub.port}{path}"):
            pass
    return caught.value.response.status_code


async def test_each_event_is_a_line_of_json_for_each_program():
    async with running_hub(tap=True) as hub, tapped(hub) as one, tapped(hub) as two:
        async with raw_agent(hub) as agent:
            await agent.send("SYNTH_START|0|mei|こんにちは\n")
            for client in (one, two):
                line = await next_of(client, "kind", "received")
                assert (line["agent"], line["args"]) == ("chat", "0|mei|こんにちは")


async def test_a_line_goes_to_all_agents():
    async with running_hub(tap=True) as hub, tapped(hub) as client:
        async with raw_agent(hub) as one, raw_agent(hub) as two:
            await client.send("TEST_MESSAGE|日本\n")
            for agent in (one, two):
                assert await agent.recv(decode=False) == "TEST_MESSAGE|日本\n".encode()
            assert (await next_of(client, "kind", "sent"))["by"] == "tap"


async def test_a_command_names_its_target_and_is_answered():
    async with running_hub(tap=True) as hub, tapped(hub) as client:
        async with raw_agent(hub), raw_agent(hub, "/chat-1") as other:
            await client.send(json.dumps({"send": "HELLO", "to": "chat-1", "id": 7}))
            assert await other.recv(decode=False) == b"HELLO\n"
            assert await next_of(client, "answer", 7) == {"answer": 7, "agents": ["chat-1"]}


@pytest.mark.parametrize(
    ("said", "key", "reason"),
    [
        ("A|\0", "refused", "W102"),
        ("", "refused", "W101"),
        ("{", "refused", "no command"),
        ('{"send": "A", "too": "x"}', "refused", "unknown field `too`"),
        ('{"send": 1}', "refused", "no command"),
        ('{"send": "A", "to": "nobody"}', "refused", "no agent to send it to"),
    ],
)
async def test_what_does_not_go_through_is_said(said: str, key: str, reason: str):
    async with running_hub(tap=True) as hub, tapped(hub) as client, raw_agent(hub):
        await client.send(said)
        answer = await next_of(client, "answer", None)
        assert reason in str(answer[key])


async def test_what_may_do_harm_asks_to_be_sure():
    async with running_hub(tap=True) as hub, tapped(hub) as client, raw_agent(hub) as agent:
        harmful = {"send": "PLUGIN_DISABLE|Remote", "id": 1}
        await client.send(json.dumps(harmful))
        answer = await next_of(client, "answer", 1)
        assert answer["asked"]
        await client.send(json.dumps({**harmful, "sure": True, "id": 2}))
        assert (await next_of(client, "answer", 2))["agents"] == ["chat"]
        assert await agent.recv(decode=False) == b"PLUGIN_DISABLE|Remote\n"


async def test_a_program_that_does_not_read_is_dropped_and_nobody_waits():
    async with running_hub(tap=True, tap_bytes=65_536) as hub, tapped(hub) as good:
        async with tapped(hub) as slow, raw_agent(hub) as agent:
            slow.transport.pause_reading()
            reader = asyncio.create_task(next_of(good, "type", "LAST"))
            for number in range(20_000):
                await agent.send(f"FLOOD|{number}|{'x' * 200}\n")
            await agent.send("LAST\n")
            await received(hub.log, 20_001)
            dropped = await logged(hub.log, lambda event: "too slow" in event.text)
            assert "over 65,536 bytes were waiting" in dropped.text
            await reader


async def test_a_flood_of_commands_is_bounded():
    async with running_hub(tap=True, queue=100) as hub, tapped(hub) as client, raw_agent(hub):
        for _ in range(500):
            await client.send("A\n")
        answer = await next_of(client, "answer", None)
        assert "100 lines already wait" in str(answer["refused"])


async def test_it_is_off_unless_asked_for():
    async with running_hub() as hub:
        assert await refusal(hub, "/tap") == 404


async def test_it_needs_the_secret():
    async with running_hub(tap=True, secret=SECRET) as hub:
        assert await refusal(hub, "/tap") == 404
        async with tapped(hub, f"/tap/{SECRET}"):
            pass


async def test_web_pages_stay_out():
    async with running_hub(tap=True) as hub:
        with pytest.raises(InvalidStatus):
            async with connect(
                f"ws://localhost:{hub.port}/tap", additional_headers={"Origin": "http://a.example"}
            ):
                pass


async def test_programs_are_no_agents_and_their_number_is_bounded():
    async with running_hub(tap=True, max_agents=1) as hub:
        clients = [tapped(hub) for _ in range(MOST_CLIENTS)]
        for client in clients:
            await client.__aenter__()
        assert hub.agents == ()
        assert await refusal(hub, "/tap") == 503
        async with raw_agent(hub):
            assert hub.send(parse_message("A")).agents == ("chat",)
        for client in clients:
            await client.__aexit__(None, None, None)


async def test_its_path_cannot_be_the_agents_path():
    with pytest.raises(CannotListen, match="choose another path"):
        async with running_hub(tap=True, path="/tap"):
            pass
