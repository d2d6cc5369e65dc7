"""The kernel gets whole frames only, and what waits leaves in order when there is room again."""

import asyncio
import contextlib
import socket
import sys
from collections.abc import AsyncIterator
from typing import NamedTuple
from unittest.mock import Mock

import pytest

from mdxdash.hub.sockets.frame_writer import SEND_BUFFER, FrameWriter
from tests.support.waiting import GUARD

FRAME = b"\x81\x7e\x07\xff" + b"x" * 2047


class Ends(NamedTuple):
    """A writer, the socket that it writes to, and the other end, which nobody reads yet."""

    writer: FrameWriter
    transport: asyncio.Transport
    reader: socket.socket
    calls: Mock


@pytest.fixture
async def ends() -> AsyncIterator[Ends]:
    loop = asyncio.get_running_loop()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        reader = socket.create_connection(listener.getsockname())
        accepted, _ = listener.accept()
    reader.setblocking(False)
    transport, _ = await loop.connect_accepted_socket(asyncio.Protocol, accepted)
    calls = Mock()
    writer = FrameWriter(transport, loop, calls.wait, calls.room)
    yield Ends(writer, transport, reader, calls)
    writer.close()
    transport.abort()
    reader.close()


async def read(ends: Ends, size: int) -> bytes:
    """Reads that many bytes at the other end."""
    loop, data = asyncio.get_running_loop(), b""
    async with asyncio.timeout(GUARD):
        while len(data) < size:
            data += await loop.sock_recv(ends.reader, size - len(data))
    return data


async def test_a_frame_that_finds_room_leaves_at_once(ends: Ends):
    ends.writer.write(FRAME)
    assert await read(ends, len(FRAME)) == FRAME
    assert not ends.calls.mock_calls


async def test_the_send_buffer_is_large_enough(ends: Ends):
    sending = ends.transport.get_extra_info("socket")
    assert sending.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) >= min(SEND_BUFFER, 212_992)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the kernel is not asked")
async def test_frames_wait_whole_while_nobody_reads_and_leave_in_order(ends: Ends):
    count = 0
    while len(ends.writer.waiting) < 100:
        ends.writer.write(FRAME[:-8] + b"%08d" % count)
        count += 1
        assert ends.writer.is_between_frames
    assert not ends.writer.has_room
    assert ends.writer.unread_bytes == 100 * len(FRAME)
    ends.calls.wait.assert_called_once_with()
    ends.calls.room.assert_not_called()
    data = await read(ends, count * len(FRAME))
    numbers = [int(data[end - 8 : end]) for end in range(len(FRAME), len(data) + 1, len(FRAME))]
    assert numbers == list(range(count))
    async with asyncio.timeout(GUARD):
        while not ends.calls.room.called:
            await asyncio.sleep(0.01)
    assert ends.writer.has_room
    ends.calls.wait.assert_called_once_with()


def fill(ends: Ends) -> None:
    """Writes beside the writer until the kernel takes no more."""
    sending: socket.socket = ends.transport.get_extra_info("socket")
    with sending.dup() as own, contextlib.suppress(BlockingIOError):
        while True:
            own.send(FRAME)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the kernel is not asked")
async def test_what_the_kernel_held_before_counts(ends: Ends):
    fill(ends)
    later = FrameWriter(ends.transport, asyncio.get_running_loop(), Mock(), Mock())
    later.write(FRAME)
    assert later.waiting == (FRAME,)
    later.close()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the kernel is not asked")
async def test_behind_tls_the_kernel_is_asked_before_each_frame(ends: Ends):
    extra = ends.transport.get_extra_info
    tls = Mock(wraps=ends.transport)
    tls.get_extra_info = lambda name: object() if name == "sslcontext" else extra(name)
    writer = FrameWriter(tls, asyncio.get_running_loop(), Mock(), Mock())
    writer.write(FRAME)
    fill(ends)  # as what TLS adds does, of which the writer knows nothing
    writer.write(FRAME)
    assert writer.waiting == (FRAME,)
    writer.close()


async def test_at_the_end_all_is_given_away_and_the_stream_ends_behind_it(ends: Ends):
    while len(ends.writer.waiting) < 3:
        ends.transport.write(FRAME)  # until asyncio's own buffer fills
        if ends.transport.get_write_buffer_size():
            ends.writer.write(b"last")
    ends.writer.write(b"")
    ends.writer.write_all()
    assert not ends.writer.waiting
    loop, data = asyncio.get_running_loop(), b""
    async with asyncio.timeout(GUARD):
        while part := await loop.sock_recv(ends.reader, 2**20):
            data = data[-100:] + part
    assert data.endswith(b"lastlastlast")


async def test_waiting_for_room_is_no_waiting_when_there_is_room(ends: Ends):
    ends.writer.wait_for_room()
    assert not ends.calls.mock_calls


async def test_a_connection_that_has_just_been_closed_has_room(ends: Ends):
    ends.transport.abort()
    while ends.transport.get_extra_info("socket").fileno() >= 0:
        await asyncio.sleep(0)
    assert ends.writer.has_room
    ends.writer.wait_for_room()
    assert not ends.calls.mock_calls
