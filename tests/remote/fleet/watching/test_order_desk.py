"""Orders become commands of hubs, and their answers find them."""

import asyncio

import msgspec
import pytest

from mdxdash.hub.interface import Delivery
from mdxdash.remote.fleet.broker_connection import BrokerError, NotThere
from mdxdash.remote.fleet.messages import Acknowledged, Command, Presence, Sent, body, encoded
from mdxdash.remote.fleet.watching import order_desk
from mdxdash.remote.fleet.watching.fleet_hub import Order
from mdxdash.wire.message import parse_message
from tests.support.fleet_scene import say_presence, watch
from tests.support.scripted_hub import agent_state


async def test_without_a_broker_an_order_is_refused_with_the_reason():
    here = watch()
    say_presence(here, "room-1", "chat")
    outcome = await here.carry_out(Order({"room-1": ("chat",)}, parse_message("A|1")))
    assert outcome.at["room-1/chat"].text == "refused: not connected to the broker yet"
    assert [(e.kind, e.agent, e.type, e.by) for e in here.log] == [
        ("refused", "room-1/chat", "A", "fleet")
    ]


class FakeBroker:
    """Takes commands, and lets the test answer."""

    def __init__(self) -> None:
        self.commands: list[tuple[str, bytes]] = []

    async def command(self, hub: str, body: bytes, expires_after: float) -> None:
        self.commands.append((hub, body))


async def test_answers_find_their_order():
    here = watch(person="ken")
    say_presence(here, "room-1", "chat", at=4e9)
    broker = FakeBroker()
    here._orders.connected(broker, "answers")
    order = Order({"room-1": ("chat",)}, parse_message("A|1"))
    working = asyncio.create_task(here.carry_out(order))
    while not broker.commands:
        await asyncio.sleep(0)
    command = msgspec.json.decode(broker.commands[0][1], type=Command)
    # It expires by the hub's clock, which is far ahead.
    assert command.expires_at > 4e9
    assert (command.person, command.line) == ("ken", "A|1")
    here.reception.take(encoded(Sent("room-1", command.id, Delivery(("chat",)))))
    here.reception.take(encoded(Acknowledged("room-1", command.id, "chat", 0.003)))
    assert (await working).text == "A|1: 1 acknowledged in 3 ms"


async def test_a_hub_that_is_not_there_and_a_broker_that_refuses_are_said():
    class Refusing(FakeBroker):
        async def command(self, hub: str, body: bytes, expires_after: float) -> None:
            raise NotThere(hub) if hub == "room-1" else BrokerError("no permission")

    here = watch()
    here._orders.connected(Refusing(), "answers")
    agents = {"room-1": ("chat",), "room-2": ("chat",)}
    outcome = await here.carry_out(Order(agents, parse_message("A|1")))
    assert [at.text for at in outcome.at.values()] == ["not there", "refused: no permission"]


async def test_a_macro_is_answered_by_its_hub():
    here = watch()
    say_presence(here, "room-1", "chat", macros=("Greet",))
    broker = FakeBroker()
    here._orders.connected(broker, "answers")
    for order, text in (
        (Order({"room-1": ()}, macro="Greet"), "macro Greet: sent: started (room-1)"),
        (Order({"room-1": ()}, stop_macro="Greet"), "stop macro Greet: sent: started (room-1)"),
    ):
        broker.commands.clear()
        working = asyncio.create_task(here.carry_out(order))
        while not broker.commands:
            await asyncio.sleep(0)
        command = msgspec.json.decode(broker.commands[0][1], type=Command)
        assert (command.macro, command.stop_macro) == (order.macro, order.stop_macro)
        here.reception.take(encoded(Sent("room-1", command.id, outcome="started")))
        assert (await working).text == text


