"""Runs a command without a screen until it is done, or until ctrl-C (SIGINT) or SIGTERM."""

import asyncio
import signal
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

_T = TypeVar("_T")


class Interrupted(Exception):
    """A signal asked the work to end, and it has ended."""


def run_until_signal(
    work: Coroutine[Any, Any, _T],
    loop_factory: Callable[[], asyncio.AbstractEventLoop] | None = None,
) -> _T:
    """Runs work as `asyncio.run` does; SIGTERM cancels it as ctrl-C does. Returns its result;
    raises `Interrupted` after either signal. `loop_factory` makes the loop; None: asyncio does.

    A shell starts background jobs with SIGINT ignored, so SIGTERM has a handler of its own.
    """
    try:
        with asyncio.Runner(loop_factory=loop_factory) as runner:
            return runner.run(_stoppable(work))
    except (KeyboardInterrupt, asyncio.CancelledError):
        raise Interrupted from None


async def _stoppable(work: Coroutine[Any, Any, _T]) -> _T:
    task = asyncio.current_task()
    assert task is not None
    loop = asyncio.get_running_loop()
    cancel = task.cancel
    before = signal.signal(signal.SIGTERM, lambda *_: loop.call_soon_threadsafe(cancel))
    try:
        return await work
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def on_hangup(act: Callable[[], object]) -> Iterator[None]:
    """Calls `act` in the event loop when the terminal is gone (SIGHUP, which Windows has not)."""
    number = getattr(signal, "SIGHUP", None)
    if number is None:
        yield
        return
    loop = asyncio.get_running_loop()
    before = signal.signal(number, lambda *_: loop.call_soon_threadsafe(act))
    try:
        yield
    finally:
        signal.signal(number, before)
