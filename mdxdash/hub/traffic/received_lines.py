"""The lines of one agent's messages, in order: from the decoder, or from a message of thousands,
which is processed in turns."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Final

from mdxdash.wire.decoding import AGENT_FRAME_BYTES, Line, LineDecoder

UNFINISHED_LINE_TIMEOUT: Final = 1.0
"""Seconds after which a line without its newline is recorded as cut: the agent cuts lines at 2,047
bytes, newline included (PROTOCOL.md, From the agent)."""

FAIR_SHARE: Final = 256
"""Lines of one agent that are processed before the event loop turns to the others."""


class ReceivedLines:
    """Gives each line that an agent sends to a function."""

    def __init__(
        self,
        take: Callable[[Line, float], None],
        take_together: Callable[[Sequence[str], Sequence[bytes], float], None],
        hold: Callable[[], None],
        release: Callable[[], None],
    ) -> None:
        """`take` is called with each line and the Unix time when it came, `take_together` with the
        texts of lines that came with one read, each in a frame of its own, these frames, and the
        time; `hold` when no more is to be read for a while, and `release` when that is over."""
        self._take = take
        self._take_together = take_together
        self._hold = hold
        self._release = release
        self._decoder = LineDecoder()
        self._deferred: deque[bytes] = deque()
        """Messages of which not all lines were processed yet."""
        self._backlog: Iterator[Line] | None = None
        """Their lines; None while there are none."""
        self.unfinished_since: float | None = None
        """Since when, in monotonic seconds, a line waits for its newline."""

    @property
    def are_all_taken(self) -> bool:
        """Whether no whole line waits."""
        return self._backlog is None

    @property
    def unfinished(self) -> bytes:
        """The line whose newline has not come."""
        return self._decoder.unfinished_line

    def restore(self, unfinished: bytes, since: float | None) -> None:
        """Goes on with the unfinished line of another process."""
        self._decoder = LineDecoder(unfinished)
        self.unfinished_since = since

    def feed_all(self, messages: Sequence[bytes], now: float) -> None:
        """Takes the messages that came with one read at `now` (Unix time); for a single one `feed`
        is quicker."""
        if self._backlog is None:
            texts = self._decoder.whole_lines(messages)
            if texts is not None:
                self._take_together(texts, messages, now)
                return
        for message in messages:
            self.feed(message, now)

    def feed(self, message: bytes, now: float) -> None:
        """Takes a message that came at `now` (Unix time); called 50,000 times a second in a
        flood."""
        if len(message) > AGENT_FRAME_BYTES or self._backlog is not None:
            self._defer(message)
            return
        line = self._decoder.whole_line(message)
        if line is not None:
            self._take(line, now)
            return
        for line in self._decoder.feed(message):
            self._take(line, now)
        if self._decoder.pending:
            self.unfinished_since = time.monotonic()

    def expire(self, now: float) -> None:
        """Takes an unfinished line as a cut one when nothing of it has come for too long; `now` is
        in monotonic seconds."""
        since = self.unfinished_since
        if since is not None and now - since > UNFINISHED_LINE_TIMEOUT:
            self.unfinished_since = None
            self.flush()

    def flush(self) -> None:
        """Takes all that waits, then the line whose newline did not come: the connection ended."""
        for line in self._backlog or ():
            self._take(line, time.time())
        self._backlog = None
        for line in self._decoder.flush():
            self._take(line, time.time())

    def _defer(self, message: bytes) -> None:
        """Processes the lines in turns, and reads nothing meanwhile: thousands of lines in one
        message, which no real agent sends, must not block the event loop."""
        self.unfinished_since = None
        self._deferred.append(message)
        if self._backlog is None:
            self._backlog = self._deferred_lines()
            self._hold()
            asyncio.get_running_loop().call_soon(self._process_backlog)

    def _deferred_lines(self) -> Iterator[Line]:
        while self._deferred:
            yield from self._decoder.lines(self._deferred.popleft())

    def _process_backlog(self) -> None:
        if self._backlog is None:
            return  # the connection has ended meanwhile
        taken = 0
        for line in islice(self._backlog, FAIR_SHARE):
            self._take(line, time.time())
            taken += 1
        if taken == FAIR_SHARE:
            asyncio.get_running_loop().call_soon(self._process_backlog)
            return
        self._backlog = None
        if self._decoder.pending:
            self.unfinished_since = time.monotonic()
        self._release()
