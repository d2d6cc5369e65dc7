"""`mdxdash run` as a CI system calls it: the real program, and an agent that dials it."""

import asyncio
import subprocess
import sys
from asyncio.subprocess import PIPE
from collections.abc import Callable, Coroutine
from pathlib import Path
from xml.etree import ElementTree

import pytest
from websockets.asyncio.client import connect

from mdxdash.simulator import AgentStopped, Content, Simulator
from tests.support.macro_texts import DIALOGUE
from tests.support.programs import running
from tests.support.waiting import GUARD

QUICK = DIALOGUE.replace('"1s"', '"50ms"')


async def _visit(url: str) -> None:
    try:
        await Simulator(url, behavior=Content()).run()
    except AgentStopped:
        return


async def _look_in(url: str) -> None:
    """Goes with the first command."""
    async with connect(url) as agent:
        await agent.recv()


async def run(
    *arguments: str, agent: Callable[[str], Coroutine[None, None, None]] | None = _visit
) -> tuple[int | None, str]:
    """Runs macros on a free port, with an agent that dials in; the exit code and the output."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "mdxdash", "run", *arguments, "--port", "0"),
        stdout=PIPE,
        stderr=PIPE,
    )
    assert process.stderr is not None
    async with asyncio.timeout(GUARD):
        said = (await process.stderr.readline()).decode().strip()
        assert said.startswith("listening on ws://"), said
        url = said.removeprefix("listening on ")
        visitors = [] if agent is None else [asyncio.create_task(agent(url))]
        output, _ = await process.communicate()
        for visitor in visitors:
            visitor.cancel()
        await asyncio.gather(*visitors, return_exceptions=True)
    return process.returncode, output.decode("utf-8")


def refused(*arguments: str) -> str:
    """What is said when nothing can start."""
    command = [sys.executable, "-m", "mdxdash", "run", *arguments]
    done = subprocess.run(command, capture_output=True, timeout=GUARD, check=False)
    assert done.returncode == 2
    return done.stderr.decode("utf-8")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "dialogue.toml"
    path.write_text(QUICK, encoding="utf-8")
    return path


def rewrite(file: Path, old: str, new: str) -> None:
    file.write_text(QUICK.replace(old, new), encoding="utf-8")


async def test_a_dialogue_that_passes_ends_with_0_and_a_case_in_junit(file: Path) -> None:
    junit = file.parent / "out" / "results.xml"
    code, printed = await run(str(file), "--junit", str(junit), "--param", "name=Mei")
    assert code == 0, printed
    assert "Introduce 3 send SYNTH_START|0|mei_voice_normal|私はMeiです" in printed
    assert "← SYNTH_EVENT_STOP|0" in printed
    suite = ElementTree.parse(junit).getroot().find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("1", "0", "0")
    case = suite.find("testcase")
    assert case is not None
    assert (case.get("name"), case.get("classname")) == ("Introduce", "mdxdash.dialogue.chat")


async def test_a_wait_that_cannot_be_met_ends_with_1_and_says_which(file: Path) -> None:
    rewrite(file, 'type:MODEL_EVENT_DELETE args:0" }', 'type:NEVER", timeout = "100ms" }')
    junit = file.parent / "results.xml"
    code, printed = await run(str(file), "Goodbye", "--junit", str(junit))
    assert code == 1
    assert "step 2: wait type:NEVER (100ms): nothing that passes came within 100ms" in printed
    assert "MODEL_DELETE|0" in printed.partition("events of chat:")[2]
    failure = ElementTree.parse(junit).getroot().find("testsuite/testcase/failure")
    assert failure is not None
    assert str(failure.get("message")).startswith("step 2: wait type:NEVER")
    assert "MODEL_DELETE|0" in str(failure.text)


async def test_an_agent_that_goes_ends_the_run_with_1_and_is_named(tmp_path: Path) -> None:
    file = tmp_path / "leaving.toml"
    file.write_text(
        '[[macro]]\nname = "Leave"\nsteps = [{ send = "BYE" }, { wait = "kind:disconnected" }, '
        '{ wait = "type:NEVER", timeout = "300ms" }]\n',
        encoding="utf-8",
    )
    code, printed = await run(str(file), agent=_look_in)
    assert code == 1
    assert (
        "step 3: wait type:NEVER (300ms): nothing that passes came within 300ms: "
        "the agent chat went and did not come back"
    ) in printed


async def test_a_macro_that_failed_counts_more_than_an_agent_that_did_not_come(file: Path) -> None:
    file.write_text(
        '[[macro]]\nname = "Fails"\nsteps = [{ wait = "type:NEVER", timeout = "100ms" }]\n'
        '[[macro]]\nname = "Alone"\nsend = "A"\ntarget = "nobody"\n',
        encoding="utf-8",
    )
    code, printed = await run(str(file), "--wait-agent", "5s")
    assert "✕ Alone: no agent" in printed
    assert code == 1


async def test_no_agent_ends_with_3(file: Path) -> None:
    code, printed = await run(str(file), "--wait-agent", "100ms", agent=None)
    assert code == 3
    assert "no agent came to ws://localhost:" in printed


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("Introdcue",), 'there is no macro "Introdcue": expected one of "Introduce"'),
        (("--param", "nme=x"), "--param nme=x: expected NAME=VALUE with one of name, voice"),
        (("--wait-agent", "30"), '--wait-agent: expected a duration such as "2s"'),
    ],
)
def test_a_wrong_option_ends_with_2(file: Path, arguments: tuple[str, ...], said: str) -> None:
    assert said in refused(str(file), *arguments)


def test_a_wrong_file_ends_with_2_and_its_line(file: Path) -> None:
    rewrite(file, 'run = "Goodbye"', 'run = "Godbye"')
    assert 'dialogue.toml:12: macro "Introduce": step 7: `run`: expected a' in refused(str(file))


async def test_serve_runs_macros_as_long_as_the_hub_stands(tmp_path: Path) -> None:
    path = tmp_path / "mdxdash.toml"
    path.write_text(
        '[[macro]]\nname = "Greet"\nsend = "VALUE_SET|greeted|{agent}"\n'
        '[[macro]]\nname = "Ask"\non = "type:VALUE_EVENT_SET args:greeted"\n'
        'send = "VALUE_GET|greeted"\n'
        '[[macro]]\nname = "Silent"\non = "type:VALUE_EVENT_GET"\nsend = "NEVER"\n',
        encoding="utf-8",
    )
    options = ("--config", str(path), "--port", "0", "--macro", "Greet", "--macro", "Ask")
    with running("serve", *options, "--filter", "dir:in type:VALUE_EVENT_GET OR NEVER") as program:
        url = program.diagnostic().removeprefix("listening on ")
        visitor = asyncio.create_task(_visit(url))
        async with asyncio.timeout(GUARD):
            assert "VALUE_EVENT_GET|greeted|chat" in await asyncio.to_thread(program.line)
        visitor.cancel()
        await asyncio.wait([visitor])


@pytest.mark.parametrize(("within", "code"), [("30s", 0), ("1ms", 1)])
async def test_an_answer_that_comes_too_late_fails(tmp_path: Path, within: str, code: int) -> None:
    file, junit = tmp_path / "ask.toml", tmp_path / "ask.xml"
    file.write_text(
        f'[dialogue]\nanswer_within = "{within}"\n[[macro]]\nname = "Ask"\nsteps = ['
        '{ send = "RECOG_EVENT_STOP|こんにちは" }, { wait = "type:SYNTH_EVENT_START" }]\n',
        encoding="utf-8",
    )
    found, printed = await run(str(file), "--junit", str(junit))
    assert found == code, printed
    assert ("✕ Ask on chat: turn 1 こんにちは: the answer took 0." in printed) == bool(code)
    suite = ElementTree.parse(junit).getroot().find("testsuite")
    assert suite is not None
    assert [case.get("name") for case in suite.findall("testcase")] == [
        "Ask",
        "Ask: turn 1 こんにちは",
    ]
    assert suite.get("failures") == str(code)
