"""The rows of hubs and agents: those in trouble first, found by their names."""

import time
from typing import Any

import msgspec

from mdxdash.remote.fleet.watching.fleet_watch import FleetWatch
from mdxdash.remote.protocol import CountsState
from mdxdash.tui.widgets.lists.hub_rows import agent_parts, hub_parts, rows_of, summary_parts
from mdxdash.tui.widgets.lists.row_parts import RowPart
from tests.support.fleet_scene import say_events, say_presence, watch
from tests.support.scripted_hub import agent_state


def names(here: FleetWatch, search: str = "", *unfolded: str) -> list[str]:
    return [row.name for row in rows_of(here.hub.hubs.values(), search, unfolded)]


def text(parts: list[RowPart]) -> str:
    return "".join(part.text for part in parts).strip()


def say(here: FleetWatch, hub: str, *agents: str, **fields: Any) -> None:
    say_presence(here, hub, *agents, at=time.time(), **fields)


def three_hubs() -> FleetWatch:
    here = watch()
    for hub in ("room-1", "room-2", "room-3"):
        say(here, hub, "chat")
    say_events(here, "room-2", "chat", 1, "a")
    say(here, "room-2", "chat", published=4, dropped=2)
    say(here, "room-3", "chat", state="lost")
    return here


def test_trouble_comes_first_and_is_said():
    here = three_hubs()
    assert names(here) == ["room-3", "room-2", "room-1"]
    rows = [text(hub_parts(row.hub)) for row in rows_of(here.hub.hubs.values())]
    assert rows[0].startswith(
        "▸ ○ room-3  gone for 0 s: its process is gone without a word  0 of 1 agents"
    )
    assert rows[1].startswith(
        "▸ ● room-2  3 missing  2 of them dropped by the hub  1 of 1 agents  1 events"
    )
    assert rows[2].startswith("▸ ● room-1  1 of 1 agents  0 events")


def test_a_clock_that_differs_is_said_and_comes_before_the_calm():
    here = three_hubs()
    say_presence(here, "room-9", "chat", at=time.time() + 12)
    assert names(here)[2:] == ["room-9", "room-1"]
    row = text(hub_parts(here.hub.hubs["room-9"]))
    assert "room-9  clock 12.0 s ahead  1 of 1 agents" in row


def test_agents_in_trouble_are_there_and_calm_ones_are_folded_away():
    here = watch()
    say(here, "room-1", "chat")
    lost = msgspec.structs.replace(agent_state("lobby"), counts=CountsState(lost=3))
    gone = agent_state("hall", "gone")
    silent = agent_state("desk", "silent")
    say(here, "room-2", agents=(agent_state("chat"), lost, gone, silent))
    troubled = ["room-2/hall", "room-2/desk", "room-2/lobby"]
    assert names(here) == ["room-2", *troubled, "room-1"]
    assert names(here, "", "room-2") == ["room-2", *troubled, "room-2/chat", "room-1"]
    rows = [text(agent_parts(row.agent)) for row in rows_of(here.hub.hubs.values()) if row.agent]
    assert rows[0].startswith("○ room-2/hall  gone")
    assert rows[1].startswith("◌ room-2/desk  silent")
    assert rows[2].startswith("● room-2/lobby  3 no echo")


def test_hubs_and_agents_are_found_by_their_names():
    here = watch()
    say(here, "room-1", "chat", "lobby")
    say(here, "Room-2", "chat")
    assert names(here, " room-2 ") == ["Room-2"]
    assert names(here, "lobby") == ["room-1", "room-1/lobby"]
    assert names(here, "nothing") == []


def test_the_summary_counts_them_all():
    here = three_hubs()
    say_presence(here, "room-9", "chat", at=time.time() - 12)
    found = text(summary_parts(list(here.hub.hubs.values())))
    assert found == "3 of 4 hubs  3 of 4 agents  1 in trouble  3 missing  1 other clock"


def test_names_of_the_network_are_shown_inert():
    here = watch()
    say(here, "room-1", "a\x1b[2J\nb")
    (_, row) = rows_of(here.hub.hubs.values(), "", ["room-1"])
    assert row.agent is not None
    assert "room-1/a␛[2J␊b" in text(agent_parts(row.agent))


def test_a_pattern_is_searched_too():
    here = three_hubs()
    assert sorted(names(here, "room-[13]")) == ["room-1", "room-3"]
    assert "room-1/chat" in names(here, "*-1/ch*")
