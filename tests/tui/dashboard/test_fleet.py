"""The dashboard on all hubs of a broker."""

import json
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.pilot import Pilot
from textual.widgets import Input

from mdxdash.events.encoding import json_lines
from mdxdash.events.event import Event
from mdxdash.hub.traffic.speech_state import SpeechState
from mdxdash.remote.fleet.messages import (
    Batch,
    MacroRuns,
    MacroState,
    Presence,
    body,
    lines_of,
)
from mdxdash.remote.fleet.watching.fleet_hub import Order
from mdxdash.remote.fleet.watching.fleet_watch import FleetWatch
from mdxdash.remote.protocol import CountsState, Run, StepState, UpstreamState
from mdxdash.tui.app import MdxdashApp
from mdxdash.tui.app_context import AppContext
from mdxdash.tui.dashboard.fleet import FleetScreen
from mdxdash.tui.panes.agents import speech_parts
from mdxdash.tui.screens.hubs import HubsScreen
from mdxdash.tui.widgets.events.event_row import RowSurroundings, event_lines
from mdxdash.tui.widgets.lists.hub_rows import hub_parts
from tests.support.apps import dashboard_app, loaded, press, screen_text
from tests.support.fleet_scene import say_events, say_presence, say_runs, watch
from tests.support.scripted_hub import agent_state

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


async def test_history_is_not_counted_as_of_this_second():
    here = watch(since=600.0)
    here.reception.begin(reads_history=True)
    async with fleet_app(here) as (app, pilot):
        now = time.time()
        say_presence(here, "room-1", "chat", at=now)
        say_events(here, "room-1", "chat", 1, *["昔"] * 50, at=now - 500)
        await pilot.pause(0.3)
        assert len(here.log) == 50
        assert max(app.dashboard._rates.per_second) == 0
        say_events(here, "room-1", "chat", 51, "今", at=time.time() - 51)
        await pilot.pause(0.3)
        assert sum(app.dashboard._rates.per_second) == 1


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
    here.problem = ""  # as with a connection
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


async def test_one_hub_that_says_nothing_is_named():
    here = watch(only="room-9")
    here._broker = object()  # type: ignore[assignment]
    async with fleet_app(here, (80, 24)) as (app, pilot):
        await until(
            pilot, "room-9 has said nothing at amqp://broker yet (--only)", lambda: screen_text(app)
        )


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


_SPEAKS = SpeechState("mei", "hello", 1.5, 3.5, 0.25, 0.5, 1, 2, 3)
_AGENT = agent_state(
    queued=3,
    counts=CountsState(1, 2, 3, 4, 5, 6, 7, (0.5,)),
    upstream=UpstreamState("ws://server", True, 3),
    speech=_SPEAKS,
)
PRESENCE = body(Presence("room-1", "s", 1.8e9, 9, 1, dropped=3, agents=(_AGENT,)))
_SENT = Event(1, 1.8e9, "sent", "chat", "A", "1", size=5, ticks=7, round_trip=0.25)
BATCH = body(Batch("room-1", "s", "chat", 1, 1, 1), json_lines([_SENT]))
RUNS = body(
    MacroRuns("room-1", "s"),
    lines_of([Run(7, "Greet", "chat", 1.8e9, 0.5, took=0.5, steps=(StepState("1", "x", 0.5),))]),
)


@settings(max_examples=60, deadline=None)
@given(
    number=st.one_of(
        st.integers(-(2**63), 2**64 - 1), st.floats(allow_nan=False, allow_infinity=False)
    ),
    at=st.integers(0, 40),
    kind=st.sampled_from(("presence", "batch", "runs")),
)
def test_any_number_leaves_a_dashboard_alive(number: float, at: int, kind: str):
    """Every number of what a hub sends, one after the other, becomes another one."""
    here = watch()
    say_presence(here, "room-1", "chat")
    data = {"presence": PRESENCE, "batch": BATCH, "runs": RUNS}[kind]
    places = [found.span() for found in re.finditer(rb"(?<=:)\d+(\.\d+)?", data)]
    begin, end = places[at % len(places)]
    here.reception.take(data[:begin] + json.dumps(number).encode() + data[end:])
    agents = here.hub.agents
    assert [len(agent.queue) for agent in agents]
    for agent in agents:
        if agent.speech is not None:
            assert len("".join(part.text for part in speech_parts(agent.speech))) < 500
    assert isinstance(here.warning, str)
    for hub in here.hub.hubs.values():
        assert len(hub_parts(hub)) < 50
    for event in here.log:
        assert event_lines(event, 80, RowSurroundings())


@pytest.mark.parametrize("size", SIZES)
async def test_a_key_that_needs_one_hub_says_so(size: tuple[int, int]) -> None:
    async with fleet_app(watch(), size) as (app, pilot):
        for key, what in (("d", "Speak"), ("V", "Say or play"), ("p", "Watches"), ("P", "Replay")):
            await press(pilot, key)
            assert any(
                each.message.startswith(f"{what} is for one hub") for each in app._notifications
            )
            assert len(app.screen_stack) == 1
