"""The macros of all hubs: listed once by their names, fired and stopped where they are."""

from typing import Any

import pytest

from mdxdash.macros.running.control import NotFired
from mdxdash.remote.fleet.messages import MacroState
from mdxdash.remote.fleet.watching.fleet_hub import Order
from mdxdash.remote.fleet.watching.fleet_macros import FleetMacros
from mdxdash.remote.fleet.watching.fleet_runs import FleetRuns
from mdxdash.remote.fleet.watching.fleet_watch import FleetWatch
from mdxdash.remote.fleet.watching.plausible import MACROS_MAX
from mdxdash.remote.protocol import Run
from tests.support.fleet_scene import say_presence, say_runs, watch


def macros_of(here: FleetWatch, **options: Any) -> tuple[FleetMacros, list[Order]]:
    """The macros, and the orders that they give."""
    orders: list[Order] = []
    runs = FleetRuns(here.log)
    return FleetMacros(here.hub, runs, orders.append, **{"read_only": False, **options}), orders


def two_hubs() -> FleetWatch:
    here = watch()
    say_presence(here, "room-2", "chat", macros=("Greet", "wave"))
    states = {"Greet": MacroState(3, 1, running=True, refused="no model")}
    say_presence(here, "room-1", "chat", "lobby", macros=("Greet",), macro_states=states)
    return here


def test_each_name_stands_once_with_its_hubs():
    macros, _ = macros_of(two_hubs())
    assert [macro.name for macro in macros.macros] == ["Greet", "wave"]
    assert macros.macros is macros.macros
    greet, wave = macros.macros
    assert macros.hubs(greet) == {"room-1": 2, "room-2": 1}
    assert macros.hubs(wave) == {"room-2": 1}
    assert macros.for_key("1") is None


def test_what_hubs_say_of_a_macro_is_added_up():
    here = two_hubs()
    macros, _ = macros_of(here)
    greet, wave = macros.macros
    states = {"Greet": MacroState(4)}
    say_presence(here, "room-2", "chat", macros=("Greet", "wave"), macro_states=states)
    tally = macros.tally(greet)
    assert (tally.fired, tally.failed, tally.refused) == (7, 1, "no model")
    assert macros.is_running(greet)
    assert not macros.is_running(wave)


async def test_it_is_fired_at_hubs_that_are_there_and_have_it():
    here = two_hubs()
    macros, orders = macros_of(here)
    greet, wave = macros.macros
    assert (await macros.request_fire(greet)).outcome == "started"
    say_presence(here, "room-2", "chat", macros=("Greet", "wave"), state="lost")
    await macros.request_fire(greet)
    macros.trigger(wave)
    assert [(order.macro, list(order.agents)) for order in orders] == [
        ("Greet", ["room-1", "room-2"]),
        ("Greet", ["room-1"]),
    ]
    assert [macro.name for macro in macros.macros] == ["Greet"]


def test_it_is_stopped_where_it_runs():
    macros, orders = macros_of(two_hubs())
    greet, wave = macros.macros
    macros.stop(wave)
    macros.stop(greet)
    assert macros.stop_all() == 1
    assert [(order.stop_macro, list(order.agents)) for order in orders] == [
        ("Greet", ["room-1"])
    ] * 2


async def test_who_only_reads_fires_nothing():
    macros, orders = macros_of(two_hubs(), read_only=True)
    greet = macros.macros[0]
    macros.trigger(greet)
    macros.stop(greet)
    assert macros.stop_all() == 0
    with pytest.raises(NotFired, match="only reads"):
        await macros.request_fire(greet)
    assert not orders


def test_names_without_number_are_cut():
    here = watch()
    say_presence(here, "room-1", macros=tuple(f"macro {number}" for number in range(5000)))
    macros, _ = macros_of(here)
    assert len(macros.macros) == MACROS_MAX


def test_a_run_is_stopped_where_it_goes_on():
    here = two_hubs()
    orders: list[Order] = []
    here.macros._give = orders.append
    say_runs(here, "room-1", Run(7, "Greet", "chat", 1.8e9, 0.5))
    greet = here.macros.macros[0]
    (record,) = here.macros.active(greet)
    assert record.agent == "room-1/chat"
    here.macros.cancel(record)
    assert orders == [Order({"room-1": ()}, stop_macro="Greet", stop_run=7)]
