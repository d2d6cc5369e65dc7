"""The protocol through which front ends see a hub, and what implements it."""

import inspect

import pytest

from mdxdash.events.log import EventLog
from mdxdash.hub.agent import HubAgent
from mdxdash.hub.interface import AgentHub, AgentView, Delivery
from mdxdash.hub.recorded import RecordedAgent, RecordedHub
from mdxdash.hub.server import HubServer
from mdxdash.recordings.opening import open_recording
from mdxdash.settings.tables.hub_section import HubSettings
from tests.support.recorded import RECORDINGS


def members(protocol: type) -> list[str]:
    return [name for name in vars(protocol) if not name.startswith("_")]


@pytest.mark.parametrize(
    "agent",
    [HubAgent("chat", "/chat", EventLog(), HubSettings()), RecordedAgent("chat", 1.0)],
    ids=["live", "recorded"],
)
def test_every_agent_has_what_front_ends_show(agent: AgentView):
    assert [name for name in members(AgentView) if not hasattr(agent, name)] == []
    assert (agent.name, agent.state, agent.connected, agent.paused) == (
        "chat",
        "gone",
        False,
        False,
    )
    assert (len(agent.queue), agent.upstream) == (0, None)


@pytest.mark.parametrize(
    "hub",
    [
        HubServer(HubSettings(), EventLog()),
        RecordedHub(open_recording(RECORDINGS / "messages.jsonl"), EventLog()),
    ],
    ids=["live", "recorded"],
)
def test_every_hub_has_what_front_ends_use(hub: AgentHub):
    assert [name for name in members(AgentHub) if not hasattr(hub, name)] == []
    wanted = list(inspect.signature(AgentHub.send).parameters.values())[1:]
    found = list(inspect.signature(hub.send).parameters.values())
    assert found[: len(wanted)] == wanted
    assert all(each.default is not each.empty for each in found[len(wanted) :])
    assert (list(hub.agents), list(hub.connected), list(hub.targets(None))) == ([], [], [])


def test_a_delivery_to_nobody_is_empty():
    assert Delivery() == Delivery(agents=(), refused=(), asked=())


@pytest.mark.parametrize(
    ("delivery", "reasons"),
    [
        (Delivery(("chat",)), ()),
        (Delivery(("chat",), ("chat-1: full",)), ("chat-1: full",)),
        (Delivery(refused=("W101",), asked=("A301",)), ("W101", "A301")),
        (Delivery(), ("no agent to send it to is connected",)),
    ],
)
def test_a_delivery_says_why_not_all_have_got_it(delivery: Delivery, reasons: tuple[str, ...]):
    assert delivery.reasons == reasons
    assert delivery.nobody == (delivery == Delivery())
