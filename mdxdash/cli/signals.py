"""How a program without a screen is asked to end: by ctrl-C, or as a service manager does it."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

INTERRUPTED: Final = 130
"""The exit code of what was asked to end before it was done."""

_T = TypeVar("_T")


class Interrupted(Exception):
    """It was asked to end, and has."""


def run_until_ended(work: Coroutine[Any, Any, _T]) -> _T:
    """Runs it as `asyncio.run` does; SIGTERM cancels it as ctrl-C does. Raises Interrupted then.

    In the background of a shell ctrl-C is switched off, so SIGTERM must not lean on it.
    """
    try:
        return asyncio.run(_stoppable(work))
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
