"""Scripts as people write them, joined to a hub with an agent."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection

from mdxdash.events.event import Event
from mdxdash.hub.server import HubServer
from mdxdash.programs.runner import ProgramRunner, check_feeds
from mdxdash.settings.tables.command_sections import ProgramSettings
from mdxdash.wire.message import parse_message
from tests.support.hub_clients import raw_agent, running_hub
from tests.support.waiting import GUARD, logged, until

BRIDGE = """\
import re, sys
sys.stdin.reconfigure(encoding="utf-8")
sys.stdout.reconfigure(encoding="utf-8")
def main():
    while True:
        instr = input().strip()
        if not instr:
            break
        utterance = re.findall(r"^RECOG_EVENT_STOP\\|(.*)$", instr)
        if utterance:
            print(f"asked: {utterance[0]}", file=sys.stderr)
            print(f"SYNTH_START|0|mei_voice_normal|{utterance[0]}ですね")
main()
"""


@asynccontextmanager
async def joined(
    tmp_path: Path, script: str, **settings: str
) -> AsyncIterator[tuple[HubServer, ClientConnection]]:
    """A hub with an agent and a program."""
    path = tmp_path / "script.py"
    path.write_text(script, encoding="utf-8")
    command = f'"{sys.executable}" "{path}"'
    async with asyncio.timeout(GUARD), running_hub(queue=200) as hub, raw_agent(hub) as agent:
        runner = ProgramRunner(hub, hub.log, {"bridge": ProgramSettings(command, **settings)})
        async with runner.running():
            yield hub, agent


async def received_line(agent: ClientConnection) -> str:
    return (await agent.recv(decode=False)).decode()


def fault(text: str) -> Callable[[Event], bool]:
    return lambda event: event.kind == "fault" and text in event.text


async def test_a_script_of_the_documentation_s_shape_answers(tmp_path: Path) -> None:
    async with joined(tmp_path, BRIDGE) as (hub, agent):
        while not any("asked" in event.text for event in hub.log):
            await agent.send("RECOG_EVENT_STOP|こんにちは\n")
            await asyncio.sleep(0.05)
        assert await received_line(agent) == "SYNTH_START|0|mei_voice_normal|こんにちはですね\n"
        started = await logged(hub.log, lambda event: event.kind == "log")
        assert started.text.startswith("started as process ")
        log = await logged(hub.log, lambda event: event.level == "stderr")
        assert log.by == "program-bridge"
        assert (log.module, log.text) == ("program bridge", "asked: こんにちは")
        sent = await logged(hub.log, lambda event: event.kind == "sent")
        assert sent.by == "program-bridge"


async def test_a_script_gets_what_a_person_says_as_the_user(tmp_path: Path) -> None:
    async with joined(tmp_path, BRIDGE) as (hub, agent):
        await logged(hub.log, lambda event: event.text.startswith("started as process "))
        hub.send(parse_message("RECOG_EVENT_STOP|はい"))
        await agent.send(await received_line(agent))
        assert await received_line(agent) == "SYNTH_START|0|mei_voice_normal|はいですね\n"


async def test_a_script_does_not_get_its_own_messages_back(tmp_path: Path) -> None:
    script = "import sys; print('A|1', flush=True)\nfor line in sys.stdin: print(f'GOT|{line}')"
    async with joined(tmp_path, script) as (hub, agent):
        await agent.send(await received_line(agent))
        await logged(hub.log, lambda event: event.echo is not None)
        hub.send(parse_message("B|2"))
        await agent.send(await received_line(agent))
        assert await received_line(agent) == "GOT|B|2\n"


async def test_a_flood_is_sent_whole(tmp_path: Path) -> None:
    script = "for i in range(4000): print(f'NUMBER|{i}')\nimport time; time.sleep(600)"
    async with joined(tmp_path, script) as (_, agent):
        lines: list[str] = []
        while len(lines) < 4_000:
            lines += (await received_line(agent)).splitlines()
        assert lines == [f"NUMBER|{number}" for number in range(4_000)]


async def test_a_flood_that_is_refused_is_one_event_and_waits(tmp_path: Path) -> None:
    script = "for i in range(10**9): print(f'__AV_START|{i}' + 'x' * 3000)"
    async with joined(tmp_path, script) as (hub, _):
        await logged(hub.log, lambda event: event.kind == "refused")
        await asyncio.sleep(0.3)
        refused = [event for event in hub.log if event.kind == "refused"]
        assert [event.by for event in refused] == ["program-bridge"]


async def test_one_that_dies_is_started_again_and_that_is_said(tmp_path: Path) -> None:
    async with joined(tmp_path, "import sys; print('A|1'); sys.exit(3)") as (hub, agent):
        assert await received_line(agent) == "A|1\n"
        said = await logged(hub.log, fault("ended with code 3"))
        assert said.by == "program-bridge"
        assert said.text.startswith("program bridge ended with code 3 after ")
        assert said.text.endswith("it is started again in 500ms")
        assert await received_line(agent) == "A|1\n"


async def test_half_lines_are_put_together_and_other_text_is_no_message(tmp_path: Path) -> None:
    script = """\
