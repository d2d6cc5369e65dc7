"""Where a macro of several hubs is fired; `tui/dashboard/test_fleet.py` goes through the pane."""

from mdxdash.tui.panes.fleet_macros import hub_names, places


def test_all_hubs_come_last():
    assert places({"room-1": 1, "room-2": 5}) == [
        ("room-1", "1 agent", ["room-1"]),
        ("room-2", "5 agents", ["room-2"]),
        ("all 2 hubs that have it", "6 agents", ["room-1", "room-2"]),
    ]


def test_one_hub_with_many_agents_is_asked_about_alone():
    assert places({"room-1": 64}) == [("room-1", "64 agents", ["room-1"])]


def test_hubs_are_named_only_where_all_of_them_have_room():
    assert hub_names(["room-1", "room-2"], 17) == "room-1, room-2"
    assert hub_names(["room-1", "room-2"], 13) == "2 hubs"
    assert hub_names(["a", "b", "c", "d"], 17) == "4 hubs"


def test_the_name_of_one_hub_keeps_its_end():
    assert hub_names(["signage-tokyo-station-12"], 17) == "signage-…ation-12"
