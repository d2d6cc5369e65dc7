"""The events that one face is sent: a number of the next one, and nothing that waits.

A slow face is never waited for. It is sent a piece when it has read the one before, from memory,
or from the recording in a thread; what nobody has any more is skipped, and told.
"""

import asyncio
import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import msgspec

from mdxdash.events.encoding import json_lines
from mdxdash.events.event import Event
from mdxdash.events.log import EventLog, Older
from mdxdash.remote.faces.link import WAITING_BYTES, Link
from mdxdash.remote.protocol import Behind

_PIECE: Final = 500
"""Events that are encoded at a time: 1 MB of the longest that an agent sends (PROTOCOL.md)."""

_PIECE_OF_RECORDING: Final = 2_000

_LOOK_AGAIN: Final = 0.1
"""Seconds between two looks into the recording for events that are on their way to the disk."""

_LOOKS: Final = 20

EVENTS_PER_SECOND: Final = 50_000
"""Events that a face gets in a second, on average: ten times what 64 busy agents send. In a flood a
screen is behind for a while, instead of taking the hub's agents the time of the machine."""

BURST: Final = 2_500
"""Events that a face gets at once, beside those that it asked for when it attached: a screen shows
a few dozen of them, and while it works on thousands the hub has less of the machine."""

FIRST_BURST: Final = 25_000
"""Of those that it asked for, it gets so many at once: more than a dashboard asks for."""

_logger = logging.getLogger(__name__)


class SharedLines:
    """Encodes events in memory, once for all faces that are sent the same at the same moment."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._shared: dict[tuple[int, int], bytes] | None = None

    def of(self, start: int, stop: int) -> bytes:
        """Returns the lines of the events from `start` to `stop`."""
        if self._shared is None:
            return json_lines(self._log.slice(start, stop))
        lines = self._shared.get((start, stop))
        if lines is None:
            lines = self._shared[start, stop] = json_lines(self._log.slice(start, stop))
        return lines

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Remembers what is encoded. No event may change meanwhile."""
        self._shared = {}
        try:
            yield
        finally:
            self._shared = None


class EventFeed:
    """Sends the events of a log to one face, from a number on, in order, none twice."""

    def __init__(
        self, log: EventLog, lines: SharedLines, older: Older | None, link: Link, first: int
    ) -> None:
        """`lines` are those of the log; `older` reads what has left memory; `first` is the `seq` of
        the first event to send."""
        self.next_seq = first
        """The `seq` of the event that is sent next."""
        self._log = log
        self._lines = lines
        self._older = older
        self._link = link
        self._reading: asyncio.Task[None] | None = None
        self._looks = 0
        self._allowed = BURST + min(float(log.next_seq - first), FIRST_BURST)
        """Events that may be sent now."""
        self._allowed_at = time.monotonic()
        self._later: asyncio.TimerHandle | None = None

    def pump(self) -> None:
        """Sends what there is, as far as the face reads. Does not wait."""
        log, link = self._log, self._link
        while self._reading is None and self.next_seq < log.next_seq:
            if link.waiting > WAITING_BYTES or not self._may_send():
                return
            if self.next_seq < log.first_seq:
                self._reading = asyncio.create_task(self._read_on())
                return
            stop = min(self.next_seq + _PIECE, log.next_seq)
            link.write(self._lines.of(self.next_seq, stop))
            self._allowed -= stop - self.next_seq
            self.next_seq = stop

    def close(self) -> None:
        """Sends nothing more."""
        if self._reading is not None:
            self._reading.cancel()
        if self._later is not None:
            self._later.cancel()

    def _may_send(self) -> bool:
        """Returns whether events may be sent now; if not, they are sent later by themselves."""
        now = time.monotonic()
        if self._allowed < BURST:
            more = (now - self._allowed_at) * EVENTS_PER_SECOND
            self._allowed = min(self._allowed + more, BURST)
        self._allowed_at = now
        if self._allowed > 0:
            return True
        if self._later is None:
            pause = (_PIECE - self._allowed) / EVENTS_PER_SECOND
            self._later = asyncio.get_running_loop().call_later(pause, self._go_on)
        return False

    def _go_on(self) -> None:
        self._later = None
        self.pump()

    async def _read_on(self) -> None:
        """Sends a piece that only the recording has."""
        start = self.next_seq
        stop = min(start + _PIECE_OF_RECORDING, self._log.first_seq)
        try:
            lines, reached, is_whole = await asyncio.to_thread(_read, self._older, start, stop)
        except OSError as error:
            _logger.warning("events %d to %d cannot be read: %s", start, stop - 1, error)
            lines, reached, is_whole = b"", start, False
        if not is_whole and self._looks < _LOOKS:
            self._looks += 1
            await asyncio.sleep(_LOOK_AGAIN)
        elif reached < stop:
            lines += _behind(reached, stop - 1)
            reached = stop
        if reached > start:
            self._looks = 0
            self._link.write(lines)
            self._allowed -= reached - start
            self.next_seq = reached
        self._reading = None
        self.pump()


def _read(older: Older | None, start: int, stop: int) -> tuple[bytes, int, bool]:
    """Returns the lines of the events from `start` to `stop` that there are, with those that are
    missing between them told; the number after the last one; and whether no more are to come.
    Raises OSError."""
    if older is None:
        return b"", start, True
    events = older(start, stop)
    reached = events[-1].seq + 1 if events else start
    # What was not recorded will not be, if something later was.
    is_whole = reached == stop or bool(older(stop, stop + 1))
    if reached - start == len(events):
        return json_lines(events), reached, is_whole
    return _with_gaps(events, start), reached, is_whole


def _with_gaps(events: Sequence[Event], start: int) -> bytes:
    parts, expected = [], start
    for event in events:
        if event.seq > expected:
            parts.append(_behind(expected, event.seq - 1))
        parts.append(json_lines([event]))
        expected = event.seq + 1
    return b"".join(parts)


def _behind(first: int, last: int) -> bytes:
    return msgspec.json.encode(Behind(first, last)) + b"\n"
