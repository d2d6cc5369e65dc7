"""The list of hubs: gone through by keys, searched, and an agent's events from it."""

import time

import pytest
from textual.widgets import Input

from mdxdash.tui.screens.hubs import HubsScreen
from tests.support.apps import press
from tests.support.fleet_scene import say_events, say_presence, watch
from tests.tui.dashboard.test_fleet import SIZES, fleet_app, screen_text, until


@pytest.mark.parametrize("size", SIZES)
async def test_a_thousand_agents_are_gone_through_and_one_is_chosen(size: tuple[int, int]):
    here = watch()
    agents = ("chat", "lobby", "hall", "desk", "door")
    for number in range(200):
        say_presence(here, f"room-{number:03}", *agents, at=time.time())
    say_presence(here, "room-150", *agents, at=time.time(), state="lost")
    say_events(here, "room-199", "door", 1, "here it is")
    async with fleet_app(here, size) as (app, pilot):
        await press(pilot, "v")
        await until(pilot, "199 of 200 hubs  995 of 1,000 agents", lambda: screen_text(app))
        screen = app.screen
        assert isinstance(screen, HubsScreen)
        # The one that is gone stands first; all others are a row each.
        assert "room-150  gone for" in screen_text(app)
        assert screen.rows.row_count == 200
        for _ in range(20):
            await press(pilot, "pagedown")
        await until(pilot, "room-199", lambda: screen_text(app))
        await press(pilot, "enter")
        await until(pilot, "room-199/chat", lambda: screen_text(app))
        assert screen.rows.row_count == 205
        await press(pilot, *"door", "pagedown", "enter")
        await pilot.pause()
        assert not isinstance(app.screen, HubsScreen)
        assert app.dashboard.filter_bar.text.startswith("agent:room-")


async def test_what_is_typed_is_searched_and_the_events_are_shown():
    here = watch()
    say_presence(here, "room-1", "chat", "lobby", at=time.time())
    say_events(here, "room-1", "lobby", 1, "こんにちは")
    say_events(here, "room-1", "chat", 2, "other")
    async with fleet_app(here, (80, 24)) as (app, pilot):
        await press(pilot, "v")
        await press(pilot, *"lobby")
        assert app.screen.query_one(Input).value == "lobby"
        app.screen.query_one(Input).value = "nothing"
        await until(pilot, "no hub or agent has that in its name", lambda: screen_text(app))
        app.screen.query_one(Input).value = "lobby"
        await until(pilot, "room-1/lobby", lambda: screen_text(app))
        await press(pilot, "down", "enter")
        await pilot.pause()
        assert app.dashboard.filter_bar.text == "agent:room-1/lobby"
        await until(pilot, "こんにちは", lambda: screen_text(app))
        assert "other" not in screen_text(app)


async def test_a_row_stays_under_the_cursor_while_others_come():
    here = watch()
    for name in ("b", "d"):
        say_presence(here, name, "chat", at=time.time())
    async with fleet_app(here) as (app, pilot):
        await press(pilot, "v", "down")
        screen = app.screen
        assert isinstance(screen, HubsScreen)
        for name in ("a", "c"):
            say_presence(here, name, "chat", at=time.time())
        screen._draw()
        assert screen.rows.current is not None
        assert screen.rows.current.name == "d"
        await press(pilot, "escape")
        assert not isinstance(app.screen, HubsScreen)


@pytest.mark.parametrize("size", SIZES)
async def test_a_hub_an_agent_or_a_pattern_is_made_the_target(size: tuple[int, int]):
    here = watch()
    for name in ("room-1", "room-2", "lobby"):
        say_presence(here, name, "chat", "desk", at=time.time())
    async with fleet_app(here, size) as (app, pilot):
        for typed, target in (
            ("room-2", "room-2"),
            ("room-1/desk", "room-1/desk"),
            ("room-*/chat", "room-*/chat"),
        ):
            app.set_focus(None)
            await press(pilot, "v")
            await press(pilot, *typed.replace("/", "").replace("*", "").replace("-", ""))
            app.screen.query_one(Input).value = typed
            await pilot.pause()
            if "desk" in typed:
                await press(pilot, "down")
            await press(pilot, "ctrl+t")
            await until(pilot, f"Compose → {target}", lambda: screen_text(app))
            assert app.focused is app.dashboard.composer.input
            selected = [agent.name for agent in here.hub.targets(app.dashboard.composer.target)]
            assert len(selected) == (1 if "desk" in typed else 2)
            await press(pilot, "escape")
