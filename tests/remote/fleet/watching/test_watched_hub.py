"""One hub, by what came from it."""

import msgspec

from mdxdash.events.event import Event
from mdxdash.remote.fleet.messages import Batch, Presence
from mdxdash.remote.fleet.watching.watched_hub import WatchedHub
from tests.support.scripted_hub import agent_state


def presence(session: str = "s", published: int = 0, **fields: object) -> Presence:
    states = (agent_state("chat"), agent_state("old", "gone", gone_at=5.0))
    found = Presence("room-3", session, 100.0, published, agents=states)
    return msgspec.structs.replace(found, **fields)


def batch(first: int, last: int, session: str = "s") -> Batch:
    return Batch("room-3", session, "chat", last - first + 1, first, last)


def events(first: int, last: int) -> list[Event]:
    return [Event(seq, 1.0, "received", "chat", "T") for seq in range(first, last + 1)]


def test_its_agents_bear_its_name_and_are_gone_with_it():
    hub = WatchedHub("room-3", from_start=False)
    hub.take_presence(presence())
    assert [agent.name for agent in hub.agents.values()] == ["room-3/chat", "room-3/old"]
    hub.go("it was ended", 200.0)
    assert [(a.state, a.gone_at) for a in hub.agents.values()] == [("gone", 200.0), ("gone", 5.0)]
    hub.take_presence(presence())
    assert not hub.gone
    assert hub.agents["chat"].connected


def test_events_get_numbers_and_names_of_here_and_echoes_stay_joined():
    hub = WatchedHub("room-3", from_start=False)
    theirs = [
        Event(50, 1.0, "sent", "chat", "A", "1"),
        Event(51, 1.0, "received", "chat", "A", "1", echo=50, round_trip=0.1),
        Event(52, 1.0, "fault", text="no agent"),
    ]
    found = hub.here(theirs, 7)
    assert [(e.seq, e.agent, e.echo) for e in found] == [
        (7, "room-3/chat", None),
        (8, "room-3/chat", 7),
        (9, "room-3", None),
    ]
    assert hub.number_here(50) == 7
    assert hub.number_here(51) is None


def test_sent_events_that_have_left_the_log_are_forgotten():
    hub = WatchedHub("room-3", from_start=False)
    hub.here([Event(seq, 1.0, "sent", "chat", "A") for seq in range(50, 60)], 7)
    hub.forget_before(10)
    assert [hub.number_here(seq) for seq in (52, 53)] == [None, 10]
    hub.forget_before(100)
    assert hub.number_here(59) is None


def test_what_is_missing_is_added_up_over_sessions():
    hub = WatchedHub("room-3", from_start=False)
    hub.take_presence(presence())
    hub.take_batch(batch(1, 2), events(1, 2))
    hub.take_batch(batch(5, 5), events(5, 5))
    hub.take_presence(presence("t"))
    hub.take_batch(batch(4, 4, "t"), events(4, 4))
    assert (hub.seen, hub.missing) == (4, 5)


def test_of_one_agent_alone_nothing_is_said_to_be_missing():
    hub = WatchedHub("room-3", from_start=False, counts=False)
    hub.take_batch(batch(1, 2), events(1, 2))
    hub.take_batch(batch(5, 5), events(5, 5))
    assert hub.missing == 0
