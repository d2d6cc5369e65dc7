"""What hubs say becomes one log, one hub, and what must be noticed."""

import time

import msgspec
import pytest

from mdxdash.remote.fleet.messages import Batch, Changes, Presence, body
from mdxdash.remote.fleet.watching import hub_reception
from mdxdash.remote.protocol import Changed
from tests.support.fleet_scene import say_events, say_presence, watch


def test_events_of_all_hubs_are_in_one_log():
    here = watch()
    say_presence(here, "room-1", "chat")
    say_presence(here, "room-2", "chat")
    say_events(here, "room-1", "chat", 1, "a", "b")
    say_events(here, "room-2", "chat", 1, "c")
    say_events(here, "room-1", "chat", 3, "d")
    assert [(e.seq, e.agent, e.args) for e in here.log] == [
        (1, "room-1/chat", "a"),
        (2, "room-1/chat", "b"),
        (3, "room-2/chat", "c"),
        (4, "room-1/chat", "d"),
    ]
    assert [agent.name for agent in here.hub.agents] == ["room-1/chat", "room-2/chat"]


def test_only_what_is_wanted_is_shown():
    here = watch(only="room-1/chat")
    say_presence(here, "room-1", "chat", "other")
    say_presence(here, "room-2", "chat")
    say_events(here, "room-1", "other", 1, "a")
    say_events(here, "room-2", "chat", 1, "b")
    say_events(here, "room-1", "chat", 2, "c")
    assert [e.args for e in here.log] == ["c"]
    assert list(here.hub.hubs) == ["room-1"]
    assert here.reception.missing == 0


def test_an_acknowledgement_finds_its_event():
    here = watch()
    say_presence(here, "room-1", "chat")
    say_events(here, "room-1", "chat", 5, "x")
    hub = here.hub.hubs["room-1"]
    assert hub.number_here(5) is None  # it was received, not sent
    lines = encoded_changes(Changed(5, 0.003))
    here.reception.take(body(Changes("room-1", "s"), lines))
    assert here.log[1].round_trip is None


def encoded_changes(*changes: Changed) -> bytes:
    return msgspec.json.Encoder().encode_lines(changes)


def test_what_is_of_nobody_is_counted_and_harms_nothing():
    here = watch()
    say_presence(here, "a")
    for data in (b"", b"x", b"[]", b"{}", b'{"is":"batch"}', body(Changes("a", "s"), b"x\n")):
        here.reception.take(data)
    assert here.reception.unreadable == 6
    assert not len(here.log)


@pytest.mark.parametrize(
    "data",
    [b"[" * 200_000, b'{"a":' * 200_000, b"\n" * 100_000, b" " * 5_000_000, b"\xff\xfe", b"null\n"],
)
def test_what_is_no_message_is_counted(data: bytes):
    here = watch()
    here.reception.take(data)
    assert (here.reception.unreadable, len(here.hub.hubs), len(here.log)) == (1, 0, 0)


def test_what_another_user_publishes_under_a_name_is_ignored_and_said():
    here = watch()

    def say(user: str, published: int, state: str = "here") -> None:
        head = Presence("room-1", "s", 1.8e9, published, state=state)
        here.reception.take(body(head), user, "room-1.%state")

    say("hub", 0)
    for number in (50, 60):
        say("stranger", number)
    assert (here.reception.unreadable, here.reception.missing) == (2, 0)
    (event,) = here.log
    text = "user stranger of the broker publishes under the name of hub room-1: ignored"
    assert (event.kind, event.text) == ("fault", text)
    # When it is gone, another one may have its name.
    say("hub", 0, state="left")
    say("stranger", 0)
    assert not here.hub.hubs["room-1"].gone


def test_a_routing_key_of_another_hub_is_no_message_of_it():
    here = watch()
    here.reception.take(body(Presence("room-1", "s", 1.8e9, 0)), "hub", "room-2.%state")
    assert (here.reception.unreadable, len(here.hub.hubs)) == (1, 0)


def test_what_is_read_of_the_past_tells_nothing_of_clocks():
    here = watch(since=600.0)
    here.reception.reads_history = True
    now = time.time()
    here.reception.take(body(Presence("room-1", "s", now - 500, 0)), "hub", "room-1.%state")
    assert here.hub.hubs["room-1"].clock.text == ""
    here.reception.take_clock(body(Presence("room-1", "s", now + 5, 0)), "hub", "room-1.%state")
    assert here.hub.hubs["room-1"].clock.text == "clock 5.0 s ahead"
    for data, user, key in (
        (body(Presence("room-1", "s", now + 99, 0)), "stranger", "room-1.%state"),
        (body(Presence("room-1", "s", now + 99, 0)), "hub", "room-2.%state"),
        (b"x", "hub", "room-1.%state"),
    ):
        here.reception.take_clock(data, user, key)
    assert here.hub.hubs["room-1"].clock.text == "clock 5.0 s ahead"


def test_a_hub_of_which_only_the_history_tells_is_gone(monkeypatch: pytest.MonkeyPatch):
    here = watch(since=60.0)
    here.reception.begin(reads_history=True)
    now = time.time()
    for name, ago in (("room-1", 15.0), ("room-2", 1.0), ("room-3", 15.0)):
        say_presence(here, name, "chat", at=now - ago)
    here.reception.take_clock(body(Presence("room-3", "s", now, 0)), "", "room-3.%state")
    here.reception.look()
    assert not [hub.name for hub in here.hub.hubs.values() if hub.gone]
    monkeypatch.setattr(hub_reception, "HEARD_WITHIN", 0.0)
    here.reception.look()
    assert [hub.name for hub in here.hub.hubs.values() if hub.gone] == ["room-1"]
    assert 14 < here.hub.hubs["room-1"].heard_ago < 20


def test_who_sends_what_is_no_batch_takes_no_name():
    here = watch()
    head = Batch("room-1", "s", "chat", 2, 1, 2)
    here.reception.take(body(head, b"x\n"), "stranger", "room-1.chat")
    assert (here.reception.unreadable, len(here.hub.hubs)) == (1, 0)
    here.reception.take(body(Presence("room-1", "s", 1.8e9, 0)), "hub", "room-1.%state")
    assert here.hub.hubs["room-1"].user == "hub"


def test_only_a_hub_that_comes_while_somebody_listens_has_begun_just_now(
    monkeypatch: pytest.MonkeyPatch,
):
    here = watch()
    now = time.monotonic()
    monkeypatch.setattr(hub_reception.time, "monotonic", lambda: now)
    here.reception.begin(reads_history=False)  # the broker has no exchange yet
    now += 60
    say_presence(here, "room-1", "chat", published=5)
    here.reception.begin(reads_history=False)
    here.reception.connected()
    now += 60
    say_presence(here, "room-2", "chat", published=5)
    assert [hub.missing for hub in here.hub.hubs.values()] == [0, 5]
