"""A broker that is not there is said once, and tried again; `scenarios/test_remdis.py` has a real
one."""

import asyncio

import pytest

from mdxdash.hub.address import free_port
from mdxdash.remdis import listening
from mdxdash.remdis.listening import listen, put
from mdxdash.remote.fleet.broker_address import BrokerAddress
from mdxdash.remote.fleet.broker_connection import BrokerError
from tests.support.waiting import GUARD

pytest.importorskip("aio_pika")


def nowhere() -> BrokerAddress:
    return BrokerAddress.of(f"amqp://ken:Correct-Horse-42@127.0.0.1:{free_port('127.0.0.1')}")


async def test_a_broker_that_is_not_there_is_said_once_and_tried_again(
    monkeypatch: pytest.MonkeyPatch,
):
    address = nowhere()
    attempts = 0
    connect = listening.connect

    async def counted(*arguments: object) -> object:
        nonlocal attempts
        attempts += 1
        return await connect(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(listening, "connect", counted)
    monkeypatch.setattr(listening, "RETRY_INTERVAL", 0.01)
    reported: list[tuple[bool, str]] = []
    task = asyncio.create_task(
        listen(address, ["asr"], lambda *_: None, lambda *said: reported.append(said))
    )
    async with asyncio.timeout(GUARD):
        while attempts < 3:
            await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.wait([task])
    text = f"{address.shown} cannot be reached: nothing listens there; it is tried again"
    assert reported == [(True, text)]


async def test_putting_a_unit_in_says_why_it_cannot():
    with pytest.raises(BrokerError, match="nothing listens there") as caught:
        await put(nowhere(), "asr", b"{}")
    assert "Correct-Horse-42" not in str(caught.value)
