"""What became of an order at each agent."""

from typing import Any

import pytest

from mdxdash.hub.interface import Delivery
from mdxdash.language.translation import localized, use
from mdxdash.remote.fleet.messages import Acknowledged, Sent
from mdxdash.remote.fleet.watching.fleet_hub import Order
from mdxdash.remote.fleet.watching.outcome import Outcome
from mdxdash.wire.message import parse_message


def outcome(line: str = "A|1") -> Outcome:
    agents = {"room-1": ("chat",), "room-2": ("chat", "chat-1"), "room-3": ("chat",)}
    return Outcome(Order(agents, parse_message(line)))


def test_all_that_can_become_of_it_is_said():
    found = outcome()
    assert found.take(Sent("room-1", "1", Delivery(("chat",)))) == []
    assert not found.complete
    found.take(Acknowledged("room-1", "1", "chat", 0.003))
    delivery = Delivery(("chat",), ("chat-1: it is full",))
    assert found.take(Sent("room-2", "2", delivery)) == ["room-2/chat-1"]
    found.take(Acknowledged("room-2", "2", "chat"))
    assert found.miss("room-3") == ["room-3/chat"]
    assert found.complete
    assert {name: at.text for name, at in found.at.items()} == {
        "room-1/chat": "acknowledged in 3 ms",
        "room-2/chat": "no echo",
        "room-2/chat-1": "refused: it is full",
        "room-3/chat": "not there",
    }
    assert found.text == (
        "A|1: 1 acknowledged in 3 ms; no echo (room-2/chat); "
        "refused: it is full (room-2/chat-1); not there (room-3/chat)"
    )


def test_an_echo_may_come_before_the_answer():
    found = outcome()
    found.take(Acknowledged("room-1", "1", "chat", 0.003))
    found.take(Sent("room-1", "1", Delivery(("chat",))))
    assert found.at["room-1/chat"].state == "acknowledged"


def test_an_error_is_that_of_all_its_agents_and_a_question_a_reason():
    found = outcome()
    assert found.take(Sent("room-2", "2", error="it has expired")) == [
        "room-2/chat",
        "room-2/chat-1",
    ]
    found.take(Sent("room-1", "1", Delivery(asked=("it may harm",))))
    assert found.at["room-1/chat"].text == "refused: it may harm"


def test_what_has_no_echo_is_complete_when_it_is_sent():
    found = outcome("__AV_START")
    for hub, agents in found.order.agents.items():
        found.take(Sent(hub, "1", Delivery(agents)))
    assert found.complete
    assert found.text == "__AV_START: sent (4 agents)"


def test_a_macro_is_fired_at_hubs():
    found = Outcome(Order({"room-1": ("chat",), "room-2": ()}, macro="Greet"))
    found.take(Sent("room-1", "1", outcome="started"))
    found.miss("room-2")
    assert found.text == "macro Greet: sent: started (room-1); not there (room-2)"


@pytest.mark.parametrize(
    ("order", "answer", "japanese"),
    [
        ({"macro": "Greet"}, "started", "マクロ Greet: 送信: 開始 (room-1)"),
        ({"macro": "Greet"}, "no agent", "マクロ Greet: 送信: エージェントなし (room-1)"),
        ({"stop_macro": "Greet"}, "stopped", "マクロの停止 Greet: 送信: 停止 (room-1)"),
    ],
)
def test_what_became_of_a_macro_is_said_in_the_language_of_the_user(
    order: dict[str, Any], answer: str, japanese: str
):
    found = Outcome(Order({"room-1": ()}, **order))
    found.take(Sent("room-1", "1", outcome=answer))
    use("ja")
    assert localized(found.text) == japanese
    assert localized(found.at["room-1"].text) == japanese.partition(": ")[2].removesuffix(
        " (room-1)"
    )
