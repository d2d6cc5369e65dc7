"""What a running hub does now, for people and for programs."""

import asyncio
import json
from pathlib import Path

from mdxdash.cli.commands.status import command
from tests.support.faces import session_in
from tests.support.hostile_text import HOSTILE, active
from tests.support.hub_clients import raw_agent, received
from tests.support.programs import call

MACROS = '[[macro]]\nname = "Reply"\non = "type:ASK"\nsend = "REPLY"\n'


async def test_agents_macros_and_recording_are_shown(tmp_path: Path) -> None:
    async with session_in(tmp_path, macros=MACROS) as session, raw_agent(session.hub) as agent:
        await agent.send("A\n")
        await received(session.log, 1)
        shown = (await asyncio.to_thread(call, command)).stdout
        assert f"{session.hub.url} · 2 events · " in shown
        (row,) = [line.split() for line in shown.splitlines() if line.startswith("chat")]
        assert (row[1], row[3:7]) == ("connected", ["1", "0", "0", "0"])
        (row,) = [line.split() for line in shown.splitlines() if line.startswith("Reply")]
        assert row == ["Reply", "on", "0", "0", "0"]


async def test_json_has_all_of_it(tmp_path: Path) -> None:
    async with session_in(tmp_path) as session, raw_agent(session.hub):
        state = json.loads((await asyncio.to_thread(call, command, "--json")).stdout)
        assert state["welcome"]["url"] == session.hub.url
        assert state["agents"][0]["handshake"]["path"] == "/chat"
        assert state["hub"]["recording"] == session.recording


async def test_what_others_wrote_is_shown_inert(tmp_path: Path) -> None:
    async with session_in(tmp_path) as session:
        session._untrusted = lambda: HOSTILE
        assert not active((await asyncio.to_thread(call, command)).stdout)


async def test_how_it_gets_on_at_a_broker_is_shown(tmp_path: Path) -> None:
    async with session_in(tmp_path) as session:
        session.brokers["fleet"] = "publishes nothing: amqp://broker cannot be reached"
        assert session.brokers["fleet"] in (await asyncio.to_thread(call, command)).stdout
