"""The events of a running hub on stdout, in a real process."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from tests.support.faces import session_in
from tests.support.hub_clients import raw_agent, received
from tests.support.programs import Program, running
from tests.support.waiting import GUARD


async def line(program: Program) -> str:
    return await asyncio.to_thread(program.line)


async def end(program: Program) -> int:
    return await asyncio.to_thread(program.end)


async def test_it_prints_what_was_and_what_comes_until_it_is_interrupted(tmp_path: Path) -> None:
    async with session_in(tmp_path) as session, raw_agent(session.hub) as agent:
        await agent.send("A|1\nB|2\nA|3\n")
        await received(session.log, 3)
        with running("events", "--filter", "type:A", "--tail", "2") as program:
            assert (await line(program)).endswith("← chat A|3")
            await agent.send("B|4\nA|5\n")
            assert (await line(program)).endswith("← chat A|5")
            program.process.send_signal(signal.SIGINT)
            assert await end(program) == 0


async def test_it_ends_with_the_hub(tmp_path: Path) -> None:
    async with session_in(tmp_path) as session, raw_agent(session.hub) as agent:
        await agent.send("A|こんにちは\n")
        await received(session.log, 1)
        program = Program("events", "--format", "jsonl", "--tail", "1")
        assert '"args":"こんにちは"' in await line(program)
    assert '"kind":"disconnected"' in await line(program)
    assert await end(program) == 1
    assert "ended the connection" in await asyncio.to_thread(program.diagnostic)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no broken pipes of this kind")
async def test_it_ends_when_nobody_reads_it(tmp_path: Path) -> None:
    async with session_in(tmp_path) as session, raw_agent(session.hub) as agent:
        reading, writing = os.pipe()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "mdxdash", "events", "--tail", "5"), stdout=writing
        )
        os.close(writing)
        assert await asyncio.to_thread(os.read, reading, 4096)
        os.close(reading)
        await agent.send("A|1\n")
        assert await asyncio.wait_for(process.wait(), GUARD) == 1
