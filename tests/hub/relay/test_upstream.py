"""A connection to the upstream, fed with frames, without a socket."""

import asyncio
from unittest.mock import Mock

import pytest
from websockets.client import ClientProtocol
from websockets.frames import Close, CloseCode, Frame, Opcode
from websockets.protocol import State
from websockets.uri import parse_uri

from mdxdash.hub.relay.upstream import UnacknowledgedMessage, UpstreamConnection


@pytest.fixture
async def upstream() -> UpstreamConnection:
    """An open connection whose listener and transport only note what they are told."""
    protocol = ClientProtocol(parse_uri("ws://localhost/"))
    connection = UpstreamConnection(protocol, Mock())
    connection.connection_made(Mock(spec=asyncio.Transport, max_size=0))
    protocol.state = State.OPEN
    return connection


def written(upstream: UpstreamConnection) -> list[bytes]:
    return [call.args[0] for call in upstream.transport.write.call_args_list]  # type: ignore[attr-defined]


def listener(upstream: UpstreamConnection) -> Mock:
    found = upstream._relay
    assert isinstance(found, Mock)
    return found


async def test_data_frames_go_to_the_listener(upstream: UpstreamConnection):
    frames = [Frame(Opcode.TEXT, b"A", fin=False), Frame(Opcode.CONT, b"B")]
    for frame in frames:
        upstream.process_event(frame)
    assert [call.args for call in listener(upstream).from_server.call_args_list] == [
        (frame,) for frame in frames
    ]


@pytest.mark.parametrize("text", [True, False])
async def test_a_message_and_its_ping_are_one_write_and_the_pong_acknowledges(
    upstream: UpstreamConnection, text: bool
):
    upstream.write([UnacknowledgedMessage(258, b"A|1\n", text)])
    (data,) = written(upstream)
    assert data[0] == 0x80 | (Opcode.TEXT if text else Opcode.BINARY)
    masked = data[6:10]
    assert bytes(a ^ b for a, b in zip(masked, data[2:6], strict=True)) == b"A|1\n"
    assert data[10] == 0x80 | Opcode.PING
    mask = data[12:16]
    payload = bytes(byte ^ mask[at % 4] for at, byte in enumerate(data[16:]))
    upstream.process_event(Frame(Opcode.PONG, payload))
    listener(upstream).acknowledge.assert_called_once_with(258)


async def test_messages_of_one_write_have_one_ping_which_acknowledges_all(
    upstream: UpstreamConnection,
):
    upstream.write([UnacknowledgedMessage(number, b"A\n", True) for number in (3, 4)])
    (data,) = written(upstream)
    assert [data[at] for at in (0, 8, 16)] == [0x81, 0x81, 0x80 | Opcode.PING]
    mask = data[18:22]
    payload = bytes(byte ^ mask[at % 4] for at, byte in enumerate(data[22:]))
    upstream.process_event(Frame(Opcode.PONG, payload))
    listener(upstream).acknowledge.assert_called_once_with(4)


async def test_other_pongs_acknowledge_nothing(upstream: UpstreamConnection):
    for payload in (b"", b"MDXDASH1", b"x" * 15):
        upstream.process_event(Frame(Opcode.PONG, payload))
    listener(upstream).acknowledge.assert_not_called()


async def test_the_listener_learns_that_the_upstream_reads_again(upstream: UpstreamConnection):
    upstream.pause_writing()
    upstream.resume_writing()
    listener(upstream).deliver.assert_called_once_with()


async def test_the_listener_learns_of_the_end(upstream: UpstreamConnection):
    error = ConnectionResetError("reset")
    upstream.protocol.state = State.CONNECTING
    upstream.connection_lost(error)
    listener(upstream).server_lost.assert_called_once_with(upstream, error)


async def test_the_reason_of_the_end_is_the_code_the_error_or_the_server(
    upstream: UpstreamConnection,
):
    assert upstream.end_reason(None) == "closed by the server"
    assert upstream.end_reason(OSError("reset")) == "reset"
    upstream.protocol.close_rcvd = Close(CloseCode.SERVICE_RESTART, "")
    assert upstream.end_reason(OSError("reset")) == "closed by the server with code 1012"


@pytest.mark.parametrize(("order", "whole"), [(True, True), (False, False), (None, False)])
async def test_all_was_read_only_if_the_upstream_closed_first(
    upstream: UpstreamConnection, order: bool | None, whole: bool
):
    upstream.protocol.close_rcvd_then_sent = order
    assert upstream.read_to_the_end is whole
