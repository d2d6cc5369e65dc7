"""One simulated agent without its socket: what comes in, what goes out, and when.

Joins the parser, the pace and a behavior. Sans I/O: the caller passes the frames and the times,
and writes the frames that are returned.
"""

import math
from datetime import datetime

from mdxdash.simulator.alllog import format_log, message_lines
from mdxdash.simulator.behavior import Behavior, LogLine, Output
from mdxdash.simulator.input_parser import Handled, Issued, Outcome, Parser
from mdxdash.simulator.timing import next_tick, next_write
from mdxdash.wire.message import Message, format_message, parse_message

FRAME_LIMIT = 2047
"""Bytes at which a frame is cut, even inside a character; its newline is lost (PROTOCOL.md)."""


class SimulatedAgent:
    """A process of MMDAgent-EX. It and its parser outlast its connections.

    With `log` it sends log lines instead of messages (`Plugin_Remote_AllLog=true`). `wall` is the
    date and time of the first connection, used in the log only.
    """

    def __init__(
        self, behavior: Behavior, *, log: bool = False, wall: datetime | None = None
    ) -> None:
        self.parser = Parser()
        self._behavior = behavior
        self._log = log
        self._wall = wall or datetime.now()
        self._started: float | None = None
        self._connected = False
        self._inbox: list[tuple[Issued | Handled, str]] = []
        self._next_tick_at = math.inf
        self._outbox: list[bytes] = []
        self._ready_at = math.inf
        self._last_input = 0.0

    def connect(self, now: float) -> None:
        """A connection was opened; the first one starts the behavior."""
        self._connected = True
        self._last_input = now
        if self._started is None:
            self._started = now
            self._behavior.start(now)

    def disconnect(self) -> None:
        """The connection has ended. What is issued until the next one is never sent."""
        self._connected = False

    def receive(self, frame: bytes, now: float, *, pause: float = 0.0) -> list[Outcome]:
        """Parse one frame, as `Parser.feed` does. What it issues is processed a little later."""
        self.note_input(now)
        outcomes = self.parser.feed(frame, pause=pause)
        self._behavior.on_input(now)
        for outcome in outcomes:
            if isinstance(outcome, Issued | Handled):
                self._add_to_inbox(outcome, "Remote", now)
        return outcomes

    def note_input(self, now: float) -> None:
        """Something came in, perhaps a ping: the agent does not write for a while."""
        self._last_input = now

    def issue(self, message: Message, now: float) -> None:
        """Issue a message inside the agent, as its content would."""
        self._add_to_inbox(Issued(format_message(message).encode()), "VIManager", now)

    def step(self, now: float) -> list[bytes]:
        """Run until `now`. Returns the payloads of the text frames that are to be written now."""
        if self._next_tick_at <= now:
            inbox, self._inbox, self._next_tick_at = self._inbox, [], math.inf
            for entry, module in inbox:
                if isinstance(entry, Issued):
                    self._queue_message(entry.line, module, now)
                self._behavior.on_message(parse_message(entry.line.decode("utf-8", "replace")), now)
                self._step_behavior(now)
        self._step_behavior(now)
        if not self._connected or self._write_at() > now:
            return []
        frames, self._outbox, self._ready_at = self._outbox, [], math.inf
        return frames

    def next_time(self) -> float:
        """Return when to call `step` next, if nothing comes in before."""
        if self._started is None:
            return math.inf
        times = [self._next_tick_at, self._behavior.next_time()]
        if self._connected:
            times.append(self._write_at())
        return min(times)

    def _add_to_inbox(self, entry: Issued | Handled, module: str, now: float) -> None:
        self._inbox.append((entry, module))
        self._next_tick_at = min(self._next_tick_at, next_tick(now))

    def _step_behavior(self, now: float) -> None:
        if self._started is None:
            return
        for output in self._behavior.step(now):
            self._queue_output(output, now)

    def _write_at(self) -> float:
        if not self._outbox:
            return math.inf
        return next_write(self._last_input, self._ready_at)

    def _queue_output(self, output: Output, now: float) -> None:
        if isinstance(output, bytes):
            self._queue_frame(output, now)
        elif isinstance(output, LogLine):
            if self._log:
                self._queue_frame(self._log_frame(output, now), now)
        else:
            self._queue_message(format_message(output).encode(), "", now)

    def _queue_message(self, line: bytes, module: str, now: float) -> None:
        if not self._log:
            self._queue_frame(line + b"\n", now)
            return
        for entry in message_lines(line.decode("utf-8", "replace"), module):
            self._queue_frame(self._log_frame(entry, now), now)

    def _log_frame(self, line: LogLine, now: float) -> bytes:
        seconds = 0.0 if self._started is None else now - self._started
        return format_log(line, self._wall, seconds).encode()

    def _queue_frame(self, frame: bytes, now: float) -> None:
        if not self._connected:
            return
        if not self._outbox:
            self._ready_at = now
        self._outbox.append(frame[:FRAME_LIMIT])
