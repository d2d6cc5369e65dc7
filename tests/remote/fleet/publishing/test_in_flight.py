"""What the broker has not confirmed: bounded, confirmed in order, given up at the end."""

import asyncio

import pytest

from mdxdash.remote.fleet.broker_connection import BrokerError
from mdxdash.remote.fleet.publishing.in_flight import ROUNDS, InFlight


class FakeBroker:
    """Confirms, or refuses, when the test says so."""

    def __init__(self) -> None:
        self.published: list[tuple[str, bytes]] = []
        self.waiting: list[asyncio.Future[None]] = []

    async def publish(self, key: str, data: bytes) -> None:
        self.published.append((key, data))
        self.waiting.append(asyncio.get_running_loop().create_future())
        await self.waiting[-1]


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_messages_leave_in_the_order_of_the_calls():
    broker = FakeBroker()
    in_flight = InFlight(broker.publish, lambda: None)
    in_flight.put([("a", b"1"), ("b", b"2")])
    in_flight.put([("state", b"3")])
    in_flight.put([("a", b"4")])
    await settle()
    assert broker.published == [("a", b"1"), ("b", b"2"), ("state", b"3"), ("a", b"4")]
    await in_flight.cancel()


async def test_messages_are_confirmed_from_the_oldest_on():
    broker, told = FakeBroker(), []
    confirmed: list[str] = []
    in_flight = InFlight(broker.publish, lambda: told.append(1))
    in_flight.put([("a", b"1"), ("b", b"2")], lambda: confirmed.append("first"))
    in_flight.put([("state", b"3")])
    in_flight.put([("a", b"4")], lambda: confirmed.append("last"))
    await settle()
    broker.waiting[3].set_result(None)
    broker.waiting[0].set_result(None)
    await settle()
    in_flight.take_confirmed()
    assert not confirmed
    broker.waiting[1].set_result(None)
    broker.waiting[2].set_result(None)
    await in_flight.wait_all()
    in_flight.take_confirmed()
    assert confirmed == ["first", "last"]
    assert len(told) == 4


async def test_no_more_rounds_are_out_than_may_be():
    broker = FakeBroker()
    in_flight = InFlight(broker.publish, lambda: None)
    for _ in range(ROUNDS):
        assert not in_flight.is_full
        in_flight.put([("a", b"1")])
    assert in_flight.is_full
    await settle()
    broker.waiting[0].set_result(None)
    await in_flight.wait_oldest(5.0)
    in_flight.take_confirmed()
    assert not in_flight.is_full
    await in_flight.cancel()


async def test_what_the_broker_refuses_is_raised():
    broker = FakeBroker()
    in_flight = InFlight(broker.publish, lambda: None)
    in_flight.put([("a", b"1")])
    await settle()
    broker.waiting[0].set_exception(BrokerError("no permission"))
    await in_flight.wait_oldest(5.0)
    with pytest.raises(BrokerError, match="no permission"):
        in_flight.take_confirmed()


async def test_what_is_not_confirmed_is_given_up():
    broker = FakeBroker()
    in_flight = InFlight(broker.publish, lambda: None)
    await in_flight.cancel()
    in_flight.put([("a", b"1")])
    await settle()
    await in_flight.cancel()
    assert broker.waiting[0].cancelled()
