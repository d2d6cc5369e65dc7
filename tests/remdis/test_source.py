"""Units that come are folded in their turn; of too many the oldest are left out, which is said."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from mdxdash.remdis import source as source_module
from mdxdash.remdis.folding import Folding
from mdxdash.remdis.rows import Row
from mdxdash.remdis.source import RemdisSource
from mdxdash.remote.fleet.broker_address import BrokerAddress
from tests.support.remdis_traffic import unit
from tests.support.waiting import GUARD


class Place:
    """A source without a broker."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        async def never(*arguments: Any) -> None:
            await asyncio.Event().wait()

        monkeypatch.setattr(source_module, "listen", never)
        self.rows: list[Row] = []
        self.reported: list[str] = []
        self.error: Exception | None = None
        address = BrokerAddress.of("amqp://broker")
        self.source = RemdisSource(address, ["asr"], Folding(), self.give, self.report)

    def report(self, fault: bool, text: str) -> None:
        assert fault
        self.reported.append(text)

    def give(self, rows: Sequence[Row], now: float) -> None:
        if self.error is not None:
            raise self.error
        self.rows += rows


async def until_there(place: Place, text: str) -> None:
    async with asyncio.timeout(GUARD):
        while not any(row.text == text for row in place.rows):
            await asyncio.sleep(0.005)


async def test_units_are_folded_in_their_order(monkeypatch: pytest.MonkeyPatch):
    place = Place(monkeypatch)
    running = asyncio.create_task(place.source.run())
    for update, body in (("add", "はい"), ("add", "。"), ("commit", "")):
        place.source.take("asr", unit(update, body, body))
    await until_there(place, "はい。")
    running.cancel()
    await asyncio.wait([running])
    assert running.cancelled()
    assert not place.reported


async def test_of_too_many_units_the_oldest_are_left_out_and_counted(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(source_module, "WAITING_UNITS", 3)
    place = Place(monkeypatch)
    for number in range(5):
        place.source.take("vap", unit("add", f"value {number}"))
    running = asyncio.create_task(place.source.run())
    await until_there(place, "value 4")
    running.cancel()
    assert [row.text for row in place.rows] == ["value 2", "value 3", "value 4"]
    assert place.reported == [
        "2 units of Remdis were left out: more came than can be read",
    ]


async def test_what_whoever_shows_it_raises_ends_it(monkeypatch: pytest.MonkeyPatch):
    place = Place(monkeypatch)
    place.error = BrokenPipeError()
    with pytest.raises(BrokenPipeError):
        await asyncio.wait_for(place.source.run(), GUARD)
