"""Prints events as lines from a thread of its own: a slow reader of stdout never stops the hub."""

import asyncio
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from types import TracebackType
from typing import BinaryIO, Final, Self

from mdxdash.events.encoding import json_line
from mdxdash.events.event import Event
from mdxdash.events.log import memory_size
from mdxdash.events.text import text_line

FORMATS: Final[dict[str, Callable[[Event], bytes]]] = {
    "text": lambda event: text_line(event).encode("utf-8", "replace") + b"\n",
    "jsonl": json_line,
}
"""What an event looks like in each `--format`, newline included."""

_BATCH = 1000
"""Events written with one call, when so many wait."""

_WAITING_BYTES: Final = 64 * 2**20
"""What may wait in memory for a reader that does not keep up, about."""


class EventPrinter:
    """A queue of events and the thread that writes them. Use it as a context manager: leaving it
    writes what is left.

    When the queue is full, what comes is left out until half of it was read; `tell` is called with
    how many those were, then or at the end.
    """

    def __init__(
        self,
        file: BinaryIO,
        form: Callable[[Event], bytes],
        tell: Callable[[int], None],
        *,
        waiting_bytes: int = _WAITING_BYTES,
    ) -> None:
        self._file = file
        self._form = form
        self._queue: SimpleQueue[Event | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._write, daemon=True)
        self._broken: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tell = tell
        self._waiting_bytes = waiting_bytes
        # Each is written by one thread only, so that they need no lock.
        self._put_bytes = 0
        self._written_bytes = 0
        self._left_out = 0

    def put(self, event: Event) -> None:
        """Takes an event to print, if there is room."""
        waiting = self._put_bytes - self._written_bytes
        if self._left_out and waiting <= self._waiting_bytes // 2:
            self._tell_left_out()
        if self._left_out or waiting > self._waiting_bytes:
            self._left_out += 1
            return
        self._put_bytes += memory_size(event)
        self._queue.put(event)

    def __enter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._broken = asyncio.Event()
        self._thread.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._queue.put(None)
        self._thread.join(timeout=1)
        if self._left_out:
            self._tell_left_out()

    async def closed(self) -> None:
        """Waits until nobody reads any more (`mdxdash serve | head`)."""
        assert self._broken is not None
        await self._broken.wait()

    def _tell_left_out(self) -> None:
        count, self._left_out = self._left_out, 0
        self._tell(count)

    def _write(self) -> None:
        try:
            while (batch := self._next_batch()) is not None:
                self._file.write(b"".join(map(self._form, batch)))
                self._file.flush()
                self._written_bytes += sum(map(memory_size, batch))
        except Exception as error:
            # Whatever it is, nothing is printed any more: better to end than to go on in silence.
            if not isinstance(error, OSError):
                logging.getLogger(__name__).exception("events can no longer be printed")
            assert self._loop is not None
            assert self._broken is not None
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._broken.set)

    def _next_batch(self) -> list[Event] | None:
        """What waits, at least one event; None at the end."""
        event = self._queue.get()
        if event is None:
            return None
        batch = [event]
        while len(batch) < _BATCH and not self._queue.empty():
            event = self._queue.get()
            if event is None:
                self._queue.put(None)
                break
            batch.append(event)
        return batch
