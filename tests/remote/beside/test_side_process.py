"""A process beside a hub: it ends with the hub, and is started again when it ends by itself."""

import asyncio
import sys
from typing import Any

import pytest

from mdxdash.remote.beside import side_process
from mdxdash.remote.beside.side_process import SideProcess
from tests.support.waiting import GUARD


@pytest.mark.parametrize(
    ("program", "problem"),
    [
        ("/nowhere/at/all", "it cannot be started"),
        (sys.executable, "it has ended with code 3"),
    ],
)
async def test_a_process_that_ends_is_said_once_and_started_again(
    program: str, problem: str, monkeypatch: pytest.MonkeyPatch
):
    started = 0
    start_process = asyncio.create_subprocess_exec

    async def start(*arguments: str, **options: Any) -> Any:
        nonlocal started
        started += 1
        # A line that is longer than asyncio reads as a line.
        text = "import sys; sys.stderr.write('x' * 100_000); sys.exit(3)"
        return await start_process(program, "-c", text, **options)

    monkeypatch.setattr(side_process.asyncio, "create_subprocess_exec", start)
    monkeypatch.setattr(side_process, "AGAIN_AFTER", 0.01)
    told: list[str] = []
    process = SideProcess("fleet-bridge", "fleet: the process", told.append)
    process.start(b"{}")
    async with asyncio.timeout(GUARD):
        while started < 3:
            await asyncio.sleep(0.01)
    process.kill()
    (text,) = told
    assert text.startswith(f"fleet: the process: {problem}")
    assert text.endswith("; it is started again")


async def test_it_is_told_that_the_hub_ends(monkeypatch: pytest.MonkeyPatch):
    start_process = asyncio.create_subprocess_exec
    processes: list[Any] = []

    async def start(*arguments: str, **options: Any) -> Any:
        text = "import sys; sys.exit(4 if sys.stdin.readlines() == ['what\\n', 'end\\n'] else 5)"
        processes.append(await start_process(sys.executable, "-c", text, **options))
        return processes[-1]

    monkeypatch.setattr(side_process.asyncio, "create_subprocess_exec", start)
    process = SideProcess("fleet-bridge", "fleet: the process", lambda text: None)
    process.start(b"what")
    async with asyncio.timeout(GUARD):
        while not processes:
            await asyncio.sleep(0.01)
    await process.close()
    assert processes[0].returncode == 4


async def test_one_that_was_never_started_has_nothing_to_end():
    process = SideProcess("fleet-bridge", "fleet: the process", lambda text: None)
    await process.close()
    process.kill()
