"""What a hub says of itself at the broker."""

import msgspec

from mdxdash.remote.fleet.messages import MacroState
from mdxdash.remote.fleet.publishing.batching import WaitingEvents
from mdxdash.remote.fleet.publishing.hub_presence import LONGEST_REFUSAL, HubPresence
from mdxdash.remote.protocol import CountsState, Run, TallyState
from tests.support.scripted_hub import agent_state, welcome


def run(number: int, state: str = "running", macro: str = "Greet") -> Run:
    return Run(number, macro, "chat", 1.0, 0.0, state)


def known() -> HubPresence:
    found = HubPresence("room-1", WaitingEvents(1000))
    found.take_welcome(welcome())
    return found


def test_before_the_hub_is_known_it_is_lost():
    hub = HubPresence("room-1", WaitingEvents(1000))
    assert not hub.is_known
    assert (hub.session, hub.presence("here").state) == ("", "lost")
    hub.take_welcome(welcome())
    assert hub.is_known
    assert hub.presence("here").state == "here"


def test_it_has_the_numbers_of_its_events():
    waiting = WaitingEvents(1000)
    waiting.begin_at(5)
    presence = HubPresence("room-1", waiting).presence("here")
    assert (presence.since, presence.published, presence.dropped) == (5, 4, 0)


def test_agents_that_come_and_go_are_said_at_once():
    hub = known()
    assert hub.take_agents((agent_state("chat"),))
    assert not hub.take_agents((agent_state("chat"),))
    assert hub.take_agents((msgspec.structs.replace(agent_state("chat"), state="gone"),))
    assert [agent.name for agent in hub.presence("here").agents] == ["chat"]


def test_an_agent_is_told_without_what_makes_it_long():
    hub = known()
    counts = CountsState(round_trips=(0.1, 0.2, 0.3))
    hub.take_agents((msgspec.structs.replace(agent_state("chat"), counts=counts),))
    (agent,) = hub.presence("here").agents
    assert agent.counts.round_trips == (0.3,)
    assert agent.handshake.headers == ()


def test_only_macros_that_have_done_something_have_a_state():
    hub = known()
    assert hub.take_macros({"Greet": TallyState(fired=2, failed=1), "Wave": TallyState()})
    presence = hub.presence("here")
    assert presence.macros == ("Greet", "Wave")
    assert presence.macro_states == {"Greet": MacroState(2, 1)}


def test_what_changes_often_in_a_macro_is_not_said_at_once():
    hub = known()
    hub.take_macros({"Greet": TallyState(on=True, next_in=1.0)})
    assert not hub.take_macros({"Greet": TallyState(on=True, next_in=0.5)})
    assert hub.take_macros({"Greet": TallyState(on=True, fired=1)})
    assert hub.take_macros({})


def test_a_macro_runs_while_it_is_on_or_a_run_is_not_over():
    hub = known()
    hub.take_macros({"Greet": TallyState(fired=1), "Wave": TallyState(on=True)})
    assert hub.take_run(run(1))
    assert not hub.take_run(run(1))
    states = hub.presence("here").macro_states
    assert [states[name].running for name in ("Greet", "Wave")] == [True, True]
    assert hub.take_run(run(1, "passed"))
    assert not hub.take_run(run(1, "passed"))
    assert not hub.presence("here").macro_states["Greet"].running


def test_runs_are_told_anew_after_the_connection_to_the_hub():
    hub = known()
    hub.take_macros({"Greet": TallyState()})
    hub.take_run(run(1))
    hub.take_welcome(welcome())
    assert not hub.presence("here").macro_states


def test_a_long_refusal_is_cut():
    hub = known()
    hub.take_macros({"Greet": TallyState(refused="x" * 5000)})
    assert len(hub.presence("here").macro_states["Greet"].refused) == LONGEST_REFUSAL
