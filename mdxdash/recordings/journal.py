"""The journal: records a log to a file as it grows, from a thread of its own.

A slow or failing disk never blocks the event loop: taking an event is one append to a bounded
queue. The thread writes what is there every few hundredths of a second and hands it to the
operating system, so that a killed process loses less than a tenth of a second. It does not wait
for the disk itself (`fsync`): that protects against a power cut only, and can take seconds.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple, Self

import msgspec

from mdxdash.events.log import EventLog
from mdxdash.events.storage.event_batch import EventBatch
from mdxdash.language.translation import N_
from mdxdash.recordings.event_queue import EventQueue
from mdxdash.recordings.file_format import (
    VERSION,
    Gap,
    Header,
    Mark,
    gap_line,
    header_line,
    mark_line,
)
from mdxdash.recordings.journal_file import FileSnapshot, JournalFile
from mdxdash.version import __version__

WRITE_INTERVAL: Final = 0.03
"""Seconds between two writes."""

RETRY_INTERVAL: Final = 1.0
"""Seconds between two attempts while the file cannot be written, and between two checks that an
idle file still exists."""

HANGING_AFTER: Final = 1.0
"""Seconds after which a write that has not returned is reported."""

DEFAULT_WAITING_BYTES: Final = 64 * 2**20
"""Bytes that may wait in memory while the file cannot be written, unless the settings differ."""

_MARKS: Final = 500_000
"""Marks that may wait for the thread."""

_INDEX_STEP: Final = 2**18
"""Bytes between two entries of the index."""

_TOO_SLOW: Final = N_("the disk was too slow")

_logger = logging.getLogger(__name__)


class Position(NamedTuple):
    """The position of an event's line in the file."""

    seq: int
    offset: int


class JournalSnapshot(msgspec.Struct, frozen=True):
    """A journal that was suspended, as another process needs it to go on in the same file."""

    path: str
    file: FileSnapshot
    recorded: int
    lost: int
    index: tuple[tuple[int, int], ...]
    """Number and offset of each `Position`."""
    first_seq: int
    written_up_to: int
    """The number of the first event that is not in the file."""
    header_due: bool


class HangingDisk(Exception):
    """A write does not return, so that no other process can go on with the file."""


class _Lines(NamedTuple):
    """Encoded lines that wait for the file; `events` of them are events."""

    first: int
    last: int
    events: int
    data: bytes


