"""Between a hub and a broker: what the hub says is published, and what comes is carried out. Both
ends are the test's; `scenarios/test_fleet.py` has real ones."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, ClassVar, Self

import msgspec
import pytest

from mdxdash.hub.interface import Delivery
from mdxdash.remote.fleet.addressing import ANSWERS, EVENTS
from mdxdash.remote.fleet.broker_address import BrokerAddress
from mdxdash.remote.fleet.broker_connection import BrokerError, NotLetIn
from mdxdash.remote.fleet.messages import (
    Acknowledged,
    Batch,
    Changes,
    Command,
    MacroRuns,
    Presence,
    Sent,
    encoded,
    read_answer,
    read_changes,
    read_runs,
    split_body,
)
from mdxdash.remote.fleet.publishing import (
    batching,
    broker_notes,
    command_reception,
    waiting_changes,
)
from mdxdash.remote.fleet.publishing import bridge as bridge_module
from mdxdash.remote.fleet.publishing import publisher as publisher_module
from mdxdash.remote.fleet.publishing.bridge import Bridge
from mdxdash.remote.fleet.publishing.command_reception import TOLD_AT_ONCE
from mdxdash.remote.fleet.publishing.in_flight import ROUNDS
from mdxdash.remote.protocol import (
    Agents,
    Answer,
    Attach,
    Changed,
    Fire,
    Macros,
    Note,
    Run,
    Send,
    StepState,
    StopMacros,
    TallyState,
)
from tests.support.scripted_hub import FaceConnection, agent_state, said, scripted_hub, welcome
from tests.support.waiting import GUARD, eventually


class FakeBroker:
    """A broker in memory. While it is away, connecting fails."""

    away: ClassVar[bool] = False
    refuses: ClassVar[bool] = False
    error: ClassVar[BrokerError | None] = None
    """If given: connecting raises it."""
    held: ClassVar[asyncio.Event | None] = None
    """If given: nothing is taken until it is set, as by a broker without memory."""
    connections: ClassVar[int] = 0
    published: ClassVar[list[tuple[str, str, bytes]]] = []
    latest: ClassVar["FakeBroker"]

    def __init__(self, address: BrokerAddress, name: str) -> None:
        self.end = asyncio.get_running_loop().create_future()
        self.waiting = 0

    async def __aenter__(self) -> Self:
        if FakeBroker.error is not None:
            raise FakeBroker.error
        if FakeBroker.away:
            raise BrokerError("nothing listens there")
        FakeBroker.latest = self
        FakeBroker.connections += 1
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        if not self.end.done():
            self.end.cancel()

    async def serve_hub(self, hub: str, take: Callable[[bytes, str, str], None]) -> None:
        self.take = take

    async def publish(self, exchange: str, key: str, body: bytes) -> None:
        if FakeBroker.refuses:
            raise BrokerError("no permission")
        if FakeBroker.held is not None:
            self.waiting += 1
            await FakeBroker.held.wait()
        if self.end.done():
            raise BrokerError("the connection was closed")
        FakeBroker.published.append((exchange, key, body))

    async def ended(self) -> str:
        return str(await asyncio.shield(self.end))


def heads(kind: type[Any]) -> list[Any]:
    """What was published of a kind."""
    events = [data for exchange, _, data in FakeBroker.published if exchange == EVENTS]
    return [head for head, _ in (split_body(data, 2**20) for data in events) if type(head) is kind]


def changes() -> list[Changed]:
    """What became of events, as it was published."""
    found = []
    for exchange, _, data in FakeBroker.published:
        if exchange == EVENTS:
            head, lines = split_body(data, 2**20)
            found += read_changes(lines) if type(head) is Changes else []
    return found


def answers() -> list[Any]:
    return [read_answer(d) for exchange, _, d in FakeBroker.published if exchange == ANSWERS]


class Place:
    """A running bridge, its hub, and how it ends."""

    def __init__(self, hub: FaceConnection, attach: Attach) -> None:
        self.hub = hub
        self.attach = attach
        self.ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def request(self, kind: type[Any]) -> Any:
        """The next request of a kind that the bridge makes of the hub."""
        while True:
            found = await self.hub.request()
            if type(found) is kind:
                return found


@asynccontextmanager
async def running(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Place]:
    monkeypatch.setattr(publisher_module, "Broker", FakeBroker)
    monkeypatch.setattr(publisher_module, "RETRY_DELAYS", (0.01,))
    FakeBroker.away, FakeBroker.refuses, FakeBroker.held = False, False, None
    FakeBroker.published = []
    address = BrokerAddress.of("amqp://broker")
    async with scripted_hub() as hub:
        bridge = Bridge(hub.open, address, "room-1", 2**20, round_interval=0.001)
        ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        async def hub_ended() -> str:
            return await ended

        task = asyncio.create_task(bridge.run(hub_ended()))
        face = await hub.face()
        attach = await face.attached(welcome(next_seq=1, session="s"))
        place = Place(face, attach)
        place.ended = ended
        await eventually(lambda: heads(Presence))
        try:
            yield place
        finally:
            if not ended.done():
                ended.set_result("left")
            await asyncio.wait_for(task, GUARD)


async def test_events_are_published_in_rounds_and_the_hub_says_that_it_is_there(
    monkeypatch: pytest.MonkeyPatch,
):
    async with running(monkeypatch) as place:
        assert (place.attach.face, place.attach.after) == ("fleet", None)
        place.hub.send_events([said(1), said(2)])
        await eventually(lambda: heads(Batch))
        (batch,) = heads(Batch)
        assert (batch.hub, batch.session, batch.agent) == ("room-1", "s", "chat")
        assert (batch.count, batch.first, batch.last) == (2, 1, 2)
        place.hub.send(Agents((agent_state("chat"),)))
        await eventually(lambda: heads(Presence)[-1].agents)
        assert heads(Presence)[-1].published == 2
        place.hub.send(Changed(2, 0.003))
        await eventually(lambda: heads(Changes))
    assert heads(Presence)[-1].state == "left"


async def test_macros_and_what_became_of_them_are_said(monkeypatch: pytest.MonkeyPatch):
    async with running(monkeypatch) as place:
        place.hub.send(Macros("", {"Greet": TallyState(fired=1), "Wave": TallyState()}))
        await eventually(lambda: heads(Presence)[-1].macros)
        presence = heads(Presence)[-1]
        assert presence.macros == ("Greet", "Wave")
        assert presence.macro_states["Greet"].fired == 1


async def test_corrected_credentials_are_read_again(monkeypatch: pytest.MonkeyPatch):
    async with running(monkeypatch) as place:
        read: list[BrokerAddress] = []

        def read_again(address: BrokerAddress) -> BrokerAddress:
            read.append(address)
            return address.with_credentials("ken", "right")

        monkeypatch.setattr(publisher_module, "read_again", read_again)
        FakeBroker.error = NotLetIn("wrong name or password")
        FakeBroker.latest.end.set_result("the broker has ended")
        await eventually(lambda: len(read) > 1)
        assert read[1].password == "right"
        FakeBroker.error = None
        await place.request(Note)


async def test_runs_of_macros_are_published(monkeypatch: pytest.MonkeyPatch):
    async with running(monkeypatch) as place:
        place.hub.send(Run(7, "Greet", "chat", 1.8e9, 0.5, steps=(StepState("1", "A|1", 0.0),)))
        await eventually(lambda: heads(MacroRuns))
        (lines,) = (
            split_body(data, 2**20)[1]
            for _, _, data in FakeBroker.published
            if type(split_body(data, 2**20)[0]) is MacroRuns
        )
        (told,) = read_runs(lines)
        assert (told.run, told.macro, told.steps) == (7, "Greet", (StepState("1", "A|1", 0.0),))


async def test_events_wait_while_the_broker_is_away_and_the_hub_is_told(
    monkeypatch: pytest.MonkeyPatch,
):
    async with running(monkeypatch) as place:
        FakeBroker.away = True
        FakeBroker.latest.end.set_result("the broker has ended")
        note = await place.request(Note)
        assert note.fault
        assert "the broker has ended; it is tried again, and events wait" in note.text
        place.hub.send_events([said(1), said(2), said(3)])
        await asyncio.sleep(0.05)
        assert not heads(Batch)
        FakeBroker.away = False
        await eventually(lambda: heads(Batch))
        assert (heads(Batch)[0].first, heads(Batch)[-1].last) == (1, 3)
        texts = [(await place.request(Note)).text for _ in range(2)]
        assert "nothing listens there" in texts[0]
        assert "is there again" in texts[1]


async def test_a_broker_that_lets_it_in_and_refuses_what_it_publishes_is_said_once(
    monkeypatch: pytest.MonkeyPatch,
):
    async with running(monkeypatch) as place:
        FakeBroker.refuses = True
        before = FakeBroker.connections
        place.hub.send_events([said(1)])
        await eventually(lambda: FakeBroker.connections > before + 3)
        FakeBroker.refuses = False
        await eventually(lambda: heads(Batch))
        notes = [await place.request(Note) for _ in range(2)]
        assert [note.fault for note in notes] == [True, False]
        assert "no permission; it is tried again" in notes[0].text
        assert "is there again" in notes[1].text


async def test_the_hub_says_that_it_is_there_also_where_events_never_end(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(publisher_module, "PRESENCE_INTERVAL", 0.01)
    monkeypatch.setattr(batching, "ROUND_EVENTS", 1)
    async with running(monkeypatch) as place:
        place.hub.send_events(map(said, range(1, 2001)))
        await eventually(lambda: len(heads(Batch)) == 2000)
        kinds = [type(split_body(data, 2**20)[0]) for _, _, data in FakeBroker.published]
        first = kinds.index(Batch)
        assert Presence in kinds[first : first + 1990]


async def test_what_became_of_events_is_bounded_while_the_broker_is_away(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(waiting_changes, "CHANGES_MAX", 3)
    async with running(monkeypatch) as place:
        FakeBroker.away = True
        FakeBroker.latest.end.set_result("the broker has ended")
        await place.request(Note)
        place.hub.send_events([said(seq) for seq in range(1, 6)])
        for seq in range(1, 6):
            place.hub.send(Changed(seq, 0.003))
        await asyncio.sleep(0.05)
        FakeBroker.away = False
        await eventually(changes)
        assert [each.seq for each in changes()] == [3, 4, 5]
        texts = [(await place.request(Note)).text for _ in range(3)]
        assert any("what became of 2 sent events was not published" in text for text in texts)


async def test_what_became_of_events_is_published_again_if_the_broker_had_not_confirmed_it(
    monkeypatch: pytest.MonkeyPatch,
):
    async with running(monkeypatch) as place:
        place.hub.send_events([said(1), said(2)])
        await eventually(lambda: heads(Batch))
        FakeBroker.held = asyncio.Event()
        before = FakeBroker.latest
        place.hub.send(Changed(2, 0.003))
        await eventually(lambda: before.waiting)
        before.end.set_result("the broker has ended")
        FakeBroker.held = None
        await eventually(changes)
        assert FakeBroker.latest is not before
        assert changes() == [Changed(2, 0.003)]


def command(id_: str, **fields: Any) -> bytes:
    return encoded(Command(id_, "watcher", time.time() + 5, ("chat",), **fields))


async def test_a_command_is_sent_by_the_hub_and_acknowledged(monkeypatch: pytest.MonkeyPatch):
    async with running(monkeypatch) as place:
        FakeBroker.latest.take(command("one", line="A|1", person="ken"), "driver", "room-1")
        assert (await place.request(Note)).text == "driver (ken): A|1 to chat"
        send = await place.request(Send)
        assert (send.line, send.to, send.sure) == ("A|1", "=chat", False)
        place.hub.send(Answer(send.id, delivery=Delivery(("chat",))))
        await eventually(answers)
        assert answers()[0] == Sent("room-1", "one", Delivery(("chat",)))
        event = msgspec.structs.replace(
            said(4), kind="sent", type="A", args="1", by="fleet", round_trip=0.003
        )
        place.hub.send_events([event])
        await eventually(lambda: len(answers()) == 2)
        assert answers()[1] == Acknowledged("room-1", "one", "chat", 0.003)


async def test_a_macro_is_fired_and_stopped(monkeypatch: pytest.MonkeyPatch):
    async with running(monkeypatch) as place:
        FakeBroker.latest.take(command("one", macro="Greet"), "driver", "room-1")
        fire = await place.request(Fire)
        assert fire.macro == "Greet"
        place.hub.send(Answer(fire.id, outcome="started"))
        FakeBroker.latest.take(command("two", stop_macro="Greet"), "driver", "room-1")
        stop = await place.request(StopMacros)
        assert stop.macro == "Greet"
        place.hub.send(Answer(stop.id, outcome="stopped"))
        await eventually(lambda: len(answers()) == 2)
        assert [answer.outcome for answer in answers()] == ["started", "stopped"]


async def test_a_hub_without_a_word_is_lost(monkeypatch: pytest.MonkeyPatch):
    async with running(monkeypatch) as place:
        place.ended.set_result("lost")
        await eventually(lambda: heads(Presence)[-1].state == "lost")


async def test_a_new_connection_alone_takes_no_events_again(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(publisher_module, "PRESENCE_INTERVAL", 0.01)
    async with running(monkeypatch) as place:
        for module in (publisher_module, broker_notes):
            monkeypatch.setattr(module, "STALLED_AFTER", 0.1)
        held = FakeBroker.held = asyncio.Event()
        place.hub.send_events([said(1)])
        assert "has taken nothing" in (await place.request(Note)).text
        before = FakeBroker.latest
        before.end.set_result("the broker has ended")
        await eventually(lambda: FakeBroker.latest is not before and FakeBroker.latest.waiting)
        held.set()
        texts = [(await place.request(Note)).text for _ in range(3)]
        assert "the broker has ended" in texts[0]
        assert "is there again" in texts[1]
        assert "takes events again" in texts[2]


async def test_changes_wait_while_the_broker_takes_nothing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(publisher_module, "PRESENCE_INTERVAL", 0.01)
    async with running(monkeypatch) as place:
        held = FakeBroker.held = asyncio.Event()
        await eventually(lambda: FakeBroker.latest.waiting >= ROUNDS)
        place.hub.send_events([said(1), said(2)])
        place.hub.send(Changed(2, 0.003))
        await asyncio.sleep(0.1)
        held.set()
        await eventually(lambda: heads(Changes))


async def test_refusals_that_were_left_out_are_told_later(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bridge_module, "LOOK_INTERVAL", 0.01)
    monkeypatch.setattr(command_reception, "TOLD_WITHIN", 0.1)
    async with running(monkeypatch) as place:
        for _ in range(TOLD_AT_ONCE + 2):
            FakeBroker.latest.take(b"x", "ken", "room-1")
        texts = [(await place.request(Note)).text for _ in range(TOLD_AT_ONCE + 1)]
        assert texts[-1] == "fleet: 2 more commands were refused"
