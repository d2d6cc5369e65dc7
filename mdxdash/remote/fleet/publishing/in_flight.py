"""What was handed to the broker, and not confirmed yet: in order, and bounded."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Final, NamedTuple

ROUNDS: Final = 20
"""Rounds that the broker has not confirmed yet, at most."""

Publish = Callable[[str, bytes], Coroutine[Any, Any, None]]
"""Publishes a message under a routing key, and waits until the broker has confirmed it."""


class _Published(NamedTuple):
    tasks: list[asyncio.Task[None]]
    confirmed: Callable[[], None]
    """Is called once all of it is confirmed."""
    since: float
    """When it was handed over, in monotonic seconds."""


def _nothing() -> None:
    """Nobody has to know."""


class InFlight:
    """Of one connection. Messages leave in the order of the calls, since tasks that are made one
    after the other begin so."""

    def __init__(self, publish: Publish, news: Callable[[], None]) -> None:
        """`news` is called when a message was confirmed, or has failed."""
        self._publish = publish
        self._news = news
        self._published: deque[_Published] = deque()
        self.has_confirmed = False
        """Whether the broker has taken something."""

    def put(
        self, messages: Sequence[tuple[str, bytes]], confirmed: Callable[[], None] = _nothing
    ) -> None:
        """Publishes messages, each a routing key and a body. Once the broker has confirmed all of
        them, `take_confirmed` calls `confirmed`."""
        tasks = [self._put(*each) for each in messages]
        self._published.append(_Published(tasks, confirmed, time.monotonic()))

    def take_confirmed(self) -> None:
        """Says, from the oldest on, what was confirmed since the last call. Raises what publishing
        has raised."""
        while self._published and all(task.done() for task in self._published[0].tasks):
            done = self._published.popleft()
            for task in done.tasks:
                task.result()
            self.has_confirmed = True
            done.confirmed()

    @property
    def is_full(self) -> bool:
        """Whether nothing more may be put out now."""
        return len(self._published) >= ROUNDS

    @property
    def oldest_for(self) -> float:
        """Seconds for which the oldest waits for the broker; 0 where nothing waits."""
        return time.monotonic() - self._published[0].since if self._published else 0.0

    async def wait_oldest(self, within: float) -> None:
        """Waits until the oldest is confirmed, or has failed; `within` seconds at most."""
        if self._published:
            await asyncio.wait(self._published[0].tasks, timeout=within)

    async def wait_all(self) -> None:
        """Waits until all is confirmed, or has failed."""
        for each in self._published:
            await asyncio.wait(each.tasks)

    async def cancel(self) -> None:
        """Gives up what is not confirmed."""
        tasks = [task for each in self._published for task in each.tasks]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def _put(self, key: str, data: bytes) -> asyncio.Task[None]:
        task = asyncio.create_task(self._publish(key, data))
        task.add_done_callback(lambda done: self._news())
        return task
