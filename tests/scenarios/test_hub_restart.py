"""A hub that is taken over by another process: no agent notices, and nothing is lost."""

import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.counting_agent import CountingAgent, counting_agent, recorded_events
from tests.support.faces import RawFace, face, runtime_folder
from tests.support.hub_clients import agent_at
from tests.support.programs import running, url_of
from tests.support.waiting import GUARD, until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no sockets to give away")

ROUNDS = int(os.environ.get("MDXDASH_RESTARTS", "2"))
COMMAND = (sys.executable, "-m", "mdxdash")


@pytest.fixture(autouse=True)
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with runtime_folder(monkeypatch) as folder:
        yield folder


async def restart(raw: RawFace, *command: str) -> str:
    """Restarts the hub; returns why it did not, or nothing."""
    answer = await raw.ask("restart", command=command or COMMAND)
    assert answer.get("outcome") == "restarted" or answer["error"]
    return str(answer.get("error", ""))


async def send(raw: RawFace, agent: CountingAgent, count: int) -> None:
    """Sends commands, 50 a second."""
    first = len(agent.commands)
    for number in range(first, first + count):
        raw.say(do="send", line=f"COMMAND|{number}")
        await asyncio.sleep(0.02)


async def stop(raw: RawFace, recording: Path) -> None:
    """Ends the hub, and waits until its end is recorded."""
    await raw.ask("stop-hub", sure=True)
    await asyncio.to_thread(until, lambda: b'"disconnected"' in recording.read_bytes())


async def test_nothing_is_lost_doubled_or_reordered_under_load(tmp_path: Path):
    recording, pids = tmp_path / "session.jsonl", set()
    with running("serve", "--port", "0", "--record", str(recording)) as program:
        async with counting_agent(url_of(program)) as agent:
            for _ in range(ROUNDS):
                async with face(face="send", events=False) as raw:
                    pids.add((await raw.notice("welcome"))["pid"])
                    sending = asyncio.create_task(send(raw, agent, 20))
                    await asyncio.sleep(0.1)
                    assert not await restart(raw)
                    sending.cancel()
            async with face(face="send", events=False) as raw:
                pids.add((await raw.notice("welcome"))["pid"])
                await send(raw, agent, 5)
                await agent.until(5)
                await agent.fall_quiet()
                await asyncio.sleep(0.1)
                assert not agent.lost
                await stop(raw, recording)
        assert program.end() == 0
    assert len(pids) == ROUNDS + 1
    events = recorded_events(recording)
    counted = [int(event["args"]) for event in events if event.get("type") == "COUNT"]
    assert counted == list(range(agent.sent))
    sent = [f"COMMAND|{event['args']}" for event in events if event["kind"] == "sent"]
    assert agent.commands == sent
    echoes = [event["echo"] for event in events if "echo" in event]
    assert echoes == [event["seq"] for event in events if event["kind"] == "sent"]
    kinds = [event["kind"] for event in events]
    assert (kinds.count("connected"), kinds.count("disconnected")) == (1, 1)


async def test_a_broken_installation_leaves_the_hub_as_it_was(tmp_path: Path):
    recording = tmp_path / "session.jsonl"
    broken = [sys.executable, "-c", "import sys; sys.exit('no module named mdxdash')"]
    with running("serve", "--port", "0", "--record", str(recording)) as program:
        async with counting_agent(url_of(program)) as agent:
            async with face(face="send", events=False) as raw:
                pid = (await raw.notice("welcome"))["pid"]
                assert "no module named mdxdash" in await restart(raw, *broken)
                assert "/no/such/program" in await restart(raw, "/no/such/program")
                await send(raw, agent, 2)
                await agent.until(2)
            async with face(face="send", events=False) as raw:
                assert (await raw.notice("welcome"))["pid"] == pid
                await agent.fall_quiet()
                await asyncio.sleep(0.1)
                assert not agent.lost
                await stop(raw, recording)
    counted = [e["args"] for e in recorded_events(recording) if e.get("type") == "COUNT"]
    assert len(counted) == agent.sent


MACROS = """
[[macro]]
name = "Waits"
steps = [{ send = "ASK" }, { wait = "type:REPLY", timeout = "30s" }, { send = "THANKS|{args}" }]

[[macro]]
name = "Often"
every = "200ms"
send = "TICK"
"""


async def test_a_macro_that_waits_goes_on_and_passes_in_the_other_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    Path("macros.toml").write_text(MACROS)
    options = ("--config", "macros.toml", "--record", "session.jsonl")
    with running("serve", "--port", "0", *options) as program:
        async with agent_at(url_of(program)) as agent:
            async with face(face="send", events=False) as raw:
                await raw.ask("fire", macro="Waits")
                assert await agent.recv() == "ASK\n"
                await raw.ask("switch", macro="Often")
                assert await agent.recv() == "TICK\n"
                assert not await restart(raw)
            async with face(face="attach") as raw:
                run = await raw.notice("run", macro="Waits")
                assert (run.get("state"), [step["text"] for step in run["steps"]]) == (
                    None,  # left out, as it is `running`
                    ["send ASK", "wait type:REPLY (30s)"],
                )
                await agent.send("REPLY|you\n")
                run = await raw.notice("run", macro="Waits", state="passed")
                wanted = {"THANKS|you\n", "TICK\n"}
                while wanted:  # the beats of "Often" go on meanwhile
                    wanted.discard(str(await asyncio.wait_for(agent.recv(), GUARD)))
                await stop(raw, Path("session.jsonl"))


async def test_it_reads_its_settings_again_and_stays_when_they_are_wrong(tmp_path: Path):
    file = tmp_path / "hub.toml"
    file.write_text('[groups]\nleft = ["chat-1"]\n', encoding="utf-8")
    script = f"{sys.executable} -c 'print(\"HELLO\")'"
    options = ("--port", "0", "--no-record", "--config", str(file), "--unsafe", "--exec", script)
    with running("serve", *options) as program:
        url_of(program)
        file.write_text('[groups]\nleft = ["chat"]\n[hub]\npath = "/x"\n', encoding="utf-8")
        async with face(face="send", events=False) as raw:
            answer = await raw.ask("restart", command=COMMAND)
            assert answer["settings"] == {"changed": ["[groups] left"], "lasting": ["[hub] path"]}
        for wrong, text in (
            ("[speech]\nlead = 5\n", "hub.toml:2:"),
            ('[[macro]]\nname = "A"\n', "hub.toml:1:"),
        ):
            file.write_text(wrong, encoding="utf-8")
            async with face(face="send", events=False) as raw:
                welcome = await raw.notice("welcome")
                assert (welcome["groups"], welcome["unsafe"]) == ({"left": ["chat"]}, True)
                assert (await restart(raw)).count(text) == 1
        async with face(face="send", events=False) as raw:
            await raw.ask("stop-hub", sure=True)
        assert program.end() == 0
