"""One connection: its limits, its close frames, and that it costs the others nothing."""

import asyncio
from collections.abc import Iterator
from typing import Any, NamedTuple
from unittest.mock import Mock, call

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.datastructures import Headers
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol

from mdxdash.hub.admission import Admission
from mdxdash.hub.connection import EARLY_MESSAGES, AgentConnection
from mdxdash.hub.sockets.connection_snapshot import ConnectionSnapshot
from mdxdash.settings.tables.hub_section import HubSettings
from tests.support.hub_clients import open_silent_agent, raw_agent, running_hub
from tests.support.raw_connections import attacked_hub, dialled, frame, is_cut, opened, request
from tests.support.waiting import GUARD, logged


async def test_the_limits_are_settings():
    async with attacked_hub(request_bytes=256, frame_bytes=4096) as (hub, _):
        reader, writer = await dialled(hub)
        writer.write(request(more="X: " + "x" * 200 + "\r\n"))
        assert await is_cut(reader)
        reader, writer = await opened(hub)
        writer.write(frame(b"x" * 4097))
        assert await is_cut(reader)
        await logged(hub.log, lambda event: "a frame over 4 KiB" in event.text)


@pytest.mark.parametrize(
    "begun",
    [
        frame(b"x" * 1000)[:-1],
        frame(b"x", fin=False) + frame(b"", Opcode.PING) * 3,
        frame(b"", fin=False) + frame(b"", Opcode.CONT, fin=False) * 3,
    ],
    ids=["frame", "message with pings", "message of nothing"],
)
async def test_what_never_ends_is_cut(begun: bytes):
    async with attacked_hub(frame_timeout=0.3) as (hub, _):
        reader, writer = await opened(hub)
        writer.write(begun)
        assert await is_cut(reader)
        fault = await logged(hub.log, lambda event: event.kind == "fault")
        assert fault.text == "a message was not complete within 0.3 s: the connection was cut"
        writer.close()


async def test_fragments_of_too_large_a_message_are_cut():
    async with attacked_hub() as (hub, _):
        reader, writer = await opened(hub)
        writer.write(frame(b"x" * 40_000, fin=False) + frame(b"x" * 40_000, Opcode.CONT))
        assert await is_cut(reader)
        await logged(hub.log, lambda event: "a frame over 64 KiB" in event.text)
        writer.close()


async def test_a_ping_flood_whose_answers_nobody_reads_is_cut():
    async with attacked_hub(unread_bytes=65_536) as (hub, _):
        reader, writer = await opened(hub)
        reader._transport.pause_reading()
        pings = frame(b"x" * 125, Opcode.PING) * 1000
        attack = asyncio.create_task(flood(writer, pings))
        fault = await logged(hub.log, lambda event: event.kind == "fault")
        assert fault.text == "over 65,536 bytes that it did not read: the connection was cut"
        attack.cancel()
        writer.transport.abort()


async def flood(writer: asyncio.StreamWriter, data: bytes) -> None:
    try:
        while True:
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        return


@pytest.mark.parametrize(
    "data",
    [frame(b"A\n") * 100_000, frame(b"A\n" * 30_000) * 4],
    ids=["of frames", "of lines"],
)
async def test_another_agent_is_heard_in_the_middle_of_a_flood(data: bytes):
    async with attacked_hub() as (hub, honest):
        _, writer = await opened(hub)
        writer.write(data)
        first = await logged(hub.log, lambda event: event.type == "A")
        await honest.send("MEANWHILE\n")
        heard = await logged(hub.log, lambda event: event.type == "MEANWHILE")
        assert heard.seq - first.seq < 20_000
        writer.close()


async def test_no_compression_is_offered_and_none_is_taken():
    async with attacked_hub() as (hub, _):
        reader, writer = await dialled(hub)
        writer.write(request(more="Sec-WebSocket-Extensions: permessage-deflate\r\n"))
        assert b"extensions" not in (await reader.readuntil(b"\r\n\r\n")).lower()
        bomb = bytearray(frame(b"\xc1\xc0\x01\x00" * 100))
        bomb[0] |= 0x40  # RSV1: this message is compressed
        writer.write(bytes(bomb))
        assert await is_cut(reader)
        await logged(hub.log, lambda event: "reserved bits" in event.text)
        writer.close()


async def test_a_frame_over_64_kib_cuts_that_connection_with_a_fault():
    async with running_hub() as hub, raw_agent(hub) as agent, raw_agent(hub) as other:
        await agent.send("x" * 65_537)
        event = await logged(hub.log, lambda event: event.kind == "fault")
        assert (event.agent, event.text) == ("chat", "a frame over 64 KiB: the connection was cut")
        await other.send("STILL_HERE\n")
        await logged(hub.log, lambda event: event.type == "STILL_HERE")


