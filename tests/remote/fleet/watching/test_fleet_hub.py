"""All hubs as one: targets, order, and what is asked before something is sent."""

from mdxdash.remote.fleet.messages import Presence
from mdxdash.remote.fleet.watching.fleet_hub import FleetHub, Order
from mdxdash.remote.fleet.watching.watched_hub import WatchedHub
from mdxdash.remote.protocol import AgentState
from mdxdash.wire.message import parse_message
from tests.support.scripted_hub import agent_state

MESSAGE = parse_message("HELLO|1")


def fleet(
    orders: list[Order], *, read_only: bool = False, rooms: int = 3, problem: str = ""
) -> FleetHub:
    groups = {"lobby": ("room-1", "room-2/chat-1")}
    hub = FleetHub(
        "amqp://broker", groups, orders.append, read_only=read_only, problem=lambda: problem
    )
    for number in range(1, rooms + 1):
        name = f"room-{number}"
        add(hub, name, agent_state("chat"), agent_state("chat-1"))
    return hub


def add(hub: FleetHub, name: str, *agents: AgentState) -> WatchedHub:
    watched = hub.hubs[name] = WatchedHub(name, from_start=False)
    watched.take_presence(Presence(name, "s", 1.0, 0, agents=agents))
    return watched


def names(hub: FleetHub, target: str | None) -> list[str]:
    return [agent.name for agent in hub.targets(target)]


def test_a_target_is_an_agent_a_hub_a_pattern_or_a_group():
    hub = fleet([])
    assert names(hub, "room-2/chat") == ["room-2/chat"]
    assert names(hub, "=room-2/chat") == ["room-2/chat"]
    assert names(hub, "room-2") == ["room-2/chat", "room-2/chat-1"]
    assert names(hub, "room-*/chat") == ["room-1/chat", "room-2/chat", "room-3/chat"]
    assert names(hub, "lobby") == ["room-1/chat", "room-1/chat-1", "room-2/chat-1"]
    assert len(names(hub, None)) == len(names(hub, "all")) == 6


def test_what_is_sent_goes_to_each_hub_with_its_agents():
    orders: list[Order] = []
    delivery = fleet(orders).send(MESSAGE, "room-*/chat")
    assert delivery.agents == ("room-1/chat", "room-2/chat", "room-3/chat")
    assert orders == [
        Order({"room-1": ("chat",), "room-2": ("chat",), "room-3": ("chat",)}, MESSAGE)
    ]


def test_a_hub_that_is_gone_is_ordered_too_and_expected_not_to_be_there():
    orders: list[Order] = []
    hub = fleet(orders)
    hub.hubs["room-2"].go("it was ended", 5.0)
    hub.agents_changed()
    delivery = hub.send(MESSAGE, "room-*/chat")
    assert delivery.agents == ("room-1/chat", "room-3/chat")
    assert delivery.refused == ("room-2: not there",)
    assert list(orders[0].agents) == ["room-1", "room-2", "room-3"]


def test_more_than_five_agents_are_asked_about():
    orders: list[Order] = []
    hub = fleet(orders)
    assert hub.send(MESSAGE).asked == ("it goes to 6 agents of 3 hubs",)
    assert orders == []
    assert len(hub.send(MESSAGE, sure=True).agents) == 6
    # The hubs still ask about what may harm.
    assert not orders[0].sure


def test_what_may_harm_is_asked_here_and_not_again():
    orders: list[Order] = []
    hub = fleet(orders)
    message = parse_message("TEXTAREA_ADD|x")
    asked = hub.send(message, "room-1/chat").asked
    if asked:  # the catalog decides what may harm
        hub.send(message, "room-1/chat", sure=True)
        assert orders[0].sure


def test_who_only_reads_sends_nothing():
    orders: list[Order] = []
    hub = fleet(orders, read_only=True)
    assert "only reads" in hub.send(MESSAGE, "room-1/chat").refused[0]
    assert hub.stop_speech() == 0
    assert orders == []


def test_the_troubled_ones_come_first():
    hub = fleet([])
    add(hub, "room-9", agent_state("lost", "gone"), agent_state("still", "silent"))
    hub.agents_changed()
    assert [agent.name for agent in hub.agents][:2] == ["room-9/lost", "room-9/still"]
    assert len(hub.agents) == 8
    assert len(hub.connected) == 7


def test_without_a_broker_nothing_is_said_to_be_sent():
    orders: list[Order] = []
    hub = fleet(orders, problem="nothing listens there")
    assert hub.send(MESSAGE, "room-1").refused == ("nothing listens there",)
    assert not orders


def test_many_agents_of_one_hub_are_asked_about():
    hub = fleet([], rooms=0)
    add(hub, "room-1", *(agent_state(f"chat-{number}") for number in range(7)))
    assert hub.send(MESSAGE).asked == ("it goes to 7 agents of one hub",)


def test_agents_are_told_to_stop_though_it_is_not_known_yet_that_they_speak():
    orders: list[Order] = []
    assert fleet(orders).stop_speech("room-2") == 2
    assert orders == [Order({"room-2": ("chat", "chat-1")}, stop_speech=True)]
    assert fleet(orders, problem="nothing listens there").stop_speech() == 0
    assert len(orders) == 1