class Journal:
    """Records a log while it is entered as a context manager. Leaving it writes what is left, for
    at most a second.

    `address` is called once, with the first event: a hub knows its port only then. `reserved`
    means that the file is an empty one that was created for this journal; it is removed again if
    nothing happens. Nothing here raises: problems are in `warning`.
    """

    def __init__(
        self,
        path: Path,
        log: EventLog,
        *,
        address: Callable[[], str] = lambda: "",
        waiting_bytes: int = DEFAULT_WAITING_BYTES,
        reserved: bool = False,
    ) -> None:
        self.path = path
        self.recorded = 0
        """Events that are in the file."""
        self.lost = 0
        """Events that will never be in the file; its gaps name them."""
        self.index: list[Position] = []
        """Positions of lines in the file, one for about 256 KiB, in order."""
        self._log = log
        self._address = address
        self._waiting_bytes = waiting_bytes
        self._file = JournalFile(path, reserved=reserved)
        self._queue = EventQueue()
        self._marks: deque[Mark] = deque(maxlen=_MARKS)
        self._waiting: deque[_Lines] = deque()
        self._held = 0
        self._gap: Gap | None = None
        self._first_seq = log.first_seq
        self._next_seq = log.first_seq
        self._written_up_to = log.first_seq
        self._header_due = True
        self._error = ""
        self._step_began: float | None = None
        self._retry_at = 0.0
        self._check_at = 0.0
        self._leaving = threading.Event()
        self._suspended = False
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._unsubscribe: list[Callable[[], None]] = []

    @property
    def warning(self) -> str:
        """The present problem, as a sentence; empty while recording works."""
        problem = self._problem()
        if not problem:
            return ""
        waiting = self._log.next_seq - self._first_seq - self.recorded - self.lost
        lost = N_(", lost to it: {lost:,}").format(lost=self.lost) if self.lost else ""
        text = (
            N_("not recording to {path}: {problem}; one event waits{lost}")
            if waiting == 1
            else N_("not recording to {path}: {problem}; {waiting:,} events wait{lost}")
        )
        return text.format(path=self.path, problem=problem, waiting=waiting, lost=lost)

    @property
    def status(self) -> str:
        """For the status bar: `● REC 12,304`, or `○ REC 12,304` while nothing can be written."""
        return f"{'○' if self._problem() else '●'} REC {self.recorded:,}"

    def __enter__(self) -> Self:
        log = self._log
        if earlier := log.slice(self._next_seq, log.next_seq):
            self._queue.put(EventBatch(earlier))
        self._unsubscribe = [
            log.subscribe_batches(self._queue.put),
            log.subscribe_marks(self._note_mark),
        ]
        self._attempt(time.monotonic(), self._open)
        self._thread.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._leaving.set()
        self._thread.join(timeout=1.0)
        if warning := self.warning:
            _logger.error("the recording is not complete: %s", warning)

    def suspend(self) -> JournalSnapshot:
        """Writes what is there and closes the file, so that another process can go on with it.
        Blocks for milliseconds. Raises `HangingDisk` after a second."""
        self._suspended = True
        self._leaving.set()
        self._thread.join(timeout=1.0)
        if self._thread.is_alive():
            self.resume()
            raise HangingDisk(
                N_("the disk does not answer, so the recording cannot be handed over")
            )
        return JournalSnapshot(
            str(self.path),
            self._file.snapshot(),
            self.recorded,
            self.lost,
            tuple(self.index),
            self._first_seq,
            self._written_up_to,
            self._header_due,
        )

    def resume(self) -> None:
        """Goes on after `suspend`, since no other process does; nothing happens without one."""
        if not self._suspended:
            return
        self._leaving.clear()
        self._suspended = False
        if not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
            self._thread.start()

    def restore(self, left: JournalSnapshot) -> None:
        """Goes on, once entered, where a journal of another process was suspended. What that one
        could not write is written if the log has it."""
        self._file.restore(left.file)
        self.recorded, self.lost = left.recorded, left.lost
        self.index = [Position(*position) for position in left.index]
        self._first_seq = left.first_seq
        self._next_seq = self._written_up_to = left.written_up_to
        self._header_due = left.header_due

    def _problem(self) -> str:
        began = self._step_began
        if began is not None and time.monotonic() - began > HANGING_AFTER:
            return N_("the disk does not answer")
        return self._error

    def _note_mark(self, seq: int) -> None:
        self._marks.append(Mark(seq, seq in self._log.marked))

    def _run(self) -> None:
        try:
            while not self._leaving.wait(WRITE_INTERVAL):
                self._step()
            self._retry_at = 0.0
            self._step()
            self._file.close()
            if not (self.recorded or self._suspended):
                self._attempt(time.monotonic(), self._file.remove_empty)
        except Exception as error:
            # Otherwise the thread would end unnoticed, and with it the recording.
            _logger.exception("recording to %s", self.path)
            self._error = N_("an internal error, see the log of mdxdash: {error!r}").format(
                error=error
            )

    def _step(self) -> None:
        now = self._step_began = time.monotonic()
        self._collect()
        if now >= self._retry_at:
            self._store(now)
        self._step_began = None

    def _store(self, now: float) -> None:
        if not self._file.is_open:
            self._attempt(now, self._open)
        elif self._waiting or now >= self._check_at:
            self._check_at = now + RETRY_INTERVAL
            self._attempt(now, self._check)
        if self._file.is_open:
            self._attempt(now, self._write)

    def _attempt(self, now: float, act: Callable[[], None]) -> None:
        """Calls `act` on the file; an error becomes the present problem."""
        try:
            act()
        except OSError as error:
            if not self._error:
                _logger.error("recording to %s: %s", self.path, error)
            self._error = error.strerror or str(error)
            self._retry_at = now + RETRY_INTERVAL

    def _open(self) -> None:
        if not self._file.open():
            self._begin_anew()

    def _check(self) -> None:
        try:
            self._file.check()
        except FileNotFoundError:
            _logger.warning("recording to %s: the file is gone", self.path)
            self._open()

    def _begin_anew(self) -> None:
        """Begins a new file: what was written so far, if anything, is lost."""
        self._header_due = True
        self.lost += self.recorded
        self.recorded = 0
        self.index.clear()
        if self._written_up_to > self._first_seq:
            reason = N_("the file was removed, replaced or emptied")
            self._lose(self._first_seq, self._written_up_to - 1, reason)

    def _collect(self) -> None:
        """Encodes the events and marks since the last call, and bounds what waits."""
        for first, last, data in self._queue.runs():
            if first > self._next_seq:
                self._hold_gap(self._next_seq, first - 1)
            self._next_seq = last + 1
            self._hold(_Lines(first, last, last + 1 - first, data))
        while self._marks:
            line = mark_line(self._marks.popleft())
            self._hold(_Lines(self._next_seq, self._next_seq - 1, 0, line))

    def _hold(self, lines: _Lines) -> None:
        self._waiting.append(lines)
        self._held += len(lines.data)
        while self._held > self._waiting_bytes and len(self._waiting) > 1:
            dropped = self._waiting.popleft()
            self._held -= len(dropped.data)
            self.lost += dropped.events
            self._lose(dropped.first, dropped.last, self._error or _TOO_SLOW)

    def _hold_gap(self, first: int, last: int) -> None:
        self.lost += last - first + 1
        self._hold(_Lines(first, last, 0, gap_line(Gap(first, last, _TOO_SLOW))))

    def _lose(self, first: int, last: int, reason: str) -> None:
        """Widens the gap before the waiting lines."""
        if last < first:
            return
        if gap := self._gap:
            first, last = min(first, gap.first), max(last, gap.last)
        self._gap = Gap(first, last, reason)

    def _write(self) -> None:
        while self._gap or self._waiting:
            if self._header_due:
                self._file.append(header_line(self._header()))
                self._header_due = False
            if self._gap:
                self._file.append(gap_line(self._gap))
                self._written_up_to = max(self._written_up_to, self._gap.last + 1)
                self._gap = None
            else:
                self._write_lines(self._waiting[0])
        if self._error:
            _logger.info("recording to %s goes on", self.path)
        self._error = ""

    def _write_lines(self, lines: _Lines) -> None:
        offset = self._file.end
        self._file.append(lines.data)
        self._waiting.popleft()
        self._held -= len(lines.data)
        self.recorded += lines.events
        self._written_up_to = lines.last + 1
        if lines.events and (not self.index or offset - self.index[-1].offset >= _INDEX_STEP):
            self.index.append(Position(lines.first, offset))

    def _header(self) -> Header:
        return Header(
            format="mdxdash",
            version=VERSION,
            address=self._address(),
            started=datetime.now().astimezone().isoformat(timespec="seconds"),
            mdxdash=__version__,
        )
