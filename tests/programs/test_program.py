"""One program at work, without a hub."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

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
    program = Program(f"{sys.executable} -c '{script}'", {}, on_line, on_line, on_fault)
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

    async with at_work("print(chr(10).join([chr(65)] * 100_000))", on_line=on_line):
        while not done.is_set():
            turns += 1
            await asyncio.sleep(0)
    assert len(set(turns_at[:100])) == 100
