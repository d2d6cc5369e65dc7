"""Connections to what is no broker, or none that answers; `scenarios/test_fleet.py` has a real
one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from unittest.mock import AsyncMock

import pytest

from mdxdash.hub.address import free_port
from mdxdash.remote.fleet import broker_channel, broker_connection
from mdxdash.remote.fleet.broker_address import BrokerAddress
from mdxdash.remote.fleet.broker_channel import Broker
from mdxdash.remote.fleet.broker_connection import BrokerError
from tests.support.waiting import GUARD

pytest.importorskip("aio_pika")

PASSWORD = "Correct-Horse-42"


@asynccontextmanager
async def listening(answer: bytes | None) -> AsyncIterator[BrokerAddress]:
    """Something listens that says this to everybody and goes; None: it says nothing."""
    waiting = asyncio.Event()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if answer is None:
            await waiting.wait()
        else:
            writer.write(answer)
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield BrokerAddress.of(f"amqp://ken:{PASSWORD}@127.0.0.1:{port}")
    finally:
        waiting.set()
        server.close()


async def problem(address: BrokerAddress) -> str:
    with pytest.raises(BrokerError) as caught:
        async with asyncio.timeout(GUARD), Broker(address, "test"):
            pass
    assert PASSWORD not in str(caught.value)
    assert address.shown in str(caught.value)
    return str(caught.value)


async def test_where_nothing_listens():
    address = BrokerAddress.of(f"amqp://ken:{PASSWORD}@127.0.0.1:{free_port('127.0.0.1')}")
    assert (await problem(address)).endswith("nothing listens there")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"AMQP\x00\x00\x09\x01",  # the versions that it speaks, and not ours
        b"\x01" * 4096,
        b"\xff" * 4096,
    ],
)
async def test_what_is_no_broker_is_a_sentence(answer: bytes, monkeypatch: pytest.MonkeyPatch):
    for module in (broker_channel, broker_connection):
        monkeypatch.setattr(module, "CONNECT_WITHIN", 0.5)
    async with listening(answer) as address:
        assert len(await problem(address)) < 400


async def test_one_that_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch):
    for module in (broker_channel, broker_connection):
        monkeypatch.setattr(module, "CONNECT_WITHIN", 0.2)
    async with listening(None) as address:
        assert "does not answer within" in await problem(address)


async def test_what_aiormq_cancels_as_it_closes_ends_nobody(monkeypatch: pytest.MonkeyPatch):
    connection = AsyncMock(close_callbacks=set())
    connection.channel.return_value.close_callbacks = set()
    connection.close.side_effect = asyncio.CancelledError
    monkeypatch.setattr(broker_channel, "connect", AsyncMock(return_value=connection))
    async with Broker(BrokerAddress.of("amqp://broker"), "test"):
        pass
    connection.close.assert_awaited_once()
