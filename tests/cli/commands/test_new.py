"""`mdxdash new`: what it writes works as it stands."""

import asyncio
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from mdxdash.cli.commands.new import STARTS
from mdxdash.cli.commands.new import command as new
from mdxdash.macros.files.toml_form import read_macros
from mdxdash.settings.toml_source import read_toml
from mdxdash.simulator import Content, Simulator
from tests.support.documents import README, blocks
from tests.support.hub_clients import agent_at
from tests.support.programs import call, mdxdash
from tests.support.waiting import GUARD


def on_port(text: str, port: int) -> str:
    """A start whose hub does not listen on the usual port."""
    return text.replace("mdxdash.Hub()", f"mdxdash.Hub(port={port})")


@pytest.fixture
def port() -> int:
    from mdxdash.hub.address import free_port

    return free_port("127.0.0.1")


async def test_the_bridge_answers(tmp_path: Path, port: int) -> None:
    assert call(new, "bridge").exit_code == 0
    text = on_port(Path("bridge.py").read_text(encoding="utf-8"), port)
    path = tmp_path / "other.py"
    path.write_text(text, encoding="utf-8")
    bridge = await asyncio.create_subprocess_exec(sys.executable, path)
    try:
        async with asyncio.timeout(GUARD):
            while True:
                try:
                    async with agent_at(f"ws://localhost:{port}/chat") as agent:
                        await agent.send("RECOG_EVENT_STOP|はい\n")
                        answer = await agent.recv(decode=False)
                        break
                except OSError:
                    await asyncio.sleep(0.05)
        assert answer.decode() == "SYNTH_START|0|mei_voice_normal|はいですね\n"
    finally:
        bridge.kill()
        await bridge.wait()


async def test_the_test_passes(port: int) -> None:
    names: dict[str, Any] = {}
    exec(compile(on_port(STARTS["test"][1], port), "test_dialogue.py", "exec"), names)
    agent = Simulator(f"ws://localhost:{port}/chat", behavior=Content(), retries=1000)
    task = asyncio.create_task(agent.run())
    try:
        await asyncio.wait_for(names["dialogue"](), GUARD)
    finally:
        task.cancel()
    assert callable(names["test_a_value_is_set"])


def test_the_macros_are_valid() -> None:
    call(new, "macros")
    macros = read_macros(read_toml(Path("macros.toml")))
    assert [macro.name for macro in macros] == ["Set a value", "Answer"]


def test_a_file_is_never_overwritten() -> None:
    Path("bridge.py").write_text("mine", encoding="utf-8")
    done = mdxdash("new", "bridge")
    assert done.returncode == 2 and "exists already" in done.stderr
    assert Path("bridge.py").read_text(encoding="utf-8") == "mine"


def test_the_readme_shows_the_bridge() -> None:
    (shown,) = blocks(README, "py")
    assert shown.strip() == re.sub(r'^""".*?"""\n\n', "", STARTS["bridge"][1]).strip()
