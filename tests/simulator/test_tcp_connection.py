"""One TCP connection of a simulated agent, on a transport that records what is written."""

import asyncio

import pytest
from websockets.frames import Frame, Opcode

from mdxdash.simulator.behavior import Behavior
from mdxdash.simulator.input_parser import Crash, Issued, Lost, Outcome
from mdxdash.simulator.simulated_agent import SimulatedAgent
from mdxdash.simulator.tcp_connection import STRAY_BYTE, AgentSocket
from mdxdash.wire.message import Message

HEAD = b"HTTP/1.1 101 Switching Protocols\r\n\r\n"


class RecordingTransport(asyncio.Transport):
    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.ended = ""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += bytes(data)

    def close(self) -> None:
        self.ended = "closed"

    def abort(self) -> None:
        self.ended = "aborted"


class Stage:
    """A socket whose handshake is done, with what it has reported."""

    def __init__(self) -> None:
        self.agent = SimulatedAgent(Behavior())
        self.outcomes: list[Outcome] = []
        self.payloads: list[bytes] = []
        self.written = asyncio.Event()
        self.transport = RecordingTransport()
        self.socket = AgentSocket(self.agent, self._on_outcome, self._on_written)
        self.socket.connection_made(self.transport)

    def _on_outcome(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        if isinstance(outcome, Crash):
            raise RuntimeError(outcome.reason)

    def _on_written(self, payload: bytes) -> None:
        self.payloads.append(payload)
        self.written.set()

    async def handshake(self, more: bytes = b"") -> bytes:
        request = asyncio.create_task(self.socket.request(b"GET / HTTP/1.1\r\n\r\n"))
        await asyncio.sleep(0)
        self.socket.data_received(HEAD[:20])
        self.socket.data_received(HEAD[20:] + more)
        head = await request
        self.socket.open()
        return head


def frame(payload: bytes, opcode: Opcode = Opcode.TEXT) -> bytes:
    return Frame(opcode, payload).serialize(mask=False)


async def test_the_head_of_the_response_ends_at_its_empty_line() -> None:
    stage = Stage()
    assert await stage.handshake(frame(b"A\n")) == HEAD
    assert stage.transport.written.startswith(b"GET / ")
    assert stage.outcomes == [Issued(b"A")]  # what followed the head is the first frame
    stage.socket.close()


async def test_a_server_that_closes_during_the_handshake_is_an_error() -> None:
    stage = Stage()
    request = asyncio.create_task(stage.socket.request(b"GET / HTTP/1.1\r\n\r\n"))
    await asyncio.sleep(0)
    stage.socket.connection_lost(None)
    with pytest.raises(EOFError, match="closed the connection during the handshake"):
        await request
    stage.socket.close()


async def test_an_echo_leaves_as_a_masked_text_frame() -> None:
    stage = Stage()
    await stage.handshake()
    stage.transport.written = b""
    stage.socket.data_received(frame(b"A|1\n"))
    async with asyncio.timeout(5):
        await stage.written.wait()
    assert stage.payloads == [b"A|1\n"]
    assert stage.transport.written[:2] == bytes([0x80 | Opcode.TEXT, 0x80 | 4])
    stage.socket.close()


@pytest.mark.parametrize(("payload", "length"), [(b"1234", 4), (b"", len(STRAY_BYTE))])
async def test_a_ping_is_answered_at_once(payload: bytes, length: int) -> None:
    stage = Stage()
    await stage.handshake()
    stage.transport.written = b""
    stage.socket.data_received(frame(payload, Opcode.PING))
    assert stage.transport.written[:2] == bytes([0x80 | Opcode.PONG, 0x80 | length])
    assert stage.outcomes == []
    stage.socket.close()


async def test_a_pong_is_ignored() -> None:
    stage = Stage()
    await stage.handshake()
    stage.socket.data_received(frame(b"A\n", Opcode.PONG))
    assert stage.outcomes == []
    stage.socket.close()


async def test_a_lost_connection_says_why_and_hears_no_more() -> None:
    stage = Stage()
    await stage.handshake()
    stage.socket.data_received(frame(b"") + frame(b"A\n"))
    stage.socket.data_received(frame(b"B\n"))
    assert await stage.socket.wait_ended() == "an empty frame counts as a lost connection"
    assert len(stage.outcomes) == 1
    stage.socket.close()


async def test_what_the_receiver_of_outcomes_raises_ends_the_connection() -> None:
    stage = Stage()
    await stage.handshake()
    stage.socket.data_received(frame(b"\n"))
    with pytest.raises(RuntimeError, match="empty line"):
        await stage.socket.wait_ended()
    stage.socket.close()


async def test_a_frame_against_the_protocol_is_a_lost_connection() -> None:
    stage = Stage()
    await stage.handshake()
    stage.socket.data_received(frame(b"A\n") + b"\x83\x00")
    lost = Lost("a frame against RFC 6455: invalid opcode")
    assert stage.outcomes == [Issued(b"A"), lost]
    assert await stage.socket.wait_ended() == lost.reason
    stage.socket.close()


@pytest.mark.parametrize(
    ("error", "reason"),
    [(None, "the server closed the connection"), (OSError("reset"), "reset")],
)
async def test_the_end_of_tcp_is_the_end(error: Exception | None, reason: str) -> None:
    stage = Stage()
    await stage.handshake()
    stage.socket.connection_lost(error)
    assert await stage.socket.wait_ended() == reason
    stage.socket.close()


async def test_nothing_is_written_while_the_transport_is_full() -> None:
    stage = Stage()
    await stage.handshake()
    stage.socket.pause_writing()
    stage.agent.issue(Message("A"), asyncio.get_running_loop().time())
    stage.socket.wake()
    await asyncio.sleep(0.06)
    assert stage.payloads == []
    stage.socket.resume_writing()
    async with asyncio.timeout(5):
        await stage.written.wait()
    assert stage.payloads == [b"A\n"]
    stage.socket.close()


async def test_a_close_ends_tcp_without_a_close_frame() -> None:
    stage = Stage()
    await stage.handshake()
    stage.transport.written = b""
    stage.socket.close()
    assert (stage.transport.written, stage.transport.ended) == (b"", "closed")


async def test_a_close_does_not_wait_for_a_full_transport() -> None:
    stage = Stage()
    await stage.handshake()
    stage.socket.pause_writing()
    stage.socket.close()
    assert stage.transport.ended == "aborted"
