"""Waiting for what a thread, a process or another task does, never longer than `GUARD`."""

import asyncio
import threading
import time
from collections.abc import Callable

from mdxdash.events.event import Event
from mdxdash.events.log import EventLog

GUARD = 60.0
"""Seconds after which a test that waits has failed. It only ends a test that hangs: no test is
meant to come near it, however slow the machine."""


def until(condition: Callable[[], bool]) -> None:
    """Returns once a condition holds that another thread or process makes true."""
    deadline = time.monotonic() + GUARD
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, "what was waited for did not happen"
        pause.wait(0.005)


async def eventually(condition: Callable[[], object]) -> None:
    """Returns once a condition holds that another task makes true."""
    async with asyncio.timeout(GUARD):
        while not condition():
            await asyncio.sleep(0.005)


async def logged(log: EventLog, wanted: Callable[[Event], bool]) -> Event:
    """The first wanted event of a log, also when it is there already or becomes so by a change."""
    found: asyncio.Future[Event] = asyncio.get_running_loop().create_future()

    def look(event: Event) -> None:
        if wanted(event) and not found.done():
            found.set_result(event)

    leave = [log.subscribe(look), log.subscribe_changes(look)]
    try:
        for event in log:
            look(event)
        return await asyncio.wait_for(found, GUARD)
    finally:
        for each in leave:
            each()
