"""One TCP connection of a simulated agent: its frames in both directions, and its timers."""

import asyncio
import math
from collections.abc import Callable
from typing import cast

from websockets.exceptions import ProtocolError
from websockets.frames import Frame, Opcode

from mdxdash.simulator.frames import FrameReader
from mdxdash.simulator.input_parser import PART_PAUSE, Lost, Outcome
from mdxdash.simulator.simulated_agent import SimulatedAgent

STRAY_BYTE = b"\0"
"""The payload of the pong to an empty ping (PROTOCOL.md)."""

_HEAD_END = b"\r\n\r\n"


class AgentSocket(asyncio.Protocol):
    """Made by `loop.create_connection`; then call `request`, `open`, `wait_ended`, `close`.

    `on_outcome` gets every outcome of the parser, and ends the connection by raising;
    `on_written` gets the payload of every text frame that is sent.
    """

    def __init__(
        self,
        agent: SimulatedAgent,
        on_outcome: Callable[[Outcome], None],
        on_written: Callable[[bytes], None],
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._agent = agent
        self._on_outcome = on_outcome
        self._on_written = on_written
        self._transport: asyncio.Transport | None = None
        self._head = bytearray()
        self._response: asyncio.Future[bytes] = self._loop.create_future()
        self._end: asyncio.Future[str] = self._loop.create_future()
        self._reader: FrameReader | None = None
        self._last_part = 0.0
        self._part_timer: asyncio.TimerHandle | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._step_at = 0.0
        self._paused = False

    async def request(self, request: bytes) -> bytes:
        """Send an HTTP request. Returns the response's head, with the empty line that ends it.

        Raises:
            EOFError: the server closed the connection before.
        """
        assert self._transport is not None
        self._transport.write(request)
        return await self._response

    def open(self) -> None:
        """The handshake is done: read frames from now on."""
        self._reader = FrameReader()
        self._agent.connect(self._loop.time())
        self._receive_bytes(bytes(self._head))
        self.wake()

    async def wait_ended(self) -> str:
        """Wait until the connection is lost. Returns the reason.

        Raises what `on_outcome` raised.
        """
        return await self._end

    def wake(self) -> None:
        """Set the timer for the agent's next step."""
        when = self._agent.next_time()
        if self._reader is None or self._end.done() or self._paused or when == math.inf:
            return
        if self._timer is not None:
            if self._step_at <= when:
                return
            self._timer.cancel()
        self._step_at = when  # uvloop's handle of a call that is due does not tell
        self._timer = self._loop.call_at(when, self._step)

    def pause_reading(self) -> None:
        """Take no bytes from the kernel until `resume_reading`."""
        if self._transport is not None:
            self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Go on reading."""
        if self._transport is not None:
            self._transport.resume_reading()

    def close(self) -> None:
        """Close the TCP connection, without a close frame, and stop all timers. Always allowed."""
        for timer in (self._timer, self._part_timer):
            if timer is not None:
                timer.cancel()
        self._response.cancel()
        self._end.cancel()
        if self._transport is None:
            return
        if self._paused:
            self._transport.abort()
        else:
            self._transport.close()

    def _step(self) -> None:
        assert self._timer is not None and self._transport is not None
        # A coarse clock (Windows: 16 ms) may call early: what is due at the timer's time is due.
        now = max(self._loop.time(), self._step_at)
        self._timer = None
        if self._paused or self._end.done():
            return
        payloads = self._agent.step(now)
        self._transport.write(b"".join(_text_frame(payload) for payload in payloads))
        for payload in payloads:
            self._on_written(payload)
        self.wake()

    def _receive_bytes(self, data: bytes) -> None:
        assert self._reader is not None
        now = self._loop.time()
        if self._part_timer is not None:
            self._part_timer.cancel()
            self._part_timer = None
        try:
            for frame in self._reader.feed(data):
                self._receive_frame(frame, now)
                if self._end.done():
                    return
        except ProtocolError as error:
            self._conclude([Lost(f"a frame against RFC 6455: {error}")])
            return
        except Exception as error:
            self._end.set_exception(error)
            return
        if self._reader.in_part:
            self._last_part = now
            self._part_timer = self._loop.call_later(PART_PAUSE, self._on_part_missing)
        self.wake()

    def _receive_frame(self, frame: Frame, now: float) -> None:
        assert self._transport is not None
        if frame.opcode == Opcode.PING:
            self._agent.note_input(now)
            pong = Frame(Opcode.PONG, frame.data or STRAY_BYTE)
            self._transport.write(pong.serialize(mask=True))
        elif frame.opcode == Opcode.PONG:
            self._agent.note_input(now)
        else:
            self._conclude(self._agent.receive(bytes(frame.data), now))

    def _on_part_missing(self) -> None:
        now = self._loop.time()
        pause = max(now - self._last_part, 2 * PART_PAUSE)
        # With such a pause the connection is lost whatever the bytes are.
        self._conclude(self._agent.receive(b"", now, pause=pause))

    def _conclude(self, outcomes: list[Outcome]) -> None:
        for outcome in outcomes:
            self._on_outcome(outcome)
            if isinstance(outcome, Lost) and not self._end.done():
                self._end.set_result(outcome.reason)

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        if self._end.done():
            return
        if self._reader is not None:
            self._receive_bytes(data)
            return
        self._head += data
        end = self._head.find(_HEAD_END)
        if end >= 0 and not self._response.done():
            end += len(_HEAD_END)
            head = bytes(self._head[:end])
            del self._head[:end]
            self._response.set_result(head)

    def connection_lost(self, error: Exception | None) -> None:
        if not self._response.done():
            self._response.set_exception(
                EOFError("the server closed the connection during the handshake")
            )
        if not self._end.done():
            self._end.set_result(str(error) if error else "the server closed the connection")

    def pause_writing(self) -> None:
        self._paused = True

    def resume_writing(self) -> None:
        self._paused = False
        self.wake()


def _text_frame(payload: bytes) -> bytes:
    return Frame(Opcode.TEXT, payload).serialize(mask=True)
