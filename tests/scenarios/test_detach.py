"""A dashboard in a terminal that is detached and attached again: no agent notices, and nothing is
lost."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from mdxdash.hub.address import free_port
from mdxdash.remote.control_socket import hub_address
from mdxdash.remote.handover.giving import own_command
from mdxdash.remote.protocol import Restart, StopMacros
from mdxdash.remote.shell_client import ShellClient, first_line
from tests.support.background import stop_hubs, stopped_at_last, welcomes
from tests.support.counting_agent import counting_agent, recorded_events
from tests.support.terminal import Terminal, mdxdash_terminal
from tests.support.waiting import GUARD

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")

ROUNDS = int(os.environ.get("MDXDASH_DETACHES", "1"))


async def shown(terminal: Terminal, *texts: str) -> None:
    for text in texts:
        await asyncio.to_thread(terminal.until, text)


async def ended(terminal: Terminal) -> None:
    assert await asyncio.to_thread(terminal.end) == 0


def restart(home: Path) -> None:
    with ShellClient(hub_address("main", home / "mdxdash"), first_line("hub")) as client:
        answer = client.ask(Restart(own_command(), 0), GUARD)
        assert answer.outcome == "restarted"


def stop_macros(home: Path) -> None:
    with ShellClient(hub_address("main", home / "mdxdash"), first_line("hub")) as client:
        client.ask(StopMacros(id=0))


MACRO = '[[macro]]\nname = "Often"\nkey = "1"\nevery = "20ms"\nsend = "TICK"\n'
"""50 commands a second."""


async def test_detached_and_attached_under_load(tmp_path: Path):
    port, pids = free_port("127.0.0.1"), set()
    (tmp_path / "macros.toml").write_text(MACRO)
    options = ("--port", str(port), "--config", "macros.toml")
    with stopped_at_last(tmp_path), mdxdash_terminal(tmp_path, *options) as first:
        await shown(first, "Compose", "ws://localhost", "1-9 Fire")
        async with counting_agent(f"ws://localhost:{port}/chat") as agent:
            await shown(first, "1 agent", "COUNT")
            first.press("1")
            await agent.until(5)
            first.press("q")
            await shown(first, "Detach (enter)")
            first.press("\r")
            await ended(first)
            for round_ in range(ROUNDS):
                pids |= {welcome.pid for welcome in await asyncio.to_thread(welcomes, tmp_path)}
                with mdxdash_terminal(tmp_path, "attach") as terminal:
                    await shown(terminal, "attached to main", "1 agent", "1-9 Fire")
                    terminal.press(f"cHELLO|{round_}\r")
                    await agent.until_told(f"HELLO|{round_}")
                    await asyncio.to_thread(restart, tmp_path)
                    terminal.press("\x1b")
                    await shown(terminal, "1-9 Fire")
                    terminal.press("q")
                    await ended(terminal)
            await agent.fall_quiet()
            await asyncio.to_thread(stop_macros, tmp_path)
            await asyncio.sleep(0.2)
            assert not agent.lost
            await asyncio.to_thread(stop_hubs, tmp_path)
    assert len(pids) == ROUNDS
    (recording,) = tmp_path.rglob("*.jsonl")
    events = recorded_events(recording)
    counted = [int(event["args"]) for event in events if event.get("type") == "COUNT"]
    assert counted == list(range(agent.sent))
    sent = [event for event in events if event["kind"] == "sent"]
    assert agent.commands == ["|".join(filter(None, (e["type"], e.get("args")))) for e in sent]
    said = [command for command in agent.commands if command != "TICK"]
    assert said == [f"HELLO|{round_}" for round_ in range(ROUNDS)]
    echoes = [event["echo"] for event in events if "echo" in event]
    assert echoes == [event["seq"] for event in sent]
    assert [event["kind"] for event in events].count("connected") == 1


async def test_a_dashboard_whose_hub_is_restarted_is_attached_to_it(tmp_path: Path):
    port = free_port("127.0.0.1")
    with stopped_at_last(tmp_path), mdxdash_terminal(tmp_path, "--port", str(port)) as terminal:
        await shown(terminal, "Compose", "ws://localhost")
        async with counting_agent(f"ws://localhost:{port}/chat") as agent:
            await shown(terminal, "1 agent")
            await asyncio.to_thread(restart, tmp_path)
            await shown(terminal, "attached to main", "1 agent")
            await agent.fall_quiet()
            assert not agent.lost
