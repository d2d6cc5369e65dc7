"""One TCP connection of a simulated agent: bytes to frames, frames to the agent, and its timer."""

import asyncio
import math
from collections.abc import Callable
from typing import cast

from websockets.exceptions import ProtocolError
from websockets.frames import Frame, Opcode

from mdxdash.simulator.frames import FrameReader
from mdxdash.simulator.parser import PART_PAUSE, Lost, Outcome
from mdxdash.simulator.simulated_agent import SimulatedAgent

STRAY_BYTE = b"\0"
"""What an empty ping is answered with."""

_HEAD_END = b"\r\n\r\n"


class AgentSocket(asyncio.Protocol):
    """Made by `loop.create_connection`; then `ask`, `open`, `converse`, `close`, in this order.

    `heard` is told every outcome, and ends the conversation by raising; `wrote` is told the
    payload of every text frame that leaves.
    """

    def __init__(
        self,
        agent: SimulatedAgent,
        heard: Callable[[Outcome], None],
        wrote: Callable[[bytes], None],
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._agent = agent
        self._heard = heard
        self._wrote = wrote
        self._transport: asyncio.Transport | None = None
        self._head = bytearray()
        self._answer: asyncio.Future[bytes] = self._loop.create_future()
        self._end: asyncio.Future[str] = self._loop.create_future()
        self._reader: FrameReader | None = None
        self._last_part = 0.0
        self._part_timer: asyncio.TimerHandle | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._paused = False

    async def ask(self, request: bytes) -> bytes:
        """Send an HTTP request. The head of the answer, up to and with its empty line.

        Raises:
            EOFError: the server hung up before.
        """
        assert self._transport is not None
        self._transport.write(request)
        return await self._answer

    def open(self) -> None:
        """The handshake is done: what comes from now on is frames."""
        self._reader = FrameReader()
        self._agent.connect(self._loop.time())
        self._take_in(bytes(self._head))
        self.wake()

    async def converse(self) -> str:
        """Listen and talk until the connection is lost. Why it was.

        Raises whatever `heard` raised.
        """
        return await self._end

    def wake(self) -> None:
        """Have the agent asked again when it will next have something to do."""
        when = self._agent.next_time()
        if self._reader is None or self._end.done() or self._paused or when == math.inf:
            return
        if self._timer is not None:
            if self._timer.when() <= when:
                return
            self._timer.cancel()
        self._timer = self._loop.call_at(when, self._step)

    def close(self) -> None:
        """End the TCP connection, without a close frame, and all timers. May come at any time."""
        for timer in (self._timer, self._part_timer):
            if timer is not None:
                timer.cancel()
        self._answer.cancel()
        self._end.cancel()
        if self._transport is None:
            return
        if self._paused:
            self._transport.abort()
        else:
            self._transport.close()

    def _step(self) -> None:
        assert self._timer is not None and self._transport is not None
        # A coarse clock may fire early; what was due at the timer's time is due now.
        now = max(self._loop.time(), self._timer.when())
        self._timer = None
        if self._paused or self._end.done():
            return
        payloads = self._agent.step(now)
        self._transport.write(b"".join(_text_frame(payload) for payload in payloads))
        for payload in payloads:
            self._wrote(payload)
        self.wake()

    def _take_in(self, data: bytes) -> None:
        assert self._reader is not None
        now = self._loop.time()
        if self._part_timer is not None:
            self._part_timer.cancel()
            self._part_timer = None
        try:
            for frame in self._reader.feed(data):
                self._take(frame, now)
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
            self._part_timer = self._loop.call_later(PART_PAUSE, self._miss_part)
        self.wake()

    def _take(self, frame: Frame, now: float) -> None:
        assert self._transport is not None
        if frame.opcode == Opcode.PING:
            self._agent.notice(now)
            pong = Frame(Opcode.PONG, frame.data or STRAY_BYTE)
            self._transport.write(pong.serialize(mask=True))
        elif frame.opcode == Opcode.PONG:
            self._agent.notice(now)
        else:
            self._conclude(self._agent.receive(bytes(frame.data), now))

    def _miss_part(self) -> None:
        now = self._loop.time()
        pause = max(now - self._last_part, 2 * PART_PAUSE)
        # With such a pause the connection is lost whatever the bytes are.
        self._conclude(self._agent.receive(b"", now, pause=pause))

    def _conclude(self, outcomes: list[Outcome]) -> None:
        for outcome in outcomes:
            self._heard(outcome)
            if isinstance(outcome, Lost) and not self._end.done():
                self._end.set_result(outcome.reason)

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        if self._end.done():
            return
        if self._reader is not None:
            self._take_in(data)
            return
        self._head += data
        end = self._head.find(_HEAD_END)
        if end >= 0 and not self._answer.done():
            end += len(_HEAD_END)
            head = bytes(self._head[:end])
            del self._head[:end]
            self._answer.set_result(head)

    def connection_lost(self, error: Exception | None) -> None:
        if not self._answer.done():
            self._answer.set_exception(EOFError("the server hung up during the handshake"))
        if not self._end.done():
            self._end.set_result(str(error) if error else "the server closed the connection")

    def pause_writing(self) -> None:
        self._paused = True

    def resume_writing(self) -> None:
        self._paused = False
        self.wake()


def _text_frame(payload: bytes) -> bytes:
    return Frame(Opcode.TEXT, payload).serialize(mask=True)
