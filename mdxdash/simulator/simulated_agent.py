"""One simulated agent without its socket: what comes in, what goes out, and when.

Joins the parser, the pace and a life. Sans I/O: the caller brings frames and the time, and
carries away the frames to write.
"""

import math
from datetime import datetime

from mdxdash.simulator.alllog import format_log, message_lines
from mdxdash.simulator.life import Life, LogLine, Utterance
from mdxdash.simulator.parser import Handled, Issued, Outcome, Parser
from mdxdash.simulator.timing import next_tick, next_write
from mdxdash.wire.message import Message, format_message, parse_message

FRAME_LIMIT = 2047
"""Bytes at which a frame is cut, be it inside a character; the line's end is lost then."""


class SimulatedAgent:
    """A process of MMDAgent-EX: it outlasts its connections, as its parser does.

    With `log` it says log lines instead of messages (`Plugin_Remote_AllLog=true`). `wall` is
    the date and time at the first connection, for the log and nothing else.
    """

    def __init__(self, life: Life, *, log: bool = False, wall: datetime | None = None) -> None:
        self.parser = Parser()
        self._life = life
        self._log = log
        self._wall = wall or datetime.now()
        self._started: float | None = None
        self._connected = False
        self._inbox: list[tuple[Issued | Handled, str]] = []
        self._taken_up_at = math.inf
        self._outbox: list[bytes] = []
        self._ready_at = math.inf
        self._last_input = 0.0

    def connect(self, now: float) -> None:
        """A connection is open; the first one starts the life."""
        self._connected = True
        self._last_input = now
        if self._started is None:
            self._started = now
            self._life.start(now)

    def disconnect(self) -> None:
        """The connection is gone. What is said until the next one will never be sent."""
        self._connected = False

    def receive(self, frame: bytes, now: float, *, pause: float = 0.0) -> list[Outcome]:
        """Take in one frame, as `Parser.feed` does. What it issues is taken up a little later."""
        self.notice(now)
        outcomes = self.parser.feed(frame, pause=pause)
        self._life.touch(now)
        for outcome in outcomes:
            if isinstance(outcome, Issued | Handled):
                self._take_in(outcome, "Remote", now)
        return outcomes

    def notice(self, now: float) -> None:
        """Something came in, be it a ping: the agent does not write for a while."""
        self._last_input = now

    def say(self, message: Message, now: float) -> None:
        """Issue a message inside the agent, as its content would."""
        self._take_in(Issued(format_message(message).encode()), "VIManager", now)

    def step(self, now: float) -> list[bytes]:
        """Live until `now`. The payloads of the text frames that are to be written now."""
        if self._taken_up_at <= now:
            inbox, self._inbox, self._taken_up_at = self._inbox, [], math.inf
            for entry, module in inbox:
                if isinstance(entry, Issued):
                    self._speak_line(entry.line, module, now)
                self._life.hear(parse_message(entry.line.decode("utf-8", "replace")), now)
                self._live(now)
        self._live(now)
        if not self._connected or self._write_at() > now:
            return []
        frames, self._outbox, self._ready_at = self._outbox, [], math.inf
        return frames

    def next_time(self) -> float:
        """When to call `step` next, if nothing comes in before."""
        if self._started is None:
            return math.inf
        times = [self._taken_up_at, self._life.next_time()]
        if self._connected:
            times.append(self._write_at())
        return min(times)

    def _take_in(self, entry: Issued | Handled, module: str, now: float) -> None:
        self._inbox.append((entry, module))
        self._taken_up_at = min(self._taken_up_at, next_tick(now))

    def _live(self, now: float) -> None:
        if self._started is None:
            return
        for utterance in self._life.step(now):
            self._speak(utterance, now)

    def _write_at(self) -> float:
        if not self._outbox:
            return math.inf
        return next_write(self._last_input, self._ready_at)

    def _speak(self, utterance: Utterance, now: float) -> None:
        if isinstance(utterance, bytes):
            self._queue(utterance, now)
        elif isinstance(utterance, LogLine):
            if self._log:
                self._queue(self._logged(utterance, now), now)
        else:
            self._speak_line(format_message(utterance).encode(), "", now)

    def _speak_line(self, line: bytes, module: str, now: float) -> None:
        if not self._log:
            self._queue(line + b"\n", now)
            return
        for entry in message_lines(line.decode("utf-8", "replace"), module):
            self._queue(self._logged(entry, now), now)

    def _logged(self, line: LogLine, now: float) -> bytes:
        seconds = 0.0 if self._started is None else now - self._started
        return format_log(line, self._wall, seconds).encode()

    def _queue(self, frame: bytes, now: float) -> None:
        if not self._connected:
            return
        if not self._outbox:
            self._ready_at = now
        self._outbox.append(frame[:FRAME_LIMIT])
