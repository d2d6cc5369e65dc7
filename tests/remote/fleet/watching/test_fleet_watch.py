"""What is wrong with the hubs of a broker is said."""

import pytest

from mdxdash.remote.fleet.messages import Presence, body
from mdxdash.remote.fleet.watching import hub_reception
from mdxdash.remote.fleet.watching.hub_reception import HUBS_MAX
from tests.support.fleet_scene import say_events, say_presence, watch


def test_what_is_missing_is_an_event_and_a_warning():
    here = watch()
    say_presence(here, "room-1", "chat")
    say_events(here, "room-1", "chat", 1, "a")
    say_presence(here, "room-1", "chat", published=8)
    assert here.reception.missing == 7
    assert [e.text for e in here.log if e.kind == "fault"] == ["7 events of hub room-1 are missing"]
    assert "7 events are missing of room-1" in here.warning


def test_a_hub_that_ends_or_is_lost_is_gone_and_comes_back():
    here = watch()
    say_presence(here, "room-1", "chat")
    say_presence(here, "room-1", "chat", state="lost")
    say_presence(here, "room-1", "chat", state="lost")
    assert [e.text for e in here.log] == [
        "hub room-1 is gone: its process is gone without a word; 1 agent is not seen any more"
    ]
    assert not here.hub.connected
    assert "gone: room-1" in here.warning
    say_presence(here, "room-1", "chat")
    assert here.hub.connected
    assert here.log[2].text == "hub room-1 is there again"


def test_more_hubs_than_may_be_are_not_shown():
    here = watch()
    for number in range(HUBS_MAX + 2):
        here.reception.take(body(Presence(f"room-{number}", "s", 1.8e9, 0)))
    assert len(here.hub.hubs) == HUBS_MAX
    assert here.reception.unreadable == 2
    assert "more than 10,000 hubs are not shown" in here.warning


def test_agents_of_all_hubs_are_bounded_and_come_back(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(hub_reception, "PRESENCE_BYTES", 3_000)
    here = watch()
    many = [f"agent-{number}" for number in range(10)]
    say_presence(here, "room-1", *many)
    say_presence(here, "room-2", *many)
    say_presence(here, "room-3", "chat")
    assert [len(hub.agents) for hub in here.hub.hubs.values()] == [10, 0, 1]
    assert "those of some hubs are not shown" in here.warning
    say_presence(here, "room-1", "chat")
    say_presence(here, "room-2", *many)
    assert [len(hub.agents) for hub in here.hub.hubs.values()] == [1, 10, 1]
    assert "not shown" not in here.warning
