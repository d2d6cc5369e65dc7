"""A hub that is killed: another one goes on with its agents, who do not notice."""

import asyncio
import os
import random
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple

import pytest

from mdxdash.hub.address import free_port
from tests.support.background import keepers, stop_hubs, stopped_at_last, welcomes
from tests.support.counting_agent import counting_agent, recorded_events
from tests.support.faces import face, runtime_folder
from tests.support.homes import home_environment
from tests.support.programs import running, url_of
from tests.support.terminal import Terminal, mdxdash_terminal
from tests.support.waiting import GUARD, until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="there are no keepers elsewhere")

ROUNDS = int(os.environ.get("MDXDASH_KILLS", "1"))
"""How often it is killed."""

CUT_LINE = "CUT|" + "x" * 2043
"""As long as an agent's frames can be."""


@pytest.fixture(autouse=True)
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("MDXDASH_KEEPER", "true")
    with runtime_folder(monkeypatch) as folder, stopped_at_last(folder):
        yield folder


async def another(runtime: Path, pid: int) -> int:
    """The process of the hub that follows the one with this number."""
    async with asyncio.timeout(GUARD):
        while True:
            found = [each.pid for each in await asyncio.to_thread(welcomes, runtime)]
            if found and found != [pid]:
                return found[0]
            await asyncio.sleep(0.02)


class Holder(NamedTuple):
    """The process that holds the agents first."""

    pid: int
    url: str
    end: Callable[[], int]
    """Waits until it is gone."""


@asynccontextmanager
async def first_holder(begun_with: str, home: Path, recording: Path) -> AsyncIterator[Holder]:
    """A hub without a screen, or a dashboard in a terminal with the hub in its process."""
    if begun_with == "serve":
        with running("serve", "--port", "0", "--record", str(recording)) as program:
            yield Holder(program.process.pid, url_of(program), program.end)
        return
    port = free_port("127.0.0.1")
    command = [sys.executable, "-m", "mdxdash", "--port", str(port), "--record", str(recording)]
    runtime = {"XDG_RUNTIME_DIR": os.environ["XDG_RUNTIME_DIR"]}
    with Terminal(command, home, home_environment(home) | runtime) as terminal:
        await asyncio.to_thread(terminal.until, "Compose")
        yield Holder(terminal.pid, f"ws://localhost:{port}/chat", terminal.end)


@pytest.mark.parametrize("begun_with", ["serve", "dashboard"])
async def test_agents_go_on_with_another_and_the_gap_is_told(
    begun_with: str, tmp_path: Path, runtime: Path
):
    recording = tmp_path / "session.jsonl"
    async with first_holder(begun_with, tmp_path, recording) as first:
        pid = first.pid
        durations = []
        async with (
            counting_agent(first.url, between=CUT_LINE) as agent,
            counting_agent(f"{first.url}-1", interval=1.0) as slow,
        ):
            await asyncio.to_thread(until, keepers)
            for round_ in range(ROUNDS):
                await asyncio.to_thread(until, keepers)
                (keeping,) = keepers()
                # It would not start a hub that dies three times in a minute.
                os.kill(keeping, signal.SIGUSR1)
                pause = asyncio.create_task(slow.stop_reading(2.0 if ROUNDS > 1 else 0.2))
                async with face(face="send", events=False) as raw:
                    for _ in range(20):
                        raw.say(do="send", line=f"LONG|{'x' * 1900}", to="chat-1")
                        await asyncio.sleep(random.uniform(0.0, 0.03))
                killed = time.monotonic()
                os.kill(pid, signal.SIGKILL)
                if not round_:
                    await asyncio.to_thread(first.end)
                pid = await another(runtime, pid)
                taken = time.monotonic() - killed
                async with face(face="send", events=False) as raw:
                    command = f"COMMAND|{round_}"
                    await raw.ask("send", line=command)
                    await agent.until_told(command)
                    await slow.until_told(command)
                assert not (agent.lost or slow.lost)
                await pause
                durations.append(taken)
            await agent.fall_quiet()
            await asyncio.sleep(0.2)
            assert (agent.connections, slow.connections) == (1, 1)
            assert not (agent.lost or slow.lost)
            await asyncio.to_thread(stop_hubs, runtime)
    events = recorded_events(recording)
    of_agent = [event for event in events if event.get("agent") == "chat"]
    counted = [int(event["args"]) for event in of_agent if event.get("type") == "COUNT"]
    assert {e["type"] for e in of_agent if e["kind"] == "received"} == {"COUNT", "CUT", "COMMAND"}
    assert counted == sorted(set(counted))
    assert counted[-1] == agent.sent - 1
    print(
        f"{ROUNDS} times killed, begun with {begun_with}: taken over after "
        f"{median(durations):.2f} s (median), {max(durations):.2f} s at most; "
        f"{agent.sent - len(counted)} of {agent.sent} numbers missing"
    )
    # 500 a second; what the process had read in its last tenth of a second is missing.
    assert agent.sent - len(counted) <= 100 * ROUNDS
    assert [e["kind"] for e in events].count("connected") == 2
    assert {line for line in slow.commands if line.startswith("LONG")} <= {f"LONG|{'x' * 1900}"}
    faults = [event["text"] for event in events if event["kind"] == "fault"]
    assert len(faults) == ROUNDS and "process was gone" in faults[0]
    commands = [command for command in agent.commands if command.startswith("COMMAND")]
    assert commands == [f"COMMAND|{round_}" for round_ in range(ROUNDS)]


