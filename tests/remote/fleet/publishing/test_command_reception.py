"""Commands that come over the broker: read, admitted, carried out, answered."""

import asyncio
import time
from typing import Any

import msgspec
import pytest

from mdxdash.remote.attached.hub_link import NotAttached
from mdxdash.remote.fleet.messages import Command, FromDesk, Sent, encoded
from mdxdash.remote.fleet.publishing import command_reception
from mdxdash.remote.fleet.publishing.command_desk import CommandDesk
from mdxdash.remote.fleet.publishing.command_reception import (
    AT_ONCE,
    TOLD_AT_ONCE,
    TOLD_WITHIN,
    CommandReception,
)


class Place:
    """A hub that carries out commands when the test lets it, and who waits for answers."""

    def __init__(self) -> None:
        self.carried_out: list[tuple[str, str]] = []
        self.told: list[str] = []
        self.answers: list[tuple[str, FromDesk]] = []
        self.free = asyncio.Event()
        self.free.set()
        self.is_attached = True
        self.reception = CommandReception(
            "room-1",
            CommandDesk("room-1"),
            self,
            lambda fault, text: self.told.append(text),
            self.answer,
            lambda: 7,
        )

    async def carry_out(self, command: Command, user: str, next_seq: int, hub: str) -> Sent:
        await self.free.wait()
        if not self.is_attached:
            raise NotAttached("the hub is away")
        assert next_seq == 7
        self.carried_out.append((command.id, user))
        return Sent(hub, command.id)

    async def answer(self, reply_to: str, answer: FromDesk) -> None:
        self.answers.append((reply_to, answer))


def command(id_: str = "one", seconds: float = 5.0) -> bytes:
    return encoded(Command(id_, "watcher", time.time() + seconds, ("chat",), "A|1"))


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_a_command_is_carried_out_once_and_answered():
    place = Place()
    place.reception.take(command(), "ken")
    place.reception.take(command(), "ken")
    await settle()
    assert place.carried_out == [("one", "ken")]
    assert place.answers == [("watcher", Sent("room-1", "one"))]


@pytest.mark.parametrize(
    "data",
    [b"", b"x", b"[]", b"\xff", b'{"id":1}', b"[" * 100_000, b'{"id":"a","agents":"x"}'],
)
async def test_what_is_no_command_is_said_and_not_answered(data: bytes):
    place = Place()
    place.reception.take(data, "")
    await settle()
    (text,) = place.told
    assert text.startswith("fleet: somebody sends what is no command: ")
    assert len(text) < 300
    assert not place.answers


async def test_what_has_expired_or_says_no_user_is_refused():
    place = Place()
    place.reception.take(command(seconds=-1), "ken")
    place.reception.take(command("two"), "")
    place.reception.take(command("three", seconds=1e6), "ken")
    await settle()
    assert not place.carried_out
    errors = [answer.error for _, answer in place.answers if isinstance(answer, Sent)]
    assert errors == [
        *("it has expired 1.0 s ago", "it does not say who sends it (the property user_id)"),
        "it would be valid for too long",
    ]
    assert len(place.told) == 3


async def test_more_at_once_than_may_be_are_refused():
    place = Place()
    place.free.clear()
    for number in range(AT_ONCE + 3):
        place.reception.take(command(str(number)), "ken")
    await settle()
    assert len(place.answers) == 3
    place.free.set()
    await settle()
    assert len(place.carried_out) == AT_ONCE


async def test_a_hub_that_is_not_reached_is_said():
    place = Place()
    place.is_attached = False
    place.reception.take(command(), "ken")
    await settle()
    ((_, answer),) = place.answers
    assert isinstance(answer, Sent)
    assert answer.error == "the hub is not reached: the hub is away"


async def test_what_goes_on_ends_with_it():
    place = Place()
    place.free.clear()
    place.reception.take(command(), "ken")
    await settle()
    place.reception.close()
    await settle()
    place.free.set()
    await settle()
    assert not place.carried_out


@pytest.mark.parametrize(
    "fields",
    [
        {"id": "x" * 5000},
        {"reply_to": "x" * 5000},
        {"macro": "x" * 5000},
        {"person": "x" * 5000},
        {"line": "x" * 300_000},
        {"agents": tuple(map(str, range(1001)))},
    ],
)
async def test_what_is_too_long_is_no_command(fields: dict[str, Any]):
    place = Place()
    one = Command("one", "watcher", time.time() + 5, ("chat",), "A|1")
    place.reception.take(encoded(msgspec.structs.replace(one, **fields)), "ken")
    await settle()
    assert place.told == ["fleet: ken sends what is no command: it is too long"]
    assert not place.carried_out


async def test_a_flood_of_refusals_makes_few_events(monkeypatch: pytest.MonkeyPatch):
    place = Place()
    now = 100.0
    monkeypatch.setattr(command_reception.time, "monotonic", lambda: now)
    for _ in range(5000):
        place.reception.take(b"x", "ken")
    assert len(place.told) == TOLD_AT_ONCE
    now += TOLD_WITHIN + 1
    place.reception.take(b"x", "ken")
    assert place.told[TOLD_AT_ONCE:] == [
        "fleet: 4,990 more commands were refused",
        place.told[0],
    ]


async def test_what_was_left_out_of_a_flood_is_said_though_nothing_comes_after_it(
    monkeypatch: pytest.MonkeyPatch,
):
    place = Place()
    now = 100.0
    monkeypatch.setattr(command_reception.time, "monotonic", lambda: now)
    for _ in range(5000):
        place.reception.take(b"x", "ken")
    place.reception.report_left_out()
    assert len(place.told) == TOLD_AT_ONCE
    now += TOLD_WITHIN + 1
    place.reception.report_left_out()
    place.reception.report_left_out()
    assert place.told[TOLD_AT_ONCE:] == ["fleet: 4,990 more commands were refused"]


async def test_answers_that_the_broker_does_not_take_are_left_out_and_counted(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(command_reception, "ANSWERS_AT_ONCE", 2)
    place = Place()
    given = Command("one", "watcher", time.time() + 5, ("chat",), "A|1")
    for _ in range(5):
        place.reception.answer(given, Sent("room-1", "one"))
    place.reception.report_left_out()
    await settle()
    assert len(place.answers) == 2
    assert place.told == [
        "fleet: 3 answers to commands were left out: the broker takes none",
    ]


async def test_an_agent_that_is_named_twice_gets_it_once():
    place = Place()
    found: list[tuple[str, ...]] = []

    async def carry_out(command: Command, user: str, next_seq: int, hub: str) -> Sent:
        found.append(command.agents)
        return Sent(hub, command.id)

    place.carry_out = carry_out  # type: ignore[method-assign]
    given = Command("one", "watcher", time.time() + 5, ("chat",) * 1000, "A|1")
    place.reception.take(encoded(given), "ken")
    await settle()
    assert found == [("chat",)]