async def test_a_close_frame_that_is_answered_carries_no_code():
    async with running_hub() as hub:
        reader, writer = await open_silent_agent(hub)
        # A masked close frame with code 1000: websockets would send the code back.
        writer.write(bytes([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8]))
        assert await reader.read() == bytes([0x88, 0])
        writer.close()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a frame over the limit", bytes([0x81, 0xFF]) + (70_000).to_bytes(8, "big") + bytes(4)),
        ("an unknown opcode", bytes([0x83, 0x80, 0, 0, 0, 0])),
        ("reserved bits", bytes([0xF1, 0x80, 0, 0, 0, 0])),
        ("an unmasked frame", bytes([0x81, 0x01]) + b"A"),
        ("a continuation of nothing", bytes([0x80, 0x80, 0, 0, 0, 0])),
        ("a close with a reason", bytes([0x88, 0x85, 0, 0, 0, 0, 0x03, 0xE8]) + b"bye"),
    ],
)
async def test_whatever_ends_a_connection_no_close_code_leaves(name: str, data: bytes):
    async with running_hub() as hub:
        reader, writer = await open_silent_agent(hub)
        writer.write(data)
        answer = await reader.read()
        writer.close()
        assert answer in (b"", bytes([0x88, 0])), name


REQUEST = Request("/chat", Headers())


class NoServer:
    """What a connection needs of websockets' server, of its old and new versions."""

    def __init__(self) -> None:
        self.handler_tasks: set[asyncio.Task[None]] = set()

    async def handler(self, connection: AgentConnection) -> None:
        """Does nothing with the connection."""

    def start_connection_handler(self, connection: AgentConnection) -> None:
        """As `handler`."""


class Connected(NamedTuple):
    """A connection in memory, and the messages that its receiver got."""

    connection: AgentConnection
    got: list[bytes]

    def feed(self, *frames: bytes) -> None:
        self.connection.data_received(b"".join(frames))

    def lose(self) -> None:
        """TCP is closed."""
        self.connection.connection_lost(None)

    @property
    def transport(self) -> Mock:
        found = self.connection.transport
        assert isinstance(found, Mock)
        return found


@pytest.fixture
async def connected() -> Connected:
    """A connection with its handshake done, over a transport that writes nowhere."""
    return in_memory()


def in_memory(
    limit: int = 2**16,
    adopted: ConnectionSnapshot | None = None,
    transport: asyncio.Transport | None = None,
) -> Connected:
    """As `connected`, with another limit of a frame, in bytes, adopted from another process, or
    over another transport."""
    protocol = ServerProtocol(state=State.OPEN, max_size=limit)
    admission = Admission(HubSettings(frame_bytes=limit), Mock())
    server: Any = NoServer()
    connection = AgentConnection(protocol, server, admission, adopted, ping_interval=None)
    connection.connection_made(mocked_transport() if transport is None else transport)
    if adopted is None:
        connection.request = REQUEST
    return Connected(connection, [])


def mocked_transport() -> Mock:
    transport = Mock(spec=asyncio.Transport)
    transport.get_write_buffer_size.return_value = 0
    transport.is_closing.return_value = False
    transport.get_extra_info.return_value = None
    return transport


async def test_what_comes_before_the_receiver_is_kept_for_it(connected: Connected):
    connected.feed(frame(b"A"), frame(b"B", fin=False), frame(b"C", Opcode.CONT))
    connected.connection.deliver_to(connected.got.extend)
    connected.feed(frame(b"D"))
    assert connected.got == [b"A", b"BC", b"D"]


async def test_too_much_before_the_receiver_is_cut(connected: Connected):
    connected.feed(frame(b"A") * EARLY_MESSAGES)
    assert connected.connection.cut_reason is None
    connected.feed(frame(b"A"))
    connected.lose()
    assert connected.connection.end_reason() == (
        "it did not wait for the end of the handshake: the connection was cut",
        True,
    )
    connected.transport.abort.assert_called_once_with()


async def test_reading_goes_on_when_the_last_holder_releases_it(connected: Connected):
    connection, transport = connected.connection, connected.transport
    connection.hold_reading("one")
    connection.hold_reading("two")
    assert transport.pause_reading.called
    connection.release_reading("one")
    assert not transport.resume_reading.called
    connection.release_reading("two")
    transport.resume_reading.assert_called_once_with()


async def test_the_relay_gets_every_message_and_its_kind_and_learns_of_the_end(
    connected: Connected,
):
    relay = connected.connection.relay = Mock(mid_message=False)
    connected.feed(
        frame(b"A"),
        frame(b"\0", Opcode.BINARY),
        frame(b"B", Opcode.BINARY, fin=False) + frame(b"C", Opcode.CONT),
    )
    assert relay.from_agent.call_args_list == [
        call([b"A"], text=True),
        call([b"\0"], text=False),
        call([b"BC"], text=False),
    ]
    connected.lose()
    relay.close.assert_called_once_with()


