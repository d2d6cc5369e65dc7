"""Routing keys: one word a name, whatever the name holds."""

from hypothesis import given, settings
from hypothesis import strategies as st

from mdxdash.remote.fleet.addressing import (
    NO_AGENT,
    STATE,
    event_key,
    place,
    state_key,
    watched_keys,
    word,
)


@settings(max_examples=50)
@given(st.text(min_size=1, max_size=300))
def test_every_name_is_one_word_that_fits(name: str):
    found = word(name)
    assert not set(found) & set(".*#")
    assert len(f"{word('h' * 32)}.{found}".encode("utf-8", "replace")) <= 255
    assert found not in (NO_AGENT, STATE)


def test_names_that_differ_have_words_that_differ():
    names = ["chat", "chat.1", "chat%2E1", "chat*", "x" * 300, "x" * 301]
    assert len(set(map(word, names))) == len(names)


def test_events_of_no_agent_and_states_are_no_agents():
    assert event_key("room-3", "chat#2") == "room-3.chat%232"
    assert event_key("room.3", "") == f"room%2E3.{NO_AGENT}"
    assert state_key("room-3") == f"room-3.{STATE}"


def test_the_broker_filters_by_hub_or_agent():
    assert watched_keys("") == ("#",)
    assert watched_keys("room-3") == ("room-3.#",)
    assert watched_keys("room-3/chat") == ("room-3.chat", "room-3.%state")


def test_names_are_sorted_by_their_numbers():
    names = ["room-10", "Room-2", "room-1", "2", "room", "room-1b"]
    assert sorted(names, key=place) == ["2", "room", "room-1", "room-1b", "Room-2", "room-10"]
