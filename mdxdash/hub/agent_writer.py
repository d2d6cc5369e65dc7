"""Writes to one agent: the lines that wait, and the sound that is due, frame by frame.

An idle agent gets a line when the turn of the event loop is over; no task is woken for that. Where
something has to be waited for, the task of `run` does it. What is written is recorded in the same
moment, so that no echo is processed before its event exists.
"""

import asyncio
import time
from collections.abc import Iterable, Sequence
from typing import Final

from mdxdash.hub.connection import AgentConnection
from mdxdash.hub.traffic.agent_events import AgentEvents
from mdxdash.hub.traffic.send_queue import Outgoing, SendQueue
from mdxdash.hub.traffic.sound_source import SoundFrame, SoundSource, frames_due
from mdxdash.language.translation import N_
from mdxdash.wire.framing import FRAME_INTERVAL, FRAME_MAX_BYTES

MID_MESSAGE_FAULT_AFTER: Final = 1.0
"""Seconds that lines wait in silence while the upstream has sent only a part of a message; then a
fault is logged."""


class AgentWriter:
    """Writes what is in the queue of one agent, connection after connection."""

    def __init__(self, queue: SendQueue, events: AgentEvents) -> None:
        """`events` records what is written."""
        self.sound: SoundSource | None = None
        """What it speaks; whoever sets it, or makes its sound due earlier, calls `wake`."""
        self._queue = queue
        self._events = events
        self._connection: AgentConnection | None = None
        self._to_send = asyncio.Event()
        self._is_idle = False
        """Whether `run` waits for something to be written."""
        self._write_scheduled = False

    async def run(self, connection: AgentConnection) -> None:
        """Writes to a connection until it has ended."""
        self._connection = connection
        try:
            await self._write_to(connection)
        finally:
            self._connection = None

    async def _write_to(self, connection: AgentConnection) -> None:
        while True:
            await self._wait_for_something()
            # A loop, since a timer may fire a clock tick early (15 ms on Windows).
            while (delay := self._queue.delay(time.monotonic())) > 0:
                await asyncio.sleep(delay)
            # Again after each wait: what ended it may have filled the room or begun to close.
            while not connection.is_ready:
                if not connection.is_open:
                    return
                try:
                    await connection.wait_for_room()
                except OSError:
                    return
                await self._wait_for_upstream(connection)
            self._write_frame(connection)

    def wake(self) -> None:
        """Has what waits written: when this turn of the loop is over, so that the lines of one turn
        share a frame, or by `run` where that has to wait for something."""
        if not self._is_idle:
            self._to_send.set()
        elif not self._write_scheduled:
            self._write_scheduled = True
            asyncio.get_running_loop().call_soon(self._write_now)

    def _write_now(self) -> None:
        """Writes what waits if that is possible at once, which is quicker than to wake the task of
        `run` for it (`python -m tests.bench round_trip`)."""
        self._write_scheduled = False
        connection = self._connection
        if self._is_idle and connection is not None and connection.is_ready:
            now = time.monotonic()
            if self.sound is None:
                if lines := self._queue.take_due(now):
                    self._write_lines(connection, lines)
            elif self._queue and self._queue.next_frame_at <= now:
                self._write_frame(connection)
        if self._queue or self.sound is not None:
            self._to_send.set()

    def _write_frame(self, connection: AgentConnection) -> None:
        frames = () if self.sound is None else frames_due(self.sound, time.monotonic())
        if frames:
            self._write_sound(connection, frames)
            self._queue.left(time.monotonic())
            if not connection.is_ready:
                return  # the lines wait for the agent to read
        if self._queue:
            self._write_lines(connection, self._queue.take())

    def _write_lines(self, connection: AgentConnection, lines: Sequence[Outgoing]) -> None:
        # No await between writing and recording. Writing comes first: the kernel sends while we
        # record.
        connection.send_now(lines[0].data if len(lines) == 1 else _joined(lines))
        self._events.record_sent(lines)
        self._queue.left(time.monotonic())

    def _write_sound(self, connection: AgentConnection, frames: Iterable[SoundFrame]) -> None:
        """Writes frames of sound, with the lines that wait and fit behind them."""
        for frame in frames:
            lines = self._queue.take_within(FRAME_MAX_BYTES - len(frame.data))
            data = frame.data + _joined(lines)
            connection.send_message(data, text=False)
            self._events.record_sound(frame, lines)

    def _sound_at(self) -> float:
        return float("inf") if self.sound is None else self.sound.next_at()

    async def _wait_for_something(self) -> None:
        """Waits until a line waits, or sound is due."""
        loop = asyncio.get_running_loop()
        while not self._queue:
            due = self._sound_at()
            pause = due - time.monotonic()
            if pause <= 0:
                return
            self._to_send.clear()
            timer = None if due == float("inf") else loop.call_later(pause, self._to_send.set)
            self._is_idle = True
            try:
                await self._to_send.wait()
            finally:
                self._is_idle = False
            if timer is not None:
                timer.cancel()

    async def _wait_for_upstream(self, connection: AgentConnection) -> None:
        """Waits while the upstream has sent only a part of a message, line or audio block: what
        is sent in between would become a part of it."""
        began, logged = time.monotonic(), False
        while connection.mid_message and connection.is_open:
            await asyncio.sleep(FRAME_INTERVAL)
            if not logged and time.monotonic() - began > MID_MESSAGE_FAULT_AFTER:
                logged = True
                self._events.log_upstream(
                    "fault", N_("the server stopped in the middle; what is sent waits for its rest")
                )


def _joined(lines: Iterable[Outgoing]) -> bytes:
    return b"".join([line.data for line in lines])