async def test_a_stranger_cannot_answer_for_a_hub():
    here = watch()
    here.reception.take(body(Presence("room-1", "s", 1.8e9, 0, agents=(agent_state(),))), "hub")
    broker = FakeBroker()
    here._orders.connected(broker, "answers")
    order = Order({"room-1": ("chat",)}, parse_message("A|1"))
    working = asyncio.create_task(here.carry_out(order))
    while not broker.commands:
        await asyncio.sleep(0)
    id_ = msgspec.json.decode(broker.commands[0][1], type=Command).id
    here.reception.take(encoded(Acknowledged("room-1", id_, "chat", 0.001)), "stranger")
    here.reception.take(encoded(Acknowledged("room-2", id_, "chat", 0.001)), "stranger")
    here.reception.take(encoded(Acknowledged("room-1", id_, "chat", 0.005)), "hub")
    assert (await working).text == "A|1: 1 acknowledged in 5 ms"
    assert here.reception.unreadable == 1


async def test_a_broker_that_takes_no_command_is_not_waited_for(monkeypatch: pytest.MonkeyPatch):
    class Full(FakeBroker):
        async def command(self, hub: str, body: bytes, expires_after: float) -> None:
            await asyncio.Event().wait()

    monkeypatch.setattr(order_desk, "_HANDED_OVER_WITHIN", 0.01)
    here = watch()
    here._orders.connected(Full(), "answers")
    outcome = await here.carry_out(Order({"room-1": ("chat",)}, parse_message("A|1")))
    text = "refused: the broker takes no command: it may be out of memory or disk"
    assert outcome.at["room-1/chat"].text == text


async def test_after_one_command_that_the_broker_does_not_take_no_other_waits(
    monkeypatch: pytest.MonkeyPatch,
):
    class Full(FakeBroker):
        async def command(self, hub: str, body: bytes, expires_after: float) -> None:
            await super().command(hub, body, expires_after)
            await asyncio.Event().wait()

    monkeypatch.setattr(order_desk, "_HANDED_OVER_WITHIN", 0.01)
    here, broker = watch(), Full()
    here._orders.connected(broker, "answers")
    agents = {f"room-{number}": ("chat",) for number in range(1, 4)}
    outcome = await here.carry_out(Order(agents, parse_message("A|1")))
    text = "refused: the broker takes no command: it may be out of memory or disk"
    assert [at.text for at in outcome.at.values()] == [text] * 3
    assert [hub for hub, _ in broker.commands] == ["room-1"]
    assert [event.agent for event in here.log] == [f"room-{number}/chat" for number in (1, 2, 3)]


async def test_what_an_agent_has_got_is_known_and_what_it_has_not_is_not():
    here = watch()
    say_presence(here, "room-1", "chat", "lobby")
    broker = FakeBroker()
    here._orders.connected(broker, "answers")
    message = parse_message("MODEL_ADD|mei|mei.pmd")
    order = Order({"room-1": ("chat", "lobby")}, message)
    working = asyncio.create_task(here.carry_out(order))
    while not broker.commands:
        await asyncio.sleep(0)
    agents = here.hub.hubs["room-1"].agents
    assert "mei" not in str(agents["chat"].known.snapshot())
    id_ = msgspec.json.decode(broker.commands[0][1], type=Command).id
    delivery = Delivery(("chat",), ("lobby: it is not connected",))
    here.reception.take(encoded(Sent("room-1", id_, delivery)))
    assert "mei" in str(agents["chat"].known.snapshot())
    assert "mei" not in str(agents["lobby"].known.snapshot())
    working.cancel()
    await asyncio.wait([working])
    assert not here._orders._outcomes


async def test_no_more_orders_wait_than_may(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(order_desk, "ORDERS_AT_ONCE", 1)
    here = watch()
    here._orders.connected(FakeBroker(), "answers")
    for _ in range(2):
        here._orders.give(Order({"room-1": ("chat",)}, parse_message("A|1")))
    assert here.take_news() == [
        "A|1: refused: too many orders wait for their answers (room-1/chat)"
    ]
    here._orders.close()
