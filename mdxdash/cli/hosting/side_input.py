"""The standard input of a process beside a hub: its first line says what the process needs, and its
end that the hub has ended."""

import asyncio
import logging
import signal
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from io import FileIO
from typing import Any, TypeVar

import msgspec

from mdxdash.remote.beside.side_process import ENDED

Start = TypeVar("Start")


def run_beside(
    kind: type[Start], work: Callable[[Start, FileIO], Coroutine[Any, Any, None]]
) -> None:
    """Runs the work of a process beside a hub, which gets what stands in the first line of the
    standard input, and the rest of that. Nothing is done where there is no line."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    _ignore_hangup()
    stdin = FileIO(0, closefd=False)
    if line := stdin.readline():
        asyncio.run(work(msgspec.json.decode(line, type=kind), stdin))


def _ignore_hangup() -> None:
    """Leaves ctrl-C and the end of a terminal to the hub: this process ends when that does, which
    may still have something to publish."""
    for number in (signal.SIGINT, getattr(signal, "SIGHUP", signal.SIGINT)):
        signal.signal(number, signal.SIG_IGN)


async def end_of_input(stdin: FileIO) -> str:
    """Waits for the end of standard input, the one thing that every system lets a thread do.
    Returns how the hub has ended: `left` or `lost`.

    `stdin` has no buffer: Python aborts where a thread waits for that of `sys.stdin` at its end.
    """
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[str] = loop.create_future()

    def end(state: str) -> None:
        if not ended.done():
            ended.set_result(state)

    def read() -> None:
        state = "left" if stdin.readline() == ENDED else "lost"
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(end, state)

    threading.Thread(target=read, daemon=True).start()
    return await ended
