"""The list of hubs: those in trouble first, found by their name."""

from mdxdash.tui.screens.hubs import hub_lines
from tests.support.fleet_scene import say_events, say_presence, watch


def texts(here: "object", search: str = "") -> list[str]:
    hubs = list(here.hub.hubs.values())  # type: ignore[attr-defined]
    return [line.plain.strip() for line in hub_lines(hubs, search)]


def test_trouble_comes_first_and_is_said():
    here = watch()
    say_presence(here, "room-1", "chat")
    say_presence(here, "room-2", "chat")
    say_presence(here, "room-3", "chat")
    say_events(here, "room-2", "chat", 1, "a")
    say_presence(here, "room-2", "chat", published=4, dropped=2)
    say_presence(here, "room-3", "chat", state="lost")
    lines = texts(here)
    assert [line.split()[1] for line in lines] == [
        *("room-3", "room-3/chat", "room-2", "room-2/chat", "room-1", "room-1/chat")
    ]
    assert "gone for" in lines[0]
    assert "3 missing  2 of them dropped by the hub" in lines[2]
    assert "clock" in lines[4]


def test_hubs_and_agents_are_found_by_their_names():
    here = watch()
    say_presence(here, "room-1", "chat", "lobby")
    say_presence(here, "Room-2", "chat")
    assert [line.split()[1] for line in texts(here, " room-2 ")] == ["Room-2", "Room-2/chat"]
    assert [line.split()[1] for line in texts(here, "lobby")] == ["room-1", "room-1/lobby"]
    assert texts(here, "nothing") == []