async def test_it_is_mid_message_while_the_relay_is_or_fragments_are_to_come(
    connected: Connected,
):
    connection = connected.connection
    assert not connection.mid_message
    connection.relay = Mock(mid_message=True)
    assert connection.mid_message
    connection.relay = None
    connection.send_frame(Frame(Opcode.TEXT, b"A", fin=False))
    assert connection.mid_message
    connection.finish_message(b"", text=True)
    assert not connection.mid_message


@pytest.mark.parametrize(("text", "opcode"), [(True, Opcode.TEXT), (False, Opcode.BINARY)])
async def test_the_rest_of_a_message_is_a_message_of_its_own(
    connected: Connected, text: bool, opcode: Opcode
):
    connected.connection.finish_message(b"\n", text=text)
    connected.transport.write.assert_called_once_with(Frame(opcode, b"\n").serialize(mask=False))


async def test_a_message_is_unfinished_from_its_first_byte_to_its_last(connected: Connected):
    connection, data = connected.connection, frame(b"AB", fin=False)
    assert connection.unfinished_since is None
    connected.feed(data[:3])
    assert connection.unfinished_since is not None
    connected.feed(data[3:])
    assert connection.unfinished_since is not None
    connected.feed(frame(b"C", Opcode.CONT))
    assert connection.unfinished_since is None


async def test_it_says_when_the_agent_reads_again(connected: Connected):
    connection = connected.connection
    reads_again = asyncio.Event()
    connection.on_resume = reads_again.set
    connected.transport.get_write_buffer_size.return_value = 1
    connection.send_frame(Frame(Opcode.TEXT, b"A\n"))
    assert connection.paused
    connected.transport.get_write_buffer_size.return_value = 0
    await asyncio.wait_for(reads_again.wait(), GUARD)
    assert not connection.paused


async def test_what_the_transport_holds_back_is_not_told(connected: Connected):
    connection = connected.connection
    connection.on_resume = Mock()
    connection.pause_writing()
    assert not connection.paused
    connection.resume_writing()
    connection.on_resume.assert_not_called()


async def test_what_the_upstream_sends_is_bounded_too_whatever_the_agent_sends(
    connected: Connected,
):
    connected.transport.get_write_buffer_size.return_value = 1
    for _ in range(100):
        connected.connection.send_frame(Frame(Opcode.TEXT, b"y" * 20_000))
    connected.feed(frame(b"A\n"))
    connected.transport.abort.assert_called_once_with()
    assert connected.connection.cut_reason == "over 1,048,576 bytes that it did not read"


@pytest.mark.parametrize(
    ("data", "reason", "broken"),
    [
        (frame(b"\x03\xe8", Opcode.CLOSE), "closed by the agent with code 1000", False),
        (frame(b"\x03\xe8bye", Opcode.CLOSE), "closed by the agent with code 1000 (bye)", False),
        (frame(b"x" * 65_537), "a frame over 64 KiB: the connection was cut", True),
        (b"\x83\x80\0\0\0\0", "not WebSocket (RFC 6455), the connection was cut: ", True),
        (b"", "connection lost without a close frame", False),
    ],
    ids=["close", "close with a reason", "large", "no WebSocket", "nothing"],
)
async def test_why_it_ended(connected: Connected, data: bytes, reason: str, broken: bool):
    connected.feed(data)
    connected.lose()
    found = connected.connection.end_reason()
    assert found[0].startswith(reason)
    assert found[1] is broken


SMALL_LIMIT = 400


@st.composite
def any_frame(draw: st.DrawFn) -> bytes:
    """A frame of a client, mostly one that an agent sends, else with anything wrong in it."""
    if draw(st.integers(0, 2)):
        return frame(draw(st.binary(max_size=200)))
    size = draw(st.sampled_from([0, 1, 2, 125, 126, 150, SMALL_LIMIT, SMALL_LIMIT + 1]))
    first = draw(st.sampled_from([0, 0x80])) | draw(st.sampled_from([0, 0, 0, 0, 0x40, 0x10]))
    first |= draw(st.sampled_from([0, 1, 2, 8, 9, 10, 0, 1, 2, 9, 3, 15]))
    masked = draw(st.sampled_from([0x80, 0x80, 0x80, 0]))
    extended = draw(st.sampled_from([0, 0, 2, 8]) if size < 126 else st.sampled_from([2, 8]))
    length = {0: size, 2: 126, 8: 127}[extended]
    head = bytes([first, masked | length]) + (size.to_bytes(extended) if extended else b"")
    return head + draw(st.binary(min_size=size + 4, max_size=size + 4))