async def test_a_keeper_that_is_killed_is_replaced(runtime: Path):
    with running("serve", "--port", "0", "--no-record") as program:
        async with counting_agent(url_of(program)) as agent:
            await asyncio.to_thread(until, keepers)
            (first,) = keepers()
            os.kill(first, signal.SIGKILL)
            await asyncio.to_thread(until, lambda: keepers() and keepers() != [first])
            await asyncio.sleep(0.2)
            os.kill(program.process.pid, signal.SIGKILL)
            await another(runtime, program.process.pid)
            assert not agent.lost
    await asyncio.to_thread(stop_hubs, runtime)
    await asyncio.to_thread(until, lambda: not keepers())


async def test_a_connection_that_the_hub_ends_is_ended_for_the_agent(tmp_path: Path):
    with running("serve", "--port", "0", "--no-record") as program:
        async with counting_agent(url_of(program)) as agent:
            async with face(face="send", events=False) as raw:
                await raw.notice("welcome")
                await asyncio.sleep(0.1)
                await raw.ask("stop-hub", sure=True)
            assert await asyncio.to_thread(program.end) == 0
            async with asyncio.timeout(GUARD):
                while not agent.lost:
                    await asyncio.sleep(0.01)


async def test_a_hub_that_was_restarted_has_a_keeper_too(tmp_path: Path, runtime: Path):
    with running("serve", "--port", "0", "--no-record") as program:
        async with counting_agent(url_of(program)) as agent:
            async with face(face="send", events=False) as raw:
                command = (sys.executable, "-m", "mdxdash")
                assert (await raw.ask("restart", command=command))["outcome"] == "restarted"
            pid = await another(runtime, program.process.pid)
            await asyncio.sleep(0.2)
            os.kill(pid, signal.SIGKILL)
            assert await another(runtime, pid) != pid
            assert not agent.lost


async def test_a_killed_dashboard_leaves_a_hub_in_the_background(tmp_path: Path):
    port = free_port("127.0.0.1")
    with stopped_at_last(tmp_path), mdxdash_terminal(tmp_path, "--port", str(port)) as terminal:
        await asyncio.to_thread(terminal.until, "Compose")
        async with counting_agent(f"ws://localhost:{port}/chat") as agent:
            await asyncio.to_thread(terminal.until, "1 agent")
            pid = terminal.pid
            os.kill(pid, signal.SIGKILL)
            await asyncio.to_thread(terminal.end)
            await another(tmp_path, pid)
            with mdxdash_terminal(tmp_path, "attach") as second:
                await asyncio.to_thread(second.until, "attached to main")
                await asyncio.to_thread(second.until, "1 agent")
            assert not agent.lost
            (recording,) = tmp_path.rglob("*.jsonl")
            await asyncio.to_thread(until, lambda: b"process was gone" in recording.read_bytes())
