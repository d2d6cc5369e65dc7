"""The dashboard on all hubs of a broker."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from mdxdash.remote.fleet.messages import MacroState
from mdxdash.remote.fleet.watching.fleet_hub import Order
from mdxdash.remote.fleet.watching.fleet_watch import FleetWatch
from mdxdash.remote.protocol import Run, StepState
from mdxdash.tui.app import MdxdashApp
from mdxdash.tui.app_context import AppContext
from mdxdash.tui.dashboard.fleet import FleetScreen
from mdxdash.tui.screens.hubs import HubsScreen
from tests.support.apps import dashboard_app, loaded, press, screen_text
from tests.support.fleet_scene import say_events, say_presence, say_runs, watch

SIZES = ((80, 24), (160, 45))


@asynccontextmanager
async def fleet_app(
    here: FleetWatch, size: tuple[int, int] = (160, 45)
) -> AsyncIterator[tuple[MdxdashApp, Pilot[None]]]:
    """The app, whose watch is fed by the test."""
    app = dashboard_app(AppContext(here.log, here.hub, None, here.macros), FleetScreen, watch=here)
    async with app.run_test(size=size) as pilot:
        await loaded(app, pilot)
        yield app, pilot


async def until(pilot: Pilot[None], wanted: str, text: "object") -> None:
    for _ in range(1000):
        if wanted in text():  # type: ignore[operator]
            return
        await pilot.pause(0.01)
    raise AssertionError(f"{wanted}: {text()}")  # type: ignore[operator]


@pytest.mark.parametrize("size", SIZES)
async def test_hubs_are_listed_with_their_agents(size: tuple[int, int]):
    here = watch()
    say_presence(here, "room-1", "chat")
    say_presence(here, "room-2", "chat")
    say_events(here, "room-1", "chat", 1, "こんにちは")
    say_presence(here, "room-2", "chat", state="lost")
    async with fleet_app(here, size) as (app, pilot):
        await until(pilot, "1 hub, 1 gone", lambda: str(app.dashboard.status.content))
        assert "broker not reached" in str(app.dashboard.status.content)
        await press(pilot, "v")
        await pilot.pause()
        assert isinstance(app.screen, HubsScreen)
        await until(pilot, "room-2  gone for", lambda: screen_text(app))
        app.screen.query_one(Input).value = "room-1/"
        await until(pilot, "room-1/chat", lambda: screen_text(app))
        assert "room-2  gone" not in screen_text(app)
        await press(pilot, "escape")
        assert not isinstance(app.screen, HubsScreen)


async def test_many_agents_are_asked_about_before_something_is_sent():
    here = watch()
    for number in range(6):
        say_presence(here, f"room-{number}", "chat")
    async with fleet_app(here) as (app, pilot):
        await press(pilot, "c")
        app.dashboard.composer.write(["HELLO|1"])
        await press(pilot, "enter")
        await until(pilot, "it goes to 6 agents of 6 hubs", lambda: screen_text(app))
        assert not len(here.log)


async def test_who_only_reads_has_no_line_to_write():
    here = watch(read_only=True)
    say_presence(here, "room-1", "chat")
    async with fleet_app(here) as (app, pilot):
        await until(pilot, "read-only", lambda: str(app.dashboard.status.content))
        await press(pilot, "c")
        assert not app.dashboard.composer.display
        assert not app.dashboard.macros_pane.display


@pytest.mark.parametrize("size", SIZES)
async def test_macros_are_fired_where_they_are(size: tuple[int, int]):
    here = watch()
    given: list[Order] = []
    here.macros._give = given.append
    states = {"Greet": MacroState(3, running=True)}
    say_presence(here, "room-1", "chat", macros=("Greet", "Wave"), macro_states=states)
    say_presence(here, "room-2", "chat", macros=("Greet",))
    async with fleet_app(here, size) as (app, pilot):
        await press(pilot, "m")
        await until(pilot, "Wave", lambda: screen_text(app))
        assert "room-1, room-2" in screen_text(app)
        await press(pilot, "end", "enter")
        assert [(order.macro, list(order.agents)) for order in given] == [("Wave", ["room-1"])]
        # Two hubs have this one: it asks where.
        await press(pilot, "home", "enter")
        await until(pilot, "Where is Greet fired?", lambda: screen_text(app))
        assert "all 2 hubs that have it" in screen_text(app)
        await press(pilot, "escape")
        assert len(given) == 1
        await press(pilot, "enter")
        await until(pilot, "Where is Greet fired?", lambda: screen_text(app))
        await press(pilot, "end", "enter")
        await pilot.pause()
        assert list(given[-1].agents) == ["room-1", "room-2"]
        await press(pilot, "x")
        assert (given[-1].stop_macro, list(given[-1].agents)) == ("Greet", ["room-1"])


@pytest.mark.parametrize("size", SIZES)
async def test_the_steps_of_a_run_at_another_hub_are_shown(size: tuple[int, int]):
    here = watch()
    given: list[Order] = []
    here.macros._give = given.append
    say_presence(here, "room-1", "chat", macros=("Greet",))
    say_runs(
        here,
        "room-1",
        Run(
            *(7, "Greet", "chat", 1.8e9, 0.5),
            steps=(StepState("1", "send A|1", 0.0, ended=0.1), StepState("2", "wait type:X", 0.1)),
        ),
    )
    async with fleet_app(here, size) as (app, pilot):
        await pilot.press("m")
        await until(pilot, "2 wait type:X", lambda: screen_text(app))
        await pilot.press("down", "x")
        assert (given[-1].stop_macro, given[-1].stop_run) == ("Greet", 7)
        failure = "step 2: wait type:X: nothing came"
        step = StepState("2", "wait type:X", 0.1, ended=0.4, note="nothing came")
        say_runs(
            here,
            "room-1",
            Run(
                *(7, "Greet", "chat", 1.8e9, 0.5, "failed", 0.4, failure),
                steps=(StepState("1", "send A|1", 0.0, ended=0.1), step),
            ),
        )
        await pilot.press("u")
        await until(pilot, "send A|1", lambda: screen_text(app))
        assert "failed" in screen_text(app)
        assert "room-1/chat" in screen_text(app)
        assert "nothing came" in screen_text(app)


async def test_long_names_leave_room_for_what_is_wrong():
    here = watch()
    long = "signage-tokyo-station-east-exit1"
    say_presence(here, long, "案内エージェント", macros=("あいさつとお辞儀",))
    say_presence(here, long, "案内エージェント", macros=("あいさつとお辞儀",), published=7)
    async with fleet_app(here, (80, 24)) as (app, pilot):
        await pilot.press("m")
        await until(pilot, "あいさつと…", lambda: screen_text(app))
        assert "signage-…st-exit1" in screen_text(app)
        assert "signage-…ジェント" in screen_text(app)
        await pilot.press("v")
        await until(pilot, "signage-tok…n-east-exit1  7 missing", lambda: screen_text(app))


async def test_a_macro_at_two_hundred_hubs_asks_and_can_be_chosen():
    here = watch()
    given: list[Order] = []
    here.macros._give = given.append
    for number in range(200):
        say_presence(here, f"room-{number:03}", "chat", macros=("Greet",))
    async with fleet_app(here, (80, 24)) as (app, pilot):
        await press(pilot, "m")
        await until(pilot, "200 hubs", lambda: screen_text(app))
        await press(pilot, "enter")
        await until(pilot, "room-000", lambda: screen_text(app))
        await press(pilot, "end")
        await until(pilot, "all 200 hubs that have it", lambda: screen_text(app))
        assert "Enter fires it there" in screen_text(app)
        assert "200 agents" in screen_text(app)
        await press(pilot, "enter")
        await pilot.pause()
        assert len(given[0].agents) == 200


@pytest.mark.parametrize("size", SIZES)
async def test_without_a_hub_it_asks_for_no_agent(size: tuple[int, int]):
    here = watch()
    async with fleet_app(here, size) as (app, pilot):
        await until(pilot, "broker not reached", lambda: str(app.dashboard.status.content))
        assert ".mdf" not in screen_text(app)
        here._broker = object()  # type: ignore[assignment]
        await until(
            pilot, "No hub has said anything at amqp://broker yet.", lambda: screen_text(app)
        )