class Seen(NamedTuple):
    """What a stream of bytes has led to."""

    messages: list[bytes]
    written: bytes
    state: State
    closed: object
    error: str


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as found:
        yield found


@settings(deadline=None)
@given(pieces=st.lists(st.one_of(any_frame(), st.binary(max_size=4)), max_size=8), data=st.data())
def test_any_stream_has_the_same_effect_as_in_websockets_alone(
    runner: asyncio.Runner, pieces: list[bytes], data: st.DataObject
):
    stream = b"".join(pieces)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    parts = [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert runner.run(seen_by_the_hub(parts)) == seen_by_websockets(parts)


class RecordingTransport(asyncio.Transport):
    """Keeps what is written. A mock took a third of the test's time."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self._closing = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written.append(bytes(data))

    def get_write_buffer_size(self) -> int:
        return 0

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        pass

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        pass

    def is_closing(self) -> bool:
        return self._closing

    def close(self) -> None:
        self._closing = True

    abort = close


async def seen_by_the_hub(parts: list[bytes]) -> Seen:
    transport = RecordingTransport()
    connected = in_memory(SMALL_LIMIT, transport=transport)
    connection = connected.connection
    connection.deliver_to(connected.got.extend)
    for part in parts:
        connected.feed(part)
    connection.eof_received()
    return seen(connection.protocol, connected.got, b"".join(transport.written))


def seen_by_websockets(parts: list[bytes]) -> Seen:
    protocol = ServerProtocol(state=State.OPEN, max_size=SMALL_LIMIT)
    messages: list[bytes] = []
    fragments: list[bytes] = []
    for part in parts:
        protocol.receive_data(part)
    protocol.receive_eof()
    for event in protocol.events_received():
        assert isinstance(event, Frame)
        if event.opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            fragments.append(bytes(event.data))
            if event.fin:
                messages.append(b"".join(fragments))
                fragments.clear()
    written = b"".join(
        b"\x88\0" if data[:1] == b"\x88" else bytes(data) for data in protocol.data_to_send()
    )
    return seen(protocol, messages, written)


def seen(protocol: ServerProtocol, messages: list[bytes], written: bytes) -> Seen:
    error = protocol.parser_exc
    # How much of the last frame was there is told by websockets alone; nobody uses it.
    text = "" if error is None or isinstance(error, EOFError) else repr(error)
    return Seen(messages, written, protocol.state, protocol.close_rcvd, text)


@pytest.mark.parametrize("cut", [1, 60, -1, None])
async def test_frames_right_behind_the_request_are_taken(cut: int | None):
    async with attacked_hub() as (hub, _):
        _, writer = await dialled(hub)
        data = request() + frame(b"EARLY|1\n") + frame(b"EARLY|2\n")
        position = -1 if cut is None else len(request()) + cut if cut < 0 else cut
        for part in (data[:position], data[position:-1], data[-1:]):
            writer.write(part)
            await asyncio.sleep(0.01)
        writer.write(frame(b"LATE\n"))
        await logged(hub.log, lambda event: event.type == "LATE")
        assert [e.args for e in hub.log if e.type == "EARLY"] == ["1", "2"]
        writer.close()


async def test_undecoded_bytes_stay_out_of_the_parser(connected: Connected):
    ping = frame(b"x" * 100, Opcode.PING)
    line = frame(b"B\n")
    for part in (frame(b"A\n") + line[:-1], line[-1:] + ping[:50], ping[50:]):
        connected.feed(part)
        assert not connected.connection.protocol.reader.buffer
    connected.transport.write.assert_called_once()


async def test_bytes_that_are_missing_are_searched_over(connected: Connected):
    left = ConnectionSnapshot("/chat", (), b"", read=100, searches=True)
    connected = in_memory(adopted=left)
    connection = connected.connection
    connection.deliver_to(connected.got.extend)
    stream = frame(b"LOST\n")[9:] + frame(b"x" * 2047) + frame(b"A\n") + frame(b"B", fin=False)
    for index in range(len(stream)):
        connected.feed(stream[index : index + 1])
        assert connection.unfinished_since is None or connected.got
    connected.feed(frame(b"C\n", Opcode.CONT))
    assert connected.got == [b"A\n", b"BC\n"]
    assert connection.snapshot().read == 100 + len(stream) + len(frame(b"C\n"))


async def test_it_reports_how_far_it_has_read(connected: Connected):
    reports: list[tuple[int, bytes | None]] = []
    connected.connection.report_progress = lambda count, rest: reports.append((count, rest))
    line = frame(b"A\n")
    connected.feed(line, line[:3])
    connected.feed(line[3:], frame(b"B", fin=False))
    total = 2 * len(line)
    assert reports == [(len(line) + 3, line[:3]), (total + len(frame(b"B")), None)]
