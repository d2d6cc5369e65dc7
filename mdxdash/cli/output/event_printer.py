"""Prints events as lines from a thread of its own: a slow reader of stdout never stops the hub."""

import asyncio
import errno
import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import SimpleQueue
from types import TracebackType
from typing import BinaryIO, Final, Generic, NamedTuple, Self, TypeVar

from mdxdash.cli.output.diagnostics import report
from mdxdash.cli.output.standard_output import is_terminal
from mdxdash.events.encoding import json_line, json_lines
from mdxdash.events.event import Event
from mdxdash.events.printable import escape_json
from mdxdash.events.storage.event_batch import EventBatch
from mdxdash.events.text import text_line
from mdxdash.language.translation import _
from mdxdash.programs.lines import event_line


def is_message_of_agent(event: Event) -> bool:
    """Returns whether an event is a message of an agent, and no echo of a sent one."""
    return event.kind == "received" and event.echo is None


FORMATS: Final[dict[str, Callable[[Event], bytes]]] = {
    "text": lambda event: text_line(event).encode("utf-8", "replace") + b"\n",
    "jsonl": json_line,
    "raw": lambda event: event_line(event) if is_message_of_agent(event) else b"",
}
"""The encoder of each `--format`; its line includes the newline. `raw` has only the messages that
agents sent by themselves."""


def encoder(format_: str) -> Callable[[Event], bytes]:
    """Returns the encoder of a `--format` for stdout as it is: in a terminal JSON gets escapes for
    what that would obey."""
    encode = FORMATS[format_]
    if format_ == "jsonl" and is_terminal():
        return lambda event: escape_json(encode(event))
    return encode


def batch_encoder(format_: str) -> Callable[[Sequence[Event]], bytes]:
    """Does the same for many events at once."""
    encode = encoder(format_)
    if encode is json_line:
        return _lines
    return lambda events: b"".join(map(encode, events))


def _lines(events: Sequence[Event]) -> bytes:
    # Those that a filter has let pass are no batch any more.
    return events.lines if isinstance(events, EventBatch) else json_lines(events)


_READER_GONE: Final = frozenset({errno.EPIPE, errno.EIO, errno.EINVAL})
"""Errors of a pipe without a reader (on Windows `EINVAL`), and of a terminal that is gone."""

_BATCH = 1000
"""Events written with one call, when so many wait."""

_WAITING_BYTES: Final = 64 * 2**20
"""Roughly how many bytes may wait in memory when stdout is read too slowly."""


T = TypeVar("T")
"""What is printed: events, or turns."""


class _Waiting(NamedTuple, Generic[T]):
    """Some that were put together, and their size."""

    events: Sequence[T]
    size: int


class EventPrinter(Generic[T]):
    """A queue of events, or turns, and the thread that writes them. Leaving it as a context manager
    writes what still waits.

    When the queue is full, further events are dropped until half of it is written. `report_dropped`
    is then called, at the latest at the end, with their number.
    """

    def __init__(
        self,
        file: BinaryIO,
        form: Callable[[Sequence[T]], bytes],
        report_dropped: Callable[[int], None],
        *,
        size: Callable[[Sequence[T]], int],
        waiting_bytes: int = _WAITING_BYTES,
    ) -> None:
        """`form` encodes some of them; `size` returns how many bytes they take while they wait,
        approximately."""
        self._file = file
        self._form = form
        self._size = size
        self._queue: SimpleQueue[_Waiting[T] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._write, daemon=True)
        self._broken: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._report_dropped = report_dropped
        self._waiting_bytes = waiting_bytes
        # Each count is written by one thread only, and `_ended` is only ever set: no lock needed.
        self._put_bytes = 0
        self._written_bytes = 0
        self._dropped = 0
        self._ended = False

    def put(self, event: T) -> None:
        """Queues an event, or drops it when the queue is full or nobody reads any more."""
        self.put_all((event,))

    def put_all(self, events: Sequence[T]) -> None:
        """Queues events, or drops them."""
        if self._ended or not events:
            return
        waiting = self._put_bytes - self._written_bytes
        if self._dropped and waiting <= self._waiting_bytes // 2:
            self._flush_dropped()
        if self._dropped or waiting > self._waiting_bytes:
            self._dropped += len(events)
            return
        size = self._size(events)
        self._put_bytes += size
        self._queue.put(_Waiting(events, size))

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
        if self._dropped:
            self._flush_dropped()

    def give_up(self) -> None:
        """Prints nothing more: whoever was to read it is gone."""
        assert self._broken is not None
        self._ended = True
        self._broken.set()

    async def closed(self) -> None:
        """Waits until nobody reads stdout any more (`mdxdash serve | head`), or `give_up`."""
        assert self._broken is not None
        await self._broken.wait()

    def _flush_dropped(self) -> None:
        count, self._dropped = self._dropped, 0
        self._report_dropped(count)

    def _write(self) -> None:
        try:
            while (batch := self._next_batch()) is not None:
                self._file.write(b"".join([self._form(each.events) for each in batch]))
                self._file.flush()
                self._written_bytes += sum([each.size for each in batch])
        except Exception as error:
            self._ended = True  # whatever the error is, nothing more can be printed
            if isinstance(error, OSError) and error.errno in _READER_GONE:
                assert self._loop is not None
                assert self._broken is not None
                with suppress(RuntimeError):
                    self._loop.call_soon_threadsafe(self._broken.set)
                return
            if not isinstance(error, OSError):
                logging.getLogger(__name__).exception(_("events can no longer be printed"))
            report(_("events are no longer printed: {error}").format(error=error))

    def _next_batch(self) -> "list[_Waiting[T]] | None":
        """Returns what waits, at least one event; None at the end."""
        waiting = self._queue.get()
        if waiting is None:
            return None
        batch, count = [waiting], len(waiting.events)
        while count < _BATCH and not self._queue.empty():
            waiting = self._queue.get()
            if waiting is None:
                self._queue.put(None)
                break
            batch.append(waiting)
            count += len(waiting.events)
        return batch
