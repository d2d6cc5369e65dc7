"""One program at work, without a hub."""

import asyncio
import os
import shlex
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from mdxdash.programs.program import Program
from tests.support.waiting import GUARD


@asynccontextmanager
async def at_work(
    script: str,
    *,
    on_line: Callable[[str], None] = lambda line: None,
    on_fault: Callable[[str], None] = lambda text: None,
) -> AsyncIterator[asyncio.Task[None]]:
    """Runs a script of Python as a program."""
    program = Program(shlex.join([sys.executable, "-c", script]), dict, on_line, on_line, on_fault)
    async with asyncio.timeout(GUARD):
        task = asyncio.create_task(program.run())
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.wait([task])


async def test_others_have_their_turn_between_the_lines_of_a_flood() -> None:
    turns = 0
    turns_at: list[int] = []
    done = asyncio.Event()

    def on_line(line: str) -> None:
        time.sleep(0.002)  # more than a slice
        turns_at.append(turns)
        if len(turns_at) == 100:
            done.set()

    async with at_work("print('A\\n' * 100_000)", on_line=on_line):
        while not done.is_set():
            turns += 1
            await asyncio.sleep(0)
    assert len(set(turns_at[:100])) == 100


HOLDS_OUTPUT = """
import os, subprocess, sys
sleeps = [sys.executable, "-c", "import time; time.sleep(600)"]
child = subprocess.Popen(sleeps, start_new_session={detached})
print(child.pid, flush=True)
os._exit(3)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="its job ends all children there")
@pytest.mark.parametrize("detached", [False, True])
async def test_one_that_ends_is_started_again_whoever_holds_its_output(detached: bool) -> None:
    said: asyncio.Queue[str] = asyncio.Queue()
    script = HOLDS_OUTPUT.replace("{detached}", str(detached))
    async with at_work(script, on_line=said.put_nowait, on_fault=said.put_nowait):
        first, fault, second = [await said.get() for _ in range(3)]
    assert fault.startswith("ended with code 3 after ")
    for process in (first, second):
        if detached:  # out of reach
            os.kill(int(process), signal.SIGKILL)
        else:
            with pytest.raises(ProcessLookupError):
                while True:
                    os.kill(int(process), 0)
                    await asyncio.sleep(0.01)


@pytest.mark.parametrize("word", ["a\0b", "a\ud800b"])
async def test_a_command_that_the_system_cannot_take_is_said(word: str) -> None:
    faults: list[str] = []
    program = Program(f"{sys.executable} {word}", dict, print, print, faults.append)
    await program.run()
    assert faults[0].startswith("is not started: ")