import sys, time
for part in ("A|こん", "にちは\\nsecond line of it\\nB", "|2\\n"):
    sys.stdout.write(part); sys.stdout.flush(); time.sleep(0.05)
time.sleep(600)
"""
    async with joined(tmp_path, script) as (hub, agent):
        lines = ""
        while "B|2" not in lines:
            lines += await received_line(agent)
        assert lines == "A|こんにちは\nB|2\n"
        refused = await logged(hub.log, lambda event: event.kind == "refused")
        assert refused.text.startswith("program bridge: ")
        assert refused.type == "second line of it"


async def test_one_that_never_reads_costs_nothing_but_its_events(tmp_path: Path) -> None:
    script = "print('A|1', flush=True)\nimport time; time.sleep(600)"
    async with joined(tmp_path, script) as (hub, agent):
        await received_line(agent)
        for _ in range(100):
            await agent.send(f"EVENT|{'x' * 200}\n" * 250)
            await asyncio.sleep(0)
        await asyncio.sleep(0.05)
        hub.send(parse_message("B|2"))
        assert await received_line(agent) == "B|2\n"


async def test_output_that_comes_only_at_the_end_is_named(tmp_path: Path) -> None:
    script = """\
import sys, time
sys.stdout = open(1, "w", buffering=10000)
print("A|1"); time.sleep(1.2)
"""
    async with joined(tmp_path, script) as (hub, _):
        said = await logged(hub.log, fault("ended with code 0"))
        assert said.text.endswith("it must flush each line (python -u)")


def is_gone(pid: int) -> bool:
    """Whether a process has ended, also if nobody has asked for its end yet."""
    status = Path(f"/proc/{pid}/stat")
    if status.exists():
        return status.read_text().rsplit(")", 1)[1].split()[0] == "Z"
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.skipif(sys.platform == "win32", reason="looks at a process by a signal")
async def test_one_of_an_agent_ends_when_the_agent_goes(tmp_path: Path) -> None:
    script = """\
import os, time
print(f"A|{os.environ['MDXDASH_AGENT']}|{os.getpid()}")
time.sleep(600)
"""
    async with joined(tmp_path, script, start="agent") as (_, agent):
        _, name, pid = (await received_line(agent)).split("|")
        assert name == "chat"
        assert not is_gone(int(pid))
        await agent.close()
        await asyncio.to_thread(until, lambda: is_gone(int(pid)))


@pytest.mark.skipif(sys.platform == "win32", reason="looks at a process by a signal")
async def test_its_children_end_with_it(tmp_path: Path) -> None:
    script = """\
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(f"CHILD|{child.pid}"); time.sleep(600)
"""
    async with joined(tmp_path, script) as (_, agent):
        pid = int((await received_line(agent)).split("|")[1])
        assert not is_gone(pid)
    until(lambda: is_gone(pid))


async def test_a_program_that_is_not_there_is_named_once() -> None:
    async with asyncio.timeout(GUARD), running_hub() as hub, raw_agent(hub):
        runner = ProgramRunner(hub, hub.log, {"x": ProgramSettings("no-such-program")})
        async with runner.running():
            said = await logged(hub.log, fault("program x"))
        assert said.text == "program x is not started: no-such-program: there is no such program"


def test_a_feed_that_is_no_filter_is_named() -> None:
    wrong = check_feeds({"x": ProgramSettings("a", feed="(")})
    assert wrong.startswith("[program.x] `feed`: ")
