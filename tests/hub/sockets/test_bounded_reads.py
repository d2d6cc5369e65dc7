"""What a connection is given in one go, over real sockets, on each loop."""

import asyncio
import socket

import pytest

from mdxdash.hub.sockets.bounded_reads import READ_BYTES, bound_reads, read_share
from tests.support.waiting import GUARD

SENT = 20 * READ_BYTES


class Reader(asyncio.Protocol):
    """Counts what it is given, and tells when it is all there and the connection has ended."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.turns: list[str] = []
        self.ended = asyncio.Event()
        self.all_there = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert hasattr(transport, "pause_reading") and hasattr(transport, "resume_reading")

        def hold() -> None:
            transport.pause_reading()

        def release() -> None:
            self.turns.append("-")
            transport.resume_reading()

        self.limit = bound_reads(transport, self, hold, release)

    def data_received(self, data: bytes) -> None:
        assert isinstance(data, bytes)
        self.sizes.append(len(data))
        self.turns.append("read")
        if sum(self.sizes) == SENT:
            self.all_there.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended.set()


@pytest.fixture
async def reader() -> Reader:
    """One that has got all that waited for it, and its connection's end."""
    ours, theirs = socket.socketpair()
    for each in (ours, theirs):
        each.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2 * SENT)
        each.setblocking(False)
    assert ours.send(bytes(SENT)) == SENT
    reader = Reader()
    loop = asyncio.get_running_loop()
    await loop.connect_accepted_socket(lambda: reader, theirs)
    await asyncio.wait_for(reader.all_there.wait(), GUARD)
    ours.close()
    await asyncio.wait_for(reader.ended.wait(), GUARD)
    return reader


async def test_no_read_is_larger_than_the_limit(reader: Reader) -> None:
    assert sum(reader.sizes) == SENT
    assert max(reader.sizes) <= READ_BYTES


async def test_between_two_full_reads_others_have_their_turn(reader: Reader) -> None:
    if "uvloop" not in type(asyncio.get_running_loop()).__module__:
        return  # asyncio reads once in a turn
    assert "".join(reader.turns).startswith("read-read-read-")


async def test_another_number_is_set_while_it_reads() -> None:
    ours, theirs = socket.socketpair()
    for each in (ours, theirs):
        each.setblocking(False)
    reader = Reader()
    loop = asyncio.get_running_loop()
    await loop.connect_accepted_socket(lambda: reader, theirs)
    reader.limit(2048)
    ours.send(bytes(10_000))
    async with asyncio.timeout(GUARD):
        while sum(reader.sizes) < 10_000:
            await asyncio.sleep(0.001)
    ours.close()
    await asyncio.wait_for(reader.ended.wait(), GUARD)
    assert max(reader.sizes) <= 2048


@pytest.mark.parametrize(
    ("connections", "share"),
    [(0, READ_BYTES), (8, READ_BYTES), (16, 8192), (64, 2048), (99, 2048)],
)
def test_many_connections_share_a_turn(connections: int, share: int) -> None:
    assert read_share(connections) == share
